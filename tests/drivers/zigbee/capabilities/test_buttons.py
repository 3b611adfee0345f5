"""What remotes send when their buttons are pressed, byte for byte (ZCL8's commands; makers' own as captured), and which
button that is."""

import pytest

from drivers.zigbee.capabilities.table import bindings_of, capabilities_of
from drivers.zigbee.capabilities.translation import Pressed, Reading
from drivers.zigbee.node_record import NodeRecord
from hubagent.model.capabilities.switch import Press
from tests.drivers.zigbee.capabilities.nodes import (
    COLOR,
    COVERING,
    IAS_ACE,
    IAS_ZONE,
    LEVEL,
    MULTISTATE_INPUT,
    ON_OFF,
    SCENES,
    a_node,
    an_end_point,
    commanded,
    reported,
)

DIMMER_SWITCH, OCCUPANCY_SENSOR, ON_OFF_SENSOR, DIMMABLE_LIGHT = 0x0104, 0x0107, 0x0850, 0x0101
IKEA = "IKEA of Sweden"


def a_remote(
    *outputs: int, maker: str = "", model: str = "", inputs: tuple[int, ...] = (), device_type: int = DIMMER_SWITCH
) -> NodeRecord:
    end_point = an_end_point(*inputs, outputs=outputs, device_type=device_type)
    return a_node(end_point, maker=maker, model=model, mains=False, sleeps=True)


def pressed(record: NodeRecord, cluster: int, frame: str, endpoint: int = 1) -> list[tuple[int, str]]:
    said = commanded(record, cluster, frame, endpoint)
    return [(one.button, one.press.value) for one in said if isinstance(one, Pressed)]


@pytest.mark.parametrize(
    ("cluster", "frame", "button", "press"),
    [
        (ON_OFF, "01 01 01", 1, "single"),
        (ON_OFF, "01 01 00", 2, "single"),
        (ON_OFF, "01 01 02", 1, "single"),
        (ON_OFF, "01 01 40 00 00", 2, "single"),
        (ON_OFF, "01 01 41", 1, "single"),
        (LEVEL, "01 01 05 00 53", 1, "hold"),
        (LEVEL, "01 01 01 01 53", 2, "hold"),
        (LEVEL, "01 01 06 00 2b 0500", 3, "single"),
        (LEVEL, "01 01 02 01 2b 0500", 4, "single"),
        (LEVEL, "01 01 04 80 0500", 5, "single"),
        (COLOR, "01 01 4c 01 4500 0500 0000 0000 00 00", 6, "single"),
        (COLOR, "01 01 4c 03 4500 0500 0000 0000 00 00", 7, "single"),
        (COLOR, "01 01 4b 01 4500 0000 0000 00 00", 6, "hold"),
        (COLOR, "01 01 0a 7201 0500", 6, "single"),
        (COLOR, "01 01 01 01 10", 8, "hold"),
        (SCENES, "01 01 05 0100 03", 13, "single"),
        (COVERING, "01 01 00", 1, "single"),
        (COVERING, "01 01 01", 2, "single"),
        (COVERING, "01 01 02", 3, "single"),
        (IAS_ACE, "01 01 00 00 00 00", 1, "single"),
        (IAS_ACE, "01 01 00 03 00 00", 4, "single"),
        (IAS_ACE, "01 01 02", 5, "single"),
        (IAS_ACE, "01 01 04", 7, "single"),
    ],
)
def test_a_command_is_a_button(cluster: int, frame: str, button: int, press: str) -> None:
    remote = a_remote(ON_OFF, LEVEL, COLOR, SCENES, COVERING, IAS_ACE)
    assert pressed(remote, cluster, frame) == [(button, press)]
    assert capabilities_of(remote) == {0: ("switch",)}


def test_the_end_of_a_movement_is_the_release_of_the_button_that_began_it() -> None:
    remote = a_remote(ON_OFF, LEVEL, COLOR)
    assert pressed(remote, LEVEL, "01 01 07") == []
    assert pressed(remote, LEVEL, "01 02 01 01 53") == [(2, "hold")]
    assert pressed(remote, LEVEL, "01 03 03") == [(2, "release")]
    assert pressed(remote, LEVEL, "01 04 03") == []
    assert pressed(remote, COLOR, "01 05 4b 03 4500 0000 0000 00 00") == [(7, "hold")]
    assert pressed(remote, COLOR, "01 06 47 00 00") == [(7, "release")]


def test_a_hold_goes_on_for_as_long_as_a_lamp_may_move() -> None:
    (hold,) = commanded(a_remote(ON_OFF, LEVEL), LEVEL, "01 01 05 00 53")
    assert isinstance(hold, Pressed)
    assert hold.held_for_s > 5


