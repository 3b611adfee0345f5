"""Faults that a test did not ask for: drawn by its seed, or written down by somebody, and struck while it runs.

They begin with the test's first moment. Which of them a test must bear is for whoever writes it: what is expected
within half a second cannot be expected of a stick that is pulled out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulators.chaos.calendar import DATES
from simulators.chaos.fault import BadFault, Fault, parse_fault
from simulators.chaos.plan import draw
from simulators.chaos.scenario import Scenario
from simulators.chaos.table import FAULTS, NoSuchKind, names_of, targets_in
from simulators.fault_kind import BadOption
from simulators.site.site import Site
from simulators.testing.hidden import speaks_for_itself

__tracebackhide__ = speaks_for_itself

ALL: Final = "all"
NONE: Final = "none"
USUAL_S: Final = 600.0
_DATES: Final = frozenset(f"clock.{date}" for date in DATES)
"""A test says itself at which date it begins."""


class BadFaults(ValueError):
    """Words that name no faults; says which there are."""


@dataclass(frozen=True, slots=True)
class WantedFaults:
    """`names` are those to draw from, for the first `seconds` of the test; or just the `given` ones."""

    names: tuple[str, ...] = ()
    given: tuple[Fault, ...] = ()
    seconds: float = USUAL_S

    def __bool__(self) -> bool:
        return bool(self.names or self.given)


def wanted_faults(words: str, given: Sequence[str] = (), seconds: float = USUAL_S) -> WantedFaults:
    """`all`, `none`, or names, families and numbers of faults with commas between. Raises BadFaults."""
    try:
        faults = tuple(parse_fault(word, number) for number, word in enumerate(given))
        for fault in faults:
            if fault.name not in FAULTS:
                raise BadFaults(f"there is no fault {fault.name!r}; there are {', '.join(FAULTS)}")
            FAULTS[fault.name].complete(fault.options)
        if faults or words.strip() == NONE:
            return WantedFaults(given=faults)
        names = tuple(FAULTS) if words.strip() == ALL else names_of(word.strip() for word in words.split(","))
    except (BadFault, BadOption, NoSuchKind) as error:
        raise BadFaults(str(error)) from error
    return WantedFaults(tuple(name for name in names if name not in _DATES), seconds=seconds)


def plan_of(wanted: WantedFaults, site: Site, seed: int) -> tuple[Fault, ...]:
    """The same for the same seed, as long as the home has the same devices. Raises BadFaults for one of those that are
    given and cannot strike anything here."""
    targets = targets_in(site) if wanted else {}
    for fault in wanted.given:
        there = targets.get(fault.name, ())
        if fault.target not in there:
            known = ", ".join(there) or "nothing here"
            raise BadFaults(f"{fault}: it does not strike {fault.target!r}, but {known}")
    if wanted.given or not wanted:
        return wanted.given
    return draw(Scenario(seed=seed, seconds=wanted.seconds), targets, wanted.names)
