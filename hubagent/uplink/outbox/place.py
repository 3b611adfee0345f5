"""Where a message lies in the table of its class: its epoch and number as one integer.

Later messages have greater places, so SQLite appends them to the table's last page (its rowid is the place). With a
key in three columns it would split pages in the middle, and write twice as many.
"""

from typing import Final

_SEQ_BITS: Final = 33
SEQ_MAX: Final = 2**_SEQ_BITS - 1
"""Five years of fifty messages a second without a new epoch."""
EPOCH_MAX: Final = 2**30 - 1
"""With the number's bits, SQLite's 63 of a positive integer."""


def place_of(epoch: int, seq: int) -> int:
    return epoch << _SEQ_BITS | seq


def epoch_of(place: int) -> int:
    return place >> _SEQ_BITS


def seq_of(place: int) -> int:
    return place & SEQ_MAX
