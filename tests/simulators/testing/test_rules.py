import pytest

from simulators.testing.home import Home
from simulators.testing.home_run import RuleNeverRuns
from simulators.testing.rules import NoSuchRule
from tests.simulators.testing.a_home import in_a_home

LIGHT, DARK = "light for whoever is there", "dark when nobody is"


def test_rules_are_counted_from_when_the_test_began_through_every_life_of_the_hub() -> None:
    async def happens(home: Home) -> None:
        await home.at("07:30")
        assert list(home.rules) == [LIGHT, DARK]
        assert home.rules.never_fired == [LIGHT, DARK]
        home.resident("sam").enters("studio")
        await home.after("1s")
        await home.reboot()
        await home.after("2m")
        home.resident("sam").leaves()
        await home.after("1m")
        home.resident("sam").enters("studio")
        await home.after("1s")
        assert (home.rules[LIGHT].fired, home.rules[DARK].fired) == (2, 1)
        assert home.rules.fired == [LIGHT, DARK]
        assert home.rules[DARK].runs[0].by == "studio.motion.occupied = false"
        assert f"{home.rules[LIGHT].runs[0].at:%H:%M:%S.%f}" == "07:30:00.015000"

    in_a_home(happens)


def test_a_rule_that_cannot_run_here_says_why() -> None:
    rules = "[[rule]]\nname = 'x'\nwhen = 'bath.motion becomes occupied'\ndo = [{ set = 'studio.light', on = true }]\n"

    async def happens(home: Home) -> None:
        await home.begin()
        assert list(home.rules.waiting) == ["x"]
        assert "bath.motion" in home.rules.waiting["x"]
        assert home.rules.why("studio.light") == [f"'x' cannot run here: {home.rules.waiting['x']}"]

    with pytest.warns(RuleNeverRuns, match="'x' never runs"):
        in_a_home(happens, rules_text=rules)


def test_a_rule_is_run_by_hand_and_one_that_does_not_exist_is_an_error() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.rules.run(LIGHT)
        await home.expect("studio.light.on", within="1s")
        with pytest.raises(NoSuchRule, match=f"did you mean '{DARK}'"):
            home.rules["dark when nobdy is"].fired  # noqa: B018 - the look is what fails

    in_a_home(happens)


def test_what_a_rule_did_and_why_it_did_not_is_told_in_words() -> None:
    rules = """
        [[rule]]
        name = "at night"
        when = "studio.motion becomes occupied"
        if = "between('22:00', '06:00')"
        do = [{ set = "studio.light", on = true }]
    """

    async def happens(home: Home) -> None:
        await home.at("07:30")
        home.resident("sam").enters("studio")
        await home.at("22:30")
        home.resident("sam").leaves()
        await home.after("1m")
        home.resident("sam").enters("studio")
        await home.after("1s")
        told = home.rules.told("at night")
        assert "did not run: its condition did not hold" in told[0]
        assert "was set off by studio.motion.occupied = true" in told[1]
        assert "sent to studio.light: on = true" in told[2]
        assert len(told) == 3

    in_a_home(happens, rules_text=rules)


def test_a_rule_that_names_nobody_here_is_warned_of() -> None:
    """Else a test that something does not happen is green for ever."""

    async def happens(home: Home) -> None:
        await home.begin()
        await home.never("studio.light.on", for_="10m")

    rules = """
[[rule]]
name = "light"
when = "studio.moton becomes occupied"
do = [{ set = "studio.light", on = true }]
[[rule]]
name = "another"
when = "studio.motion becomes occupied"
do = [{ set = "studio.light", on = true }]
"""
    with pytest.warns(RuleNeverRuns) as caught:
        in_a_home(happens, rules_text=rules)
    (warning,) = caught
    assert str(warning.message) == (
        "rules.toml:4: rule 'light' never runs in this home:"
        " there is no device 'studio.moton'; did you mean 'studio.motion'?"
    )


@pytest.mark.parametrize(
    ("when", "do", "why"),
    [
        ("studio.motion becomes occupied", '{ set = "studio.light", level = 20 }', "studio.light"),
        ("studio.motion becomes open", '{ set = "studio.light", on = true }', "occupied is true or false, not 'open'"),
        ("studio.light button 1 single", '{ set = "studio.light", on = true }', "studio.light has no buttons"),
    ],
)
def test_a_rule_that_wants_what_no_device_here_can_do_is_warned_of(when: str, do: str, why: str) -> None:
    async def happens(home: Home) -> None:
        await home.begin()

    with pytest.warns(RuleNeverRuns, match=f"rule 'x' never runs in this home: {why}"):
        in_a_home(happens, rules_text=f'[[rule]]\nname = "x"\nwhen = "{when}"\ndo = [{do}]\n')


def test_a_rule_that_sets_a_device_by_a_scene_is_one_of_those_that_set_it() -> None:
    rules = """
        [[scene]]
        name = "film"
        set = [{ device = "studio.light", on = true }]
        [[rule]]
        name = "film"
        when = "studio.door becomes open"
        do = [{ scene = "film" }]
    """

    async def happens(home: Home) -> None:
        await home.begin()
        assert home.rules.why("studio.light") == ["'film' was not set off"]

    in_a_home(happens, rules_text=rules)
