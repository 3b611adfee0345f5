"""Which errors speak for themselves: a test's report shows its own line, and nothing of how we found out.

A module that says `__tracebackhide__ = speaks_for_itself` is left out of such reports (pytest, "Writing well integrated
assertion helpers"); everything else is shown as it is, for then the mistake may be ours.
"""

import sys
from typing import Final, Protocol

from hubagent.pairing import PairingBusy
from hubagent.rules.names import UnknownName
from hubagent.wishes import WishRefused
from simulators.world import CANNOT

_OURS: Final = "simulators.testing."
_NOT_THE_TESTS: Final = frozenset(("hubagent", "simulators", *sys.stdlib_module_names))
_OTHERS: Final = (*CANNOT, UnknownName, WishRefused, PairingBusy)


class BecauseOf(Exception):
    """One whose cause says why: where that is known, it is shown with all of its own trace."""


class Caught(Protocol):
    """pytest's ExceptionInfo, as far as it is needed."""

    @property
    def value(self) -> BaseException: ...


def cut_short(error: BaseException) -> None:
    """Where it speaks for itself, its trace ends at the test's own line: how we found out is none of its business."""
    if not _is_known(error):
        return
    last = None
    at = error.__traceback__
    while at is not None:
        if at.tb_frame.f_globals.get("__name__", "").partition(".")[0] not in _NOT_THE_TESTS:
            last = at
        at = at.tb_next
    if last is not None and last is not error.__traceback__:
        last.tb_next = None
        if not isinstance(error, BecauseOf):
            error.__cause__, error.__suppress_context__ = None, True


def speaks_for_itself(caught: Caught | None) -> bool:
    """None: nobody says which error it is about."""
    if caught is None:
        return False
    return _is_known(caught.value)


def _is_known(error: BaseException) -> bool:
    return type(error).__module__.startswith(_OURS) or isinstance(error, _OTHERS)