def test_the_buttons_of_a_second_end_point_are_counted_on() -> None:
    remote = a_node(
        an_end_point(outputs=(ON_OFF, LEVEL), device_type=DIMMER_SWITCH),
        an_end_point(number=2, outputs=(ON_OFF,), device_type=DIMMER_SWITCH),
    )
    assert pressed(remote, ON_OFF, "01 01 01", endpoint=1) == [(1, "single")]
    assert pressed(remote, ON_OFF, "01 01 01", endpoint=2) == [(6, "single")]


def test_what_a_lamp_or_a_sensor_is_the_client_of_makes_no_remote_of_it() -> None:
    lamp = a_node(an_end_point(ON_OFF, LEVEL, outputs=(ON_OFF, SCENES), device_type=DIMMABLE_LIGHT))
    assert "switch" not in capabilities_of(lamp)[0]
    assert [binding.cluster for binding in bindings_of(lamp)] == [ON_OFF, LEVEL]
    for kind in (OCCUPANCY_SENSOR, ON_OFF_SENSOR):
        sensor = a_remote(ON_OFF, LEVEL, device_type=kind)
        assert capabilities_of(sensor) == {0: ()}
        assert pressed(sensor, ON_OFF, "01 01 01") == []


def test_a_wall_switch_with_a_relay_has_buttons_beside_it() -> None:
    switch = a_node(an_end_point(ON_OFF, outputs=(), device_type=0x0100), an_end_point(number=2, outputs=(ON_OFF,)))
    assert capabilities_of(switch) == {0: ("on_off", "switch")}


# IKEA


@pytest.mark.parametrize(
    ("cluster", "frame", "button", "press"),
    [
        (ON_OFF, "01 01 02", 1, "single"),
        (LEVEL, "01 01 06 00 2b 0500", 2, "single"),
        (LEVEL, "01 01 02 01 2b 0500", 3, "single"),
        (LEVEL, "01 01 05 00 53", 2, "hold"),
        (LEVEL, "01 01 01 01 53", 3, "hold"),
        # With IKEA's manufacturer code 0x117C: direction, step and two bytes.
        (SCENES, "05 7c11 01 07 01 01 0d00", 4, "single"),
        (SCENES, "05 7c11 01 07 00 01 0d00", 5, "single"),
        (SCENES, "05 7c11 01 08 01 0d00", 4, "hold"),
        (SCENES, "05 7c11 01 08 00 0d00", 5, "hold"),
    ],
)
def test_the_round_remote_has_five_buttons(cluster: int, frame: str, button: int, press: str) -> None:
    remote = a_remote(ON_OFF, LEVEL, SCENES, maker=IKEA, model="TRADFRI remote control")
    assert pressed(remote, cluster, frame) == [(button, press)]
    if press == "hold":
        release = "05 7c11 02 09 e803" if cluster == SCENES else "01 02 07"
        assert pressed(remote, cluster, release) == [(button, "release")]


def test_the_shortcut_buttons_of_two_firmwares_say_the_same() -> None:
    old = a_remote(ON_OFF, 0xFC7F, maker=IKEA, model="SYMFONISK sound remote gen2")
    assert pressed(old, 0xFC7F, "05 7c11 01 01 02 01") == [(2, "single")]
    assert pressed(old, 0xFC7F, "05 7c11 01 01 02 03") == [(2, "hold")]
    new = a_node(*(an_end_point(number=number, outputs=(0xFC80,)) for number in (1, 2)), maker=IKEA, model="SOMRIG")
    assert pressed(new, 0xFC80, "05 7c11 01 01 01", endpoint=2) == []
    assert pressed(new, 0xFC80, "05 7c11 01 03 01", endpoint=2) == [(2, "single")]
    assert pressed(new, 0xFC80, "05 7c11 01 02 01", endpoint=1) == [(1, "hold")]
    assert pressed(new, 0xFC80, "05 7c11 01 04 01", endpoint=1) == [(1, "release")]
    assert pressed(new, 0xFC80, "05 7c11 01 06 01 02", endpoint=1) == [(1, "double")]


def test_a_motion_sensor_that_switches_lamps_on_for_a_time_sees_somebody_for_that_time() -> None:
    sensor = a_remote(ON_OFF, LEVEL, maker=IKEA, model="TRADFRI motion sensor", device_type=ON_OFF_SENSOR)
    assert capabilities_of(sensor) == {0: ("occupancy_sensing",)}
    # On With Timed Off: control, on time 180 s in tenths, off wait time.
    assert commanded(sensor, ON_OFF, "01 01 42 00 0807 0000") == [
        Reading("occupancy_sensing", {"occupied": True}, 180.0, {"occupied": False})
    ]


