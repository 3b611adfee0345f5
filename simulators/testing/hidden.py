"""Which errors speak for themselves: a test's report shows its own line, and nothing of how we found out.

A module that says `__tracebackhide__ = speaks_for_itself` is left out of such reports (pytest, "Writing well integrated
assertion helpers"); everything else is shown as it is, for then the mistake may be ours.
"""

from typing import Final, Protocol

from hubagent.pairing import PairingBusy
from hubagent.rules.names import UnknownName
from hubagent.wishes import WishRefused
from simulators.world import CANNOT

_OURS: Final = "simulators.testing."
_OTHERS: Final = (*CANNOT, UnknownName, WishRefused, PairingBusy)


class Caught(Protocol):
    """pytest's ExceptionInfo, as far as it is needed."""

    @property
    def value(self) -> BaseException: ...


def speaks_for_itself(caught: Caught | None) -> bool:
    """None: nobody says which error it is about."""
    if caught is None:
        return False
    return type(caught.value).__module__.startswith(_OURS) or isinstance(caught.value, _OTHERS)
