"""Level Control and Color Control (ZCL8, 3.10 and 5.2)."""

import asyncio

import pytest

from drivers.zigbee.zcl.cluster import ClusterCommand
from drivers.zigbee.zcl.clusters.color_control import (
    COLOR_CONTROL,
    Direction,
    EnhancedMoveHue,
    EnhancedMoveToHue,
    EnhancedMoveToHueAndSaturation,
    EnhancedStepHue,
    HueDirection,
    MoveColor,
    MoveColorTemperature,
    MoveHue,
    MoveSaturation,
    MoveToColor,
    MoveToColorTemperature,
    MoveToHue,
    MoveToHueAndSaturation,
    MoveToSaturation,
    StepColor,
    StepColorTemperature,
    StepHue,
    StepSaturation,
    StopMoveStep,
)
from drivers.zigbee.zcl.clusters.groups import AddGroup
from drivers.zigbee.zcl.clusters.level_control import (
    LEVEL_CONTROL,
    Move,
    MoveToLevel,
    MoveToLevelWithOnOff,
    MoveWithOnOff,
    Step,
    StepWithOnOff,
    Stop,
    StopWithOnOff,
)
from drivers.zigbee.zcl.clusters.level_control import Direction as Way
from drivers.zigbee.zcl.clusters.on_off import ON_OFF, Off, On
from drivers.zigbee.zcl.clusters.scenes import RecallScene, StoreScene
from drivers.zigbee.zcl.foundation import DefaultResponse
from drivers.zigbee.zcl.status import ZclStatus
from simulators.devices.dimmer import BLUE, COLD_WHITE, GREEN, RED, WARM_WHITE, ColorLamp, Dimmer
from simulators.zigbee.colors import hue_of_rgb, rgb_of_hue, rgb_of_xy, xy_of_kelvin, xy_of_rgb
from simulators.zigbee.lamp_color import COLDEST_MIREDS, WARMEST_MIREDS, XY_MAX
from tests.simulators.zigbee.on_air import OnAir, on_air

OK = ZclStatus.SUCCESS


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _dimmer(level: float = 100.0) -> tuple[Dimmer, OnAir]:
    dimmer = Dimmer(_loop(), ramp_s=0)
    dimmer.go_to(level)
    return dimmer, on_air(dimmer)


def _level(air: OnAir) -> object:
    return air.read(LEVEL_CONTROL, "current_level")


# --- Level Control


async def test_a_level_is_reached_in_the_time_it_was_given() -> None:
    """ZCL8, 3.10.2.3.1, and RemainingTime."""
    dimmer, air = _dimmer()
    assert air.command(MoveToLevel(54, 40)) == DefaultResponse(0, OK)
    await asyncio.sleep(1)
    assert _level(air) == 204
    assert air.read(LEVEL_CONTROL, "remaining_time") == 30
    await asyncio.sleep(4)
    assert _level(air) == 54
    assert air.read(LEVEL_CONTROL, "remaining_time") == 0
    assert dimmer.on


async def test_without_a_time_a_level_takes_the_devices_own() -> None:
    """ZCL8, 3.10.2.3.1: 0xFFFF, OnOffTransitionTime."""
    _, air = _dimmer()
    air.write(LEVEL_CONTROL, "on_off_transition_time", 20)
    air.command(MoveToLevel(1))
    await asyncio.sleep(1)
    assert _level(air) == 128


async def test_without_on_off_the_lowest_level_is_still_on() -> None:
    """ZCL8, 3.10.2.3.1.2."""
    dimmer, air = _dimmer()
    air.command(MoveToLevel(0, 0))
    assert dimmer.on
    assert _level(air) == 1


async def test_with_on_off_a_level_switches_and_the_lowest_one_switches_off() -> None:
    """ZCL8, 3.10.2.3.5."""
    dimmer, air = _dimmer(0)
    air.command(MoveToLevelWithOnOff(127, 10))
    assert air.read(ON_OFF, "on_off") is True
    await asyncio.sleep(2)
    assert _level(air) == 127
    air.command(MoveToLevelWithOnOff(0, 10))
    await asyncio.sleep(2)
    assert not dimmer.on
    assert air.read(ON_OFF, "on_off") is False


