"""What surrounds a command: for one received, what it came in; for one sent, what to put it in.

The envelope of a received command, used for the answer to it, answers as asked: the end points change places, and what
came with a checksum is answered with one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Supervised:
    """A report on the command's outcome is asked for, under this number."""

    session: int
    """0-63."""
    status_updates: bool = False
    """More reports are welcome after the first, until the command is done."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The defaults are no layer at all."""

    endpoint: int = 0
    """The node's end point: the source of what is received, the destination of what is sent. 0 is the node itself."""
    own_endpoint: int = 0
    """Ours, for those who have any: the destination of what is received, the source of what is sent."""
    multi_instance: bool = False
    """Multi Channel in its version 1, which numbers instances of one command class and knows no end point of ours."""
    multicast: bool = False
    """Received only: it named several of our end points, and so is carried out but never answered."""
    supervision: Supervised | None = None
    crc16: bool = False


PLAIN = Envelope()
"""A command by itself."""