# Philips


@pytest.mark.parametrize(
    ("notification", "expected"),
    [
        ("01 000030 00 21 00 00", []),
        ("01 000030 02 21 01 00", [(1, "single")]),
        ("03 000030 01 21 08 00", [(3, "hold")]),
        ("03 000030 03 21 10 00", [(3, "release")]),
    ],
)
def test_a_hue_remote_tells_short_and_long(notification: str, expected: list[tuple[int, str]]) -> None:
    remote = a_node(
        an_end_point(0xFC00, outputs=(ON_OFF, LEVEL)), maker="Signify Netherlands B.V.", model="RDM001", mains=False
    )
    assert capabilities_of(remote) == {0: ("switch",)}
    assert pressed(remote, 0xFC00, f"1d 0b10 01 00 {notification}") == expected
    # It commands lamps as well, and that is the same press once more.
    assert pressed(remote, ON_OFF, "01 02 01") == []


def test_the_number_of_philips_cluster_is_anybodys() -> None:
    lock = a_node(an_end_point(0x0101, 0xFC00), maker="Yunding", model="Ford")
    assert capabilities_of(lock) == {0: ("door_lock",)}


# Tuya, Xiaomi and others


def test_tuyas_remotes_speak_on_the_end_point_of_the_button() -> None:
    remote = a_node(
        *(an_end_point(number=number, outputs=(ON_OFF,)) for number in (1, 2, 3, 4)), maker="_TZ3000_x", model="TS0044"
    )
    assert pressed(remote, ON_OFF, "01 01 fd 00", endpoint=3) == [(3, "single")]
    assert pressed(remote, ON_OFF, "01 02 fd 01", endpoint=3) == [(3, "double")]
    assert pressed(remote, ON_OFF, "01 03 fd 02", endpoint=4) == [(4, "hold")]
    assert pressed(remote, ON_OFF, "01 04 fd 07", endpoint=4) == []
    assert pressed(remote, ON_OFF, "01 05 fc 00", endpoint=1) == [(2, "single")]


def test_xiaomis_remotes_report_values() -> None:
    remote = a_node(
        an_end_point(outputs=(ON_OFF,)),
        *(an_end_point(MULTISTATE_INPUT, number=number) for number in (2, 3)),
        maker="LUMI", model="lumi.remote.b286opcn01", mains=False, sleeps=True,
    )  # fmt: skip
    assert capabilities_of(remote) == {0: ("switch", "power_source")}
    for endpoint, value, press in ((1, 1, Press.SINGLE), (2, 2, Press.DOUBLE), (3, 3, Press.TRIPLE)):
        assert reported(remote, MULTISTATE_INPUT, f"5500 21 {value:02x}00", endpoint) == [Pressed(endpoint, press)]
    (hold,) = reported(remote, MULTISTATE_INPUT, "5500 21 0000", 2)
    assert isinstance(hold, Pressed)
    assert (hold.button, hold.press) == (2, Press.HOLD)
    assert reported(remote, MULTISTATE_INPUT, "5500 21 ff00", 2) == [Pressed(2, Press.RELEASE)]
    assert reported(remote, MULTISTATE_INPUT, "5500 21 7700", 2) == []
    assert bindings_of(remote) == ()


@pytest.mark.parametrize(("frame", "press"), [("01 01 02", "single"), ("01 01 01", "double"), ("01 01 00", "hold")])
def test_sonoffs_button_has_a_command_for_each_press(frame: str, press: str) -> None:
    assert pressed(a_remote(ON_OFF, maker="eWeLink", model="WB01"), ON_OFF, frame) == [(1, press)]


def test_a_button_may_be_a_zone() -> None:
    button = a_node(an_end_point(IAS_ZONE), maker="Samjin", model="button", mains=False)
    assert pressed(button, IAS_ZONE, "09 01 00 0100 00 00 0000") == [(1, "single")]
    assert pressed(button, IAS_ZONE, "09 01 00 0200 00 00 0000") == [(1, "double")]
    assert pressed(button, IAS_ZONE, "09 01 00 0300 00 00 0000") == [(1, "hold")]
    # A status that is read may be of long ago.
    assert not any(isinstance(said, Pressed) for said in reported(button, IAS_ZONE, "0200 19 0100"))


def test_a_remote_is_bound_by_the_clusters_that_it_commands_with() -> None:
    remote = a_remote(ON_OFF, LEVEL, SCENES)
    assert [(one.endpoint, one.cluster, one.reporting) for one in bindings_of(remote)] == [
        (1, ON_OFF, ()),
        (1, LEVEL, ()),
        (1, SCENES, ()),
    ]