async def test_a_lamp_that_fades_out_is_on_until_it_is_dark() -> None:
    """ZCL8, 3.10.2.3.5."""
    for fades_out in (MoveToLevelWithOnOff(0, 100), MoveWithOnOff(Way.DOWN, 25), StepWithOnOff(Way.DOWN, 254, 100)):
        dimmer, air = _dimmer()
        air.command(fades_out)
        await asyncio.sleep(5)
        assert air.read(ON_OFF, "on_off") is True
        assert _level(air) == pytest.approx(127, abs=3)
        await asyncio.sleep(6)
        assert air.read(ON_OFF, "on_off") is False
        assert _level(air) == 254
        # A hand that turns it off does so at once.
        dimmer.go_to(100, 0)
        dimmer.go_to(0, 10)
        assert air.read(ON_OFF, "on_off") is False


async def test_a_lamp_that_fades_out_is_turned_on_and_off_at_once() -> None:
    for command, on, level in ((On(), True, 100), (Off(), False, 0), (MoveToLevelWithOnOff(127, 0), True, 50)):
        dimmer, air = _dimmer()
        air.command(MoveToLevelWithOnOff(0, 100))
        await asyncio.sleep(5)
        air.command(command)
        assert air.read(ON_OFF, "on_off") is on
        await asyncio.sleep(10)
        assert air.read(ON_OFF, "on_off") is on
        assert round(dimmer.level) == level


async def test_while_off_the_level_is_the_one_it_will_come_back_to() -> None:
    """ZCL8, 3.10.2.1.1, the effect of On/Off commands on CurrentLevel."""
    _, air = _dimmer(50)
    air.command(Off())
    assert _level(air) == 127
    air.command(On())
    assert _level(air) == 127
    air.write(LEVEL_CONTROL, "on_level", 200)
    air.command(Off())
    air.command(On())
    assert _level(air) == 200


async def test_on_and_off_take_the_transition_times_that_were_written() -> None:
    """ZCL8, 3.10, OnTransitionTime and OffTransitionTime."""
    dimmer, air = _dimmer(100)
    air.write(LEVEL_CONTROL, "off_transition_time", 40)
    air.write(LEVEL_CONTROL, "on_transition_time", 10)
    air.command(Off())
    await asyncio.sleep(2)
    assert round(dimmer.level) == 50
    await asyncio.sleep(3)
    air.command(On())
    await asyncio.sleep(0.5)
    assert round(dimmer.level) == 50


async def test_a_level_moves_until_it_is_stopped() -> None:
    """ZCL8, 3.10.2.3.2 and 3.10.2.3.4: the rate is levels a second."""
    _, air = _dimmer()
    air.command(Move(Way.DOWN, 50))
    await asyncio.sleep(2)
    assert air.command(Stop()) == DefaultResponse(3, OK)
    assert _level(air) == 154
    await asyncio.sleep(5)
    assert _level(air) == 154
    air.command(Move(Way.DOWN, 0xFF))
    await asyncio.sleep(100)
    assert _level(air) == 1
    assert air.command(Move(7, 50)) == DefaultResponse(1, ZclStatus.INVALID_FIELD)


async def test_with_on_off_a_move_up_begins_in_the_dark_and_one_down_ends_there() -> None:
    """ZCL8, 3.10.2.3.5."""
    dimmer, air = _dimmer(0)
    air.command(MoveWithOnOff(Way.DOWN, 50))
    assert not dimmer.on
    air.command(MoveWithOnOff(Way.UP, 50))
    assert air.read(ON_OFF, "on_off") is True
    await asyncio.sleep(2)
    air.command(StopWithOnOff())
    assert _level(air) == 100
    air.command(MoveWithOnOff(Way.DOWN, 100))
    await asyncio.sleep(2)
    assert not dimmer.on


async def test_a_step_goes_as_far_as_it_can_and_takes_as_much_less_time() -> None:
    """ZCL8, 3.10.2.3.3."""
    _, air = _dimmer()
    air.command(Step(Way.DOWN, 54, 0))
    assert _level(air) == 200
    air.command(Step(Way.UP, 108, 20))
    await asyncio.sleep(1.05)
    assert _level(air) == 254
    assert air.read(LEVEL_CONTROL, "remaining_time") == 0
    assert air.command(Step(9, 1, 0)) == DefaultResponse(2, ZclStatus.INVALID_FIELD)


async def test_with_on_off_a_step_switches() -> None:
    """ZCL8, 3.10.2.3.5."""
    dimmer, air = _dimmer(0)
    air.command(StepWithOnOff(Way.DOWN, 50, 0))
    assert not dimmer.on
    air.command(StepWithOnOff(Way.UP, 50, 0))
    assert dimmer.on
    assert _level(air) == 51
    air.command(StepWithOnOff(Way.DOWN, 200, 0))
    assert not dimmer.on


