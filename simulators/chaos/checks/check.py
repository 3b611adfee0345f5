"""One invariant: listens while a site runs, and says at the end what was not so.

    checks = [kind(site) for kind in CHECKS]
    for check in checks: check.begin()       # a healthy site, settled
    ...                                      # faults begin and end
    for check in checks: check.healed()      # the last one has ended, and the hub is up
    ...                                      # until each `is_done`: patience_s(checks) at most
    problems = [it for check in checks for it in check.end()]

A check changes nothing: it draws from no random stream of the site, starts no task, and puts nothing on the loop that
anybody else could notice. So a run with checks is the same run as one without, byte for byte.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from simulators.chaos.fault import Fault
from simulators.site.site import Site

PROBLEMS_MAX: Final = 20
"""Of one check in one run: who broke it once may have broken it a thousand times."""


class Check:
    """`name` is what people type to have only this one."""

    name: ClassVar[str]
    patience_s: float = 0.0
    """So long after `healed` all has to be well; longer where a home has slow devices."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.problems: list[str] = []
        """What was seen already; `end` adds what only then can be said."""

    def begin(self) -> None:
        """Install the listeners. The site is settled, and nothing is wrong in it."""

    def struck(self, fault: Fault) -> None:
        """It has just begun; one that is over at once is not told of by `ended`."""

    def ended(self, fault: Fault) -> None:
        """It has just been ended, by its plan."""

    def healed(self) -> None:
        """Every fault has ended, and the hub runs; from now on all has to become well."""

    def is_done(self, waited_s: float) -> bool:
        """So long after `healed`: there is nothing more to wait for, so that `end` may be asked.

        One that sees that all is well says so before its time; a patient run asks it only then.
        """
        return waited_s >= self.patience_s

    def end(self) -> list[str]:
        """What is wrong, in words, each with device, time and values; at most PROBLEMS_MAX."""
        return self.told(())

    def close(self) -> None:
        """Take away what reaches beyond the site. Called once, however the run ends, and whether or not `end` was."""

    def told(self, more: Iterable[str]) -> list[str]:
        """What was seen already, and these; no more than people read."""
        found = [*self.problems, *more]
        return found if len(found) <= PROBLEMS_MAX else [*found[: PROBLEMS_MAX - 1], "and more like it"]

    def saw(self, problem: str) -> None:
        """One more; the list is bounded, however long the run."""
        if len(self.problems) <= PROBLEMS_MAX:
            self.problems.append(problem)


def patience_s(checks: Iterable[Check]) -> float:
    """How long after `healed` the last of them has to be asked."""
    return max((check.patience_s for check in checks), default=0.0)
