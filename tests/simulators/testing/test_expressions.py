import pytest

from simulators.testing.expressions import BadExpectation
from simulators.testing.home import Home
from tests.simulators.testing.a_home import in_a_home


def test_an_attribute_a_word_and_a_comparison_say_the_same() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home["studio.light"].switch_on()
        assert home.truth("studio.light.on") is True
        assert home.truth("studio.light is on") is True
        assert home.truth("studio.light") is True
        assert home.truth("studio.light.off") is False
        assert home.truth("not studio.light.off and studio.door.closed") is True

    in_a_home(happens)


def test_truth_hub_and_cloud_may_be_of_different_opinion() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.cloud.cut()
        home.zwave.unplug()
        home["studio.light"].switch_on()
        await home.after("1s")
        assert home.truth("studio.light.on") is True
        assert home.hub.believes("studio.light.on") is False
        home.zwave.plug()
        await home.expect("studio.light.on", within="30s", of="hub")
        assert home.cloud.believes("studio.light.on") is False
        home.cloud.restore()
        await home.expect("studio.light.on", within="3m", of="cloud")

    in_a_home(happens)


def test_what_nobody_knows_is_unknown_and_holds_nothing() -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        home.hub.cut_power(None)
        assert home.hub.believes("studio.light.on") is None
        assert home.hub.believes("studio.light.on is unknown") is True
        assert home.truth("home.mode is unknown") is True

    in_a_home(happens)


def test_modes_variables_and_the_sun_are_part_of_the_language() -> None:
    async def happens(home: Home) -> None:
        await home.at("13:00")
        assert home.truth("home.mode == 'home' and var.visits == 0 and sun.up and time < '14:00'") is True
        home.hub.set_mode("night")
        home.hub.set_variable("visits", 3)
        assert home.truth("home.mode == 'night' and var.visits == 3") is True

    in_a_home(happens, "flat", rooms=[])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("studio.lihgt.on", "did you mean 'studio.light'"),
        ("studio.light.level == 3", "has no 'level'"),
        ("studio.light on", "expected|more|end"),
        ("studio.light.on and", "expected|end|missing"),
        ("studio.door.leak", "nobody can see 'leak' of studio.door"),
        ("sun.up and studio.light.on", "where the home is"),
        ("studio.door.battery", "true or false"),
    ],
)
def test_a_text_that_means_nothing_here_is_an_error_with_its_place(text: str, what: str) -> None:
    async def happens(home: Home) -> None:
        await home.begin()
        with pytest.raises(BadExpectation, match=what):
            await home.expect(text)

    in_a_home(happens)