@pytest.mark.parametrize(
    "command", [MoveToLevel(10, 0), Move(Way.DOWN, 50), Step(Way.DOWN, 50, 0)], ids=lambda it: type(it).__name__
)
async def test_what_is_off_hears_no_commands_without_on_off(command: ClusterCommand) -> None:
    """ZCL8, 3.10.2.2.8.1: unless ExecuteIfOff is set."""
    _, air = _dimmer(100)
    air.command(Off())
    assert air.command(command) == DefaultResponse(command.COMMAND, OK)
    assert _level(air) == 254
    air.write(LEVEL_CONTROL, "options", 1)
    air.command(command)
    assert _level(air) != 254
    assert air.read(ON_OFF, "on_off") is False


async def test_the_start_up_level_is_there_after_a_power_cut() -> None:
    """ZCL8, 3.10, StartUpCurrentLevel."""
    _, air = _dimmer(100)
    air.write(LEVEL_CONTROL, "start_up_current_level", 77)
    air.node.power_returned()
    assert _level(air) == 77


# --- Color Control


def _lamp() -> tuple[ColorLamp, OnAir]:
    lamp = ColorLamp(_loop(), ramp_s=0)
    lamp.go_to(100)
    return lamp, on_air(lamp)


def _mixed(lamp: ColorLamp) -> dict[str, int]:
    return {name: round(lamp.component(name).value) for name in (RED, GREEN, BLUE, WARM_WHITE, COLD_WHITE)}


def _says(air: OnAir, *names: str) -> list[object]:
    return [air.read(COLOR_CONTROL, name) for name in names]


async def test_a_lamp_begins_in_its_warmest_white() -> None:
    """ZCL8, 5.2, ColorCapabilities and the physical limits."""
    _, air = _lamp()
    assert _says(air, "color_mode", "color_temperature", "color_capabilities") == [2, WARMEST_MIREDS, 0x1B]
    limits = _says(air, "color_temperature_physical_min", "color_temperature_physical_max")
    assert limits == [COLDEST_MIREDS, WARMEST_MIREDS]


async def test_hue_and_saturation_mix_red_green_and_blue() -> None:
    """ZCL8, 5.2, Move to Hue and Saturation."""
    lamp, air = _lamp()
    assert air.command(MoveToHueAndSaturation(85, 254, 0)) == DefaultResponse(6, OK)
    assert _says(air, "current_hue", "current_saturation", "color_mode") == [85, 254, 0]
    assert _mixed(lamp) == {RED: 2, GREEN: 255, BLUE: 0, WARM_WHITE: 0, COLD_WHITE: 0}
    air.command(MoveToSaturation(0, 0))
    assert _mixed(lamp) == {RED: 255, GREEN: 255, BLUE: 255, WARM_WHITE: 0, COLD_WHITE: 0}


async def test_a_colour_is_on_its_way_for_as_long_as_it_was_told() -> None:
    """ZCL8, 5.2, Move to Hue and RemainingTime."""
    lamp, air = _lamp()
    air.command(MoveToHueAndSaturation(0, 254, 0))
    air.command(MoveToHue(40, HueDirection.UP, 20))
    await asyncio.sleep(1)
    assert _says(air, "current_hue", "remaining_time") == [20, 10]
    await asyncio.sleep(2)
    assert _says(air, "current_hue", "remaining_time") == [40, 0]
    assert _mixed(lamp)[GREEN] == round(255 * 40 * 256 * 6 / 65536)


@pytest.mark.parametrize(
    ("direction", "halfway"),
    [
        (HueDirection.UP, 75),
        (HueDirection.DOWN, 203),
        (HueDirection.SHORTEST, 75),
        (HueDirection.LONGEST, 203),
    ],
)
async def test_hue_goes_round_the_way_it_was_told(direction: HueDirection, halfway: int) -> None:
    """ZCL8, 5.2, Move to Hue: the direction."""
    _, air = _lamp()
    air.command(MoveToHueAndSaturation(50, 254, 0))
    air.command(MoveToHue(100, direction, 20))
    await asyncio.sleep(1)
    assert _says(air, "current_hue") == [halfway]
    await asyncio.sleep(1.1)
    assert _says(air, "current_hue") == [100]


