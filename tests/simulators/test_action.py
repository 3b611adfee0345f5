import pytest

from simulators.action import Action, BadAction, parse_action, parse_value


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("walk alex hall", Action("walk", resident="alex", room="hall")),
        ("press hall.light", Action("press", device="hall.light")),
        ("press desk.remote 2 double", Action("press", device="desk.remote", button="2", gesture="double")),
        ("set hall.door open=true", Action("set", device="hall.door", settings={"open": True})),
        ("join hall.light", Action("join", device="hall.light")),
        ("sleep anna", Action("sleep", resident="anna")),
        ("cook anna 20", Action("cook", resident="anna", minutes=20.0)),
        ("watch anna", Action("watch", resident="anna")),
        ("open hall outside", Action("open", room="hall", other="outside")),
        ("close hall window", Action("close", room="hall", other="window")),
        ("weather temperature=-8 clouds=auto", Action("weather", settings={"temperature": -8, "clouds": "auto"})),
        ("fault unplug seconds=2.5", Action("fault", fault="unplug", settings={"seconds": 2.5})),
        ("fault dead hall.light", Action("fault", fault="dead", settings={"target": "hall.light"})),
        ("fault loss zigbee rate=0.5", Action("fault", fault="loss", settings={"target": "zigbee", "rate": 0.5})),
        ("heal", Action("heal")),
        ("heal device.dead hall.light", Action("heal", fault="device.dead", other="hall.light")),
    ],
)
def test_words_are_read_as_an_action(words: str, action: Action) -> None:
    assert parse_action(words.split()) == action


@pytest.mark.parametrize(
    "words",
    ["", "dance", "walk alex", "press", "set hall.door", "set hall.door open", "join", "sleep", "open hall", "weather"],
)
def test_words_that_are_no_action_are_refused_with_how_it_is_written(words: str) -> None:
    with pytest.raises(BadAction, match=r"it is written|there is|NAME=VALUE"):
        parse_action(words.split())


def test_values_are_booleans_numbers_or_words() -> None:
    assert [parse_value(text) for text in ("true", "false", "3", "2.5", "heat")] == [True, False, 3, 2.5, "heat"]
    assert [parse_value(text) for text in ("0", "0123", "0.5")] == [0, "0123", 0.5]
    assert [parse_value(text) for text in ("nan", "-inf", "1e999")] == ["nan", "-inf", "1e999"]
    assert parse_value("9" * 400) == "9" * 400


@pytest.mark.parametrize("minutes", ["0", "-3", "nan", "inf", "1e9", "soon", "true"])
def test_how_long_something_takes_is_a_sensible_number_of_minutes(minutes: str) -> None:
    with pytest.raises(BadAction, match="no number of minutes"):
        parse_action(["cook", "anna", minutes])
