from datetime import date, timedelta
from typing import Any

import pytest

from simulators.house_table import seconds_of
from simulators.residents.day import Doing, Rooms, Whereabouts, draw_day, whereabouts_after
from simulators.residents.plan import HabitsPlan

THURSDAY, SATURDAY = date(2026, 1, 1), date(2026, 1, 3)
ROOMS = Rooms(bed="bedroom", bath="bath", dining="kitchen", kitchen="kitchen", television="living")
HABITS = {
    "wakes": "06:30",
    "sleeps": "22:30",
    "works": ["08:00", "17:00"],
    "showers": "06:40",
    "airs": "07:30",
    "cooks": ["18:30"],
    "meals": ["07:00", "19:10"],
    "watches": ["20:15", "22:00"],
    "spends": {"living": 3.0, "study": 1.0},
}


def _draw(day: date = THURSDAY, seed: object = 1, rooms: Rooms = ROOMS, **differently: Any) -> list[Doing]:
    return draw_day("anna", HabitsPlan.model_validate({**HABITS, **differently}), rooms, day, seed)


def _when(doings: list[Doing], verb: str) -> list[float]:
    return [doing.at_s for doing in doings if doing.words[0] == verb]


def test_a_day_can_be_drawn_again_and_is_like_no_other() -> None:
    assert _draw() == _draw()
    assert _draw() != _draw(seed=2)
    assert _draw() != _draw(THURSDAY + timedelta(days=7))


@pytest.mark.parametrize("days", range(14))
def test_every_day_is_in_order_and_ends_in_bed(days: int) -> None:
    doings = _draw(THURSDAY + timedelta(days=days))
    assert [it.at_s for it in doings] == sorted(it.at_s for it in doings)
    assert doings[-1].words == ("sleep", "anna")
    assert len(_when(doings, "wake")) == len(_when(doings, "sleep"))


def test_a_day_at_work_has_everything_at_about_its_time() -> None:
    doings = _draw()
    for verb, time in (("go_out", "08:00"), ("come_home", "17:00"), ("cook", "18:30"), ("watch", "20:15")):
        (at,) = _when(doings, verb)
        assert abs(at - seconds_of(time)) < 45 * 60, verb
    assert _when(doings, "go_out") != _when(_draw(THURSDAY + timedelta(days=1)), "go_out")


def test_nobody_does_anything_at_home_while_away() -> None:
    for days in range(14):
        doings = _draw(THURSDAY + timedelta(days=days))
        for left, back in zip(_when(doings, "go_out"), _when(doings, "come_home"), strict=True):
            assert [it.words[0] for it in doings if left < it.at_s < back] in ([], ["close"])


def test_a_weekend_has_no_work_and_what_it_has_instead() -> None:
    doings = _draw(SATURDAY, weekend={"wakes": "09:00", "out": [["14:00", "16:00"]], "out_chance": 1.0})
    assert abs(_when(doings, "wake")[-1] - seconds_of("09:00")) < 20 * 60
    (left,) = _when(doings, "go_out")
    assert abs(left - seconds_of("14:00")) < 20 * 60
    assert not _when(_draw(SATURDAY), "go_out")


def test_free_time_is_spent_where_it_is_liked() -> None:
    saturdays = [_draw(SATURDAY + timedelta(days=7 * week)) for week in range(30)]
    rooms = [it.words[2] for doings in saturdays for it in doings if it.words[0] == "walk"]
    assert set(rooms) == {"living", "study", "bath", "kitchen", "bedroom"}
    assert rooms.count("living") > 2 * rooms.count("study") > 0


def test_who_goes_to_bed_after_midnight_gets_up_before() -> None:
    doings = _draw(sleeps="00:45", varies=0.0, up_at_night=0.0)
    assert doings[-1].at_s == (24 * 60 + 45) * 60
    assert _when(doings, "wake")[0] < doings[-1].at_s


def test_errands_are_run_on_their_occasions_and_at_their_times() -> None:
    doings = _draw(
        does=[
            {"when": "leaves", "do": "press hall.keypad 1"},
            {"when": "wakes", "do": "walk study"},
            {"at": "19:00", "do": "set kitchen.coffee load=4", "chance": 0.0},
        ]
    )
    words = [it.words for it in doings]
    assert words.index(("press", "hall.keypad", "1")) == words.index(("go_out", "anna")) - 1
    assert ("walk", "anna", "study") in words
    assert ("set", "kitchen.coffee", "load=4") not in words


def test_what_has_no_room_is_not_done() -> None:
    doings = _draw(rooms=Rooms("bedroom", None, None, None, None), spends={})
    assert {it.words[0] for it in doings} <= {"wake", "walk", "open", "close", "go_out", "come_home", "sleep"}
    assert {it.words[2] for it in doings if it.words[0] == "walk"} == {"bedroom"}


def test_what_would_begin_much_too_late_is_left_out_and_a_little_late_is_put_off() -> None:
    assert not _when(_draw(cooks=["12:00"]), "cook")
    (shower,) = _when(_draw(showers="06:20", varies=0.0, up_at_night=0.0), "shower")
    assert seconds_of("06:30") < shower < seconds_of("06:45")


@pytest.mark.parametrize(
    ("hour", "there"),
    [
        (3, Whereabouts("bedroom", asleep=True)),
        (12, Whereabouts("outside", asleep=False)),
        (21, Whereabouts("living", asleep=False)),
        (23.5, Whereabouts("bedroom", asleep=True)),
    ],
)
def test_whoever_looks_in_the_middle_of_a_day_finds_people_where_it_has_led_them(
    hour: float, there: Whereabouts
) -> None:
    done = [it for it in _draw(up_at_night=0.0) if it.at_s <= hour * 3600]
    assert whereabouts_after(done, ROOMS, "outside", lambda: "hall") == there