async def test_hue_moves_round_and_round_until_it_is_stopped() -> None:
    """ZCL8, 5.2, Move Hue and Stop Move Step."""
    _, air = _lamp()
    air.command(MoveToHueAndSaturation(250, 254, 0))
    air.command(MoveHue(Direction.UP, 10))
    await asyncio.sleep(2)
    air.command(StopMoveStep())
    assert _says(air, "current_hue") == [14]
    await asyncio.sleep(5)
    assert _says(air, "current_hue") == [14]
    air.command(MoveHue(Direction.DOWN, 10))
    await asyncio.sleep(1)
    air.command(MoveHue(Direction.STOP, 0))
    assert _says(air, "current_hue") == [4]
    assert air.command(MoveHue(Direction.UP, 0)) == DefaultResponse(1, ZclStatus.INVALID_FIELD)


async def test_hue_and_saturation_step_and_move() -> None:
    """ZCL8, 5.2, Step Hue, Step and Move Saturation."""
    _, air = _lamp()
    air.command(MoveToHueAndSaturation(100, 100, 0))
    air.command(StepHue(Direction.UP, 20, 0))
    air.command(StepSaturation(Direction.DOWN, 30, 0))
    assert _says(air, "current_hue", "current_saturation") == [120, 70]
    air.command(MoveSaturation(Direction.UP, 50))
    await asyncio.sleep(2)
    air.command(MoveSaturation(Direction.STOP, 0))
    assert _says(air, "current_saturation") == [170]
    assert air.command(StepSaturation(0x07, 1, 0)) == DefaultResponse(5, ZclStatus.INVALID_FIELD)


async def test_enhanced_hue_has_sixteen_bits() -> None:
    """ZCL8, 5.2, the enhanced commands."""
    _, air = _lamp()
    air.command(EnhancedMoveToHueAndSaturation(0x1234, 254, 0))
    assert _says(air, "enhanced_current_hue", "current_hue", "enhanced_color_mode", "color_mode") == [
        0x1234,
        0x12,
        3,
        0,
    ]
    air.command(EnhancedMoveToHue(0x2000, HueDirection.SHORTEST, 0))
    air.command(EnhancedStepHue(Direction.DOWN, 0x0100, 0))
    assert _says(air, "enhanced_current_hue") == [0x1F00]
    air.command(EnhancedMoveHue(Direction.UP, 0x100))
    await asyncio.sleep(1)
    air.command(StopMoveStep())
    assert _says(air, "enhanced_current_hue") == [0x2000]


async def test_x_and_y_are_mixed_and_hue_follows() -> None:
    """ZCL8, 5.2, Move to Color."""
    lamp, air = _lamp()
    red = (round(0.64 * 65536), round(0.33 * 65536))
    air.command(MoveToColor(*red, 0))
    assert _says(air, "current_x", "current_y", "color_mode") == [*red, 1]
    mixed = _mixed(lamp)
    assert (mixed[RED], mixed[WARM_WHITE]) == (255, 0)
    assert max(mixed[GREEN], mixed[BLUE]) < 5
    assert air.read(COLOR_CONTROL, "current_saturation") in range(250, 255)
    assert air.command(MoveToColor(0xFFFF, 1, 0)) == DefaultResponse(7, ZclStatus.INVALID_VALUE)


async def test_x_and_y_step_and_move_within_their_bounds() -> None:
    """ZCL8, 5.2, Step and Move Color."""
    _, air = _lamp()
    air.command(MoveToColor(20_000, 20_000, 0))
    air.command(StepColor(1000, -1000, 0))
    assert _says(air, "current_x", "current_y") == [21_000, 19_000]
    air.command(MoveColor(500, 0))
    await asyncio.sleep(2)
    air.command(MoveColor(0, 0))
    assert _says(air, "current_x", "current_y") == [22_000, 19_000]
    air.command(StepColor(32_000, -32_000, 0))
    air.command(StepColor(32_000, 0, 0))
    assert _says(air, "current_x", "current_y") == [XY_MAX, 0]


async def test_a_colour_temperature_mixes_warm_and_cold() -> None:
    """ZCL8, 5.2, Move to Color Temperature: clamped to what the lamp can."""
    lamp, air = _lamp()
    air.command(MoveToColorTemperature(COLDEST_MIREDS, 0))
    assert _mixed(lamp) == {RED: 0, GREEN: 0, BLUE: 0, WARM_WHITE: 0, COLD_WHITE: 255}
    assert _says(air, "color_temperature", "color_mode") == [COLDEST_MIREDS, 2]
    air.command(MoveToColorTemperature(1000, 10))
    await asyncio.sleep(2)
    assert _mixed(lamp)[WARM_WHITE] == 255
    assert _says(air, "color_temperature") == [WARMEST_MIREDS]


