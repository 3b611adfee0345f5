"""The zone of a home, and of a machine that says it in one of its ways."""

import pytest

from hubagent.rules.where import Where, machine_zone, zone_named


@pytest.mark.parametrize(
    "text",
    [
        "Europe/Amsterdam",
        ":Europe/Amsterdam",
        " Europe/Amsterdam\n",
        "/usr/share/zoneinfo/Europe/Amsterdam",
        "../usr/share/zoneinfo/Europe/Amsterdam",
        "/usr/share/zoneinfo/posix/Europe/Amsterdam",
        "/usr/share/zoneinfo/right/Europe/Amsterdam",
        "/var/db/timezone/zoneinfo/Europe/Amsterdam",
    ],
)
def test_a_machine_says_its_zone_with_tz_or_with_a_link(text: str) -> None:
    assert machine_zone(text).key == "Europe/Amsterdam"


@pytest.mark.parametrize("text", [None, "", " ", ":"])
def test_a_machine_that_says_nothing_is_at_utc(text: str | None) -> None:
    assert machine_zone(text).key == "UTC"


@pytest.mark.parametrize(
    "text",
    [
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "../../etc/passwd",
        "/etc/passwd",
        "Europe",
        "Europe/",
        "Europe/Amsterdam\0",
        "zone.tab",
        "tzdata.zi",
        "x" * 5000,
        "/usr/share/zoneinfo/../../../etc/passwd",
    ],
)
def test_what_names_no_zone_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="there is no time zone"):
        machine_zone(text)


def test_a_zone_that_was_probably_meant_is_named() -> None:
    with pytest.raises(ValueError, match="was Europe/Amsterdam meant"):
        zone_named("Europe/Amsterdan")


def test_the_second_trees_of_a_machine_are_not_for_files() -> None:
    for name in ("right/Europe/Amsterdam", "posix/Europe/Amsterdam"):
        with pytest.raises(ValueError, match="there is no time zone"):
            zone_named(name)


def test_a_home_that_says_nothing_has_utc_and_no_place() -> None:
    assert Where().local(0.0).isoformat() == "1970-01-01T00:00:00+00:00"
    assert Where().sun_elevation(0.0) is None
