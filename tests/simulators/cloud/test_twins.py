"""The twin is what the hub said, and says when it is not sure to have heard all of it."""

import pytest

from hubagent.uplink.message.down import WISHES_MAX, Ack, Desired
from hubagent.uplink.message.fields import MalformedMessage
from simulators.cloud.bounds import Bounds
from simulators.cloud.twins import shows
from tests.simulators.cloud.a_cloud import HUB, LAMP, ACloud, hello, lamp, reported


def names(cloud: ACloud) -> list[str]:
    return [it["id"] for it in cloud.consumer.devices(HUB)]


def ready(bounds: Bounds | None = None) -> ACloud:
    cloud = ACloud(bounds=bounds)
    cloud.welcome()
    cloud.hear(reported(1, 0, {"zwave-2": LAMP, "zwave-3": {**LAMP, "id": "zwave-3"}}))
    cloud.run()
    assert cloud.ack().reported == 1
    return cloud


def test_a_device_that_is_gone_is_gone() -> None:
    cloud = ready()
    cloud.hear(reported(2, 1, {"zwave-3": None}))
    assert names(cloud) == ["zwave-2"]
    assert cloud.shown("devices")[-1] == {"version": 2, "anew": False, "devices": {"zwave-3": None}}


def test_a_report_that_does_not_follow_changes_nothing_and_is_asked_for_again() -> None:
    cloud = ready()
    cloud.hear(reported(5, 4, {"zwave-2": lamp(on=True)}))
    cloud.run()
    assert cloud.ack().reported == 1
    assert cloud.consumer.devices(HUB)[0] == LAMP


def test_a_report_that_came_before_changes_nothing() -> None:
    cloud = ready()
    cloud.hear(reported(2, 1, {"zwave-2": lamp(on=True)}))
    cloud.hear(reported(3, 2, {"zwave-2": lamp(on=False)}))
    cloud.hear(reported(2, 1, {"zwave-2": lamp(on=True)}))
    assert cloud.consumer.devices(HUB)[0] == LAMP


def test_a_report_from_the_beginning_forgets_what_was_there() -> None:
    cloud = ready()
    cloud.hear(reported(9, 0, {"zwave-2": lamp(on=True)}))
    assert names(cloud) == ["zwave-2"]
    assert cloud.shown("devices")[-1]["devices"] == {"zwave-2": lamp(on=True), "zwave-3": None}


def test_the_welcome_says_which_version_is_here() -> None:
    cloud = ready()
    assert cloud.welcome(hello(boot=2)).reported == 1
    assert cloud.welcome(hello(incarnation=b"incarn-2")).reported == 0


def test_a_report_is_acknowledged_after_the_commit() -> None:
    cloud = ready()
    cloud.hear(reported(2, 1, {}))
    assert cloud.said() == []
    cloud.run()
    (ack,) = cloud.said()
    assert isinstance(ack, Ack)
    assert ack.reported == 2


def test_a_hub_has_a_bounded_number_of_devices() -> None:
    cloud = ready(Bounds(devices_max=3))
    cloud.hear(reported(2, 1, {f"more-{number}": LAMP for number in range(5)}))
    assert len(names(cloud)) == 3
    cloud.hear(reported(3, 2, {"zwave-2": lamp(on=True)}))
    assert shows(cloud.consumer.devices(HUB)[1], {"on": True})


def test_each_wish_takes_the_place_of_the_one_before() -> None:
    cloud = ready()
    cloud.consumer.desire(HUB, {"zwave-2": {"on": True}}, now=cloud.now)
    cloud.run()
    cloud.consumer.desire(HUB, {"zwave-3": {"on": True}}, now=cloud.now)
    cloud.run()
    assert cloud.said() == [
        Desired(HUB, 1, {"zwave-2": {"on": True}}),
        Desired(HUB, 2, {"zwave-3": {"on": True}}),
    ]


def test_a_cloud_that_lost_its_wishes_goes_on_after_what_the_hub_took_up() -> None:
    cloud = ready()
    cloud.welcome(hello(desired=7))
    assert cloud.consumer.desire(HUB, {"zwave-2": {"on": True}}, now=cloud.now) == 8


def test_wishes_that_no_hub_could_read_are_not_kept() -> None:
    cloud = ready()
    with pytest.raises(MalformedMessage):
        cloud.consumer.desire(HUB, {str(number): {"on": True} for number in range(WISHES_MAX + 1)}, now=cloud.now)
    assert cloud.consumer.hub(HUB).desired == 0


@pytest.mark.parametrize(
    ("view", "wanted", "right"),
    [
        (lamp(on=True), {"on": True}, True),
        (lamp(on=True), {"on_off.on": True}, True),
        (lamp(on=True), {"on": False}, False),
        (lamp(on=True), {"on": True, "level": 40}, False),
        ({"capabilities": None}, {"on": True}, False),
        ({"capabilities": {"on_off": 3}}, {"on": True}, False),
        ({}, {"on": True}, False),
    ],
)
def test_what_a_view_shows(view: dict[str, object], wanted: dict[str, bool], right: bool) -> None:
    assert shows(view, wanted) is right