async def test_a_colour_temperature_steps_and_moves_within_the_limits_given() -> None:
    """ZCL8, 5.2, Step and Move Color Temperature."""
    _, air = _lamp()
    air.command(StepColorTemperature(Direction.DOWN, 100, 0, 0, 0))
    assert _says(air, "color_temperature") == [WARMEST_MIREDS - 100]
    air.command(StepColorTemperature(Direction.DOWN, 300, 0, 300, 400))
    assert _says(air, "color_temperature") == [300]
    air.command(MoveColorTemperature(Direction.UP, 10, 0, 320))
    await asyncio.sleep(1)
    assert _says(air, "color_temperature") == [310]
    await asyncio.sleep(3)
    assert _says(air, "color_temperature") == [320]
    air.command(MoveColorTemperature(Direction.DOWN, 10, 0, 0))
    await asyncio.sleep(1)
    air.command(MoveColorTemperature(Direction.STOP, 0, 0, 0))
    await asyncio.sleep(1)
    assert _says(air, "color_temperature") == [310]
    assert air.command(MoveColorTemperature(Direction.UP, 0, 0, 0)) == DefaultResponse(0x4B, ZclStatus.INVALID_FIELD)


async def test_a_lamp_that_is_off_takes_a_colour_only_if_the_options_say_so() -> None:
    """ZCL8, 5.2, Options."""
    _, air = _lamp()
    air.command(Off())
    assert air.command(MoveToColorTemperature(200, 0)) == DefaultResponse(0x0A, OK)
    assert _says(air, "color_temperature") == [WARMEST_MIREDS]
    air.command(MoveToColorTemperature(200, 0, 1, 1))
    assert _says(air, "color_temperature") == [200]


async def test_changing_colours_are_reported_to_whom_is_bound() -> None:
    _, air = _lamp()
    air.bind(COLOR_CONTROL.id)
    air.command(MoveToColorTemperature(254, 20))
    await asyncio.sleep(4)
    told = [it["color_temperature"] for it in air.reports(COLOR_CONTROL) if "color_temperature" in it]
    assert told[-1] == 254
    assert len(told) > 1


@pytest.mark.parametrize(
    "command",
    [MoveToColorTemperature(300, 0), MoveToColor(30_000, 20_000, 0), MoveToHueAndSaturation(80, 200, 0)],
    ids=lambda it: type(it).__name__,
)
async def test_a_scene_brings_back_the_colour_in_the_mode_that_it_had(command: ClusterCommand) -> None:
    """ZCL8, 5.2 (the scene table extensions)."""
    lamp, air = _lamp()
    air.command(AddGroup(1))
    air.command(command)
    before, mode = _mixed(lamp), air.read(COLOR_CONTROL, "color_mode")
    air.command(StoreScene(1, 1))
    air.command(MoveToHueAndSaturation(5, 50, 0))
    air.command(Off())
    air.command(RecallScene(1, 1))
    await asyncio.sleep(1)
    assert lamp.on
    assert _mixed(lamp) == before
    assert air.read(COLOR_CONTROL, "color_mode") == mode


async def test_the_start_up_colour_is_there_after_a_power_cut() -> None:
    """ZCL8, 5.2, StartUpColorTemperatureMireds."""
    _, air = _lamp()
    air.write(COLOR_CONTROL, "start_up_color_temperature", 250)
    air.node.power_returned()
    assert _says(air, "color_temperature") == [250]


def test_colours_go_there_and_back() -> None:
    for hue in (0.0, 0.1, 0.35, 0.5, 0.72, 0.95):
        for saturation in (0.3, 1.0):
            rgb = rgb_of_hue(hue, saturation)
            assert hue_of_rgb(rgb) == pytest.approx((hue, saturation))
            assert rgb_of_xy(xy_of_rgb(rgb)) == pytest.approx(rgb, abs=0.01)


@pytest.mark.parametrize(
    ("kelvin", "x", "y"),
    [(2222, 0.503, 0.4152), (2856, 0.4476, 0.4075), (4000, 0.3805, 0.3768), (6500, 0.3135, 0.3237)],
)
def test_white_lies_on_the_planckian_locus(kelvin: float, x: float, y: float) -> None:
    """CIE 015: illuminant A is 2856 K at 0.4476, 0.4075."""
    assert xy_of_kelvin(kelvin) == pytest.approx((x, y), abs=0.002)
