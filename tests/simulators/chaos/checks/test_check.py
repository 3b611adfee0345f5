"""What all checks share: they say no more than people read."""

from simulators.chaos.checks.check import PROBLEMS_MAX, Check, patience_s
from tests.helpers.a_site import a_site


class _Loud(Check):
    name = "loud"
    patience_s = 7.0


async def test_a_thousand_problems_are_told_as_some_and_how_many_more() -> None:
    async with a_site(still=True) as site:
        check = _Loud(site)
        for number in range(1000):
            check.saw(f"problem {number}")
        found = check.told(f"at the end {number}" for number in range(5))
        assert len(found) == PROBLEMS_MAX
        assert found[0] == "problem 0"
        assert found[-1] == "and more like it"
        assert check.end() == found


async def test_who_waits_for_several_checks_waits_for_the_slowest() -> None:
    async with a_site(still=True) as site:
        assert patience_s([Check(site), _Loud(site)]) == 7.0
        assert patience_s([]) == 0.0
