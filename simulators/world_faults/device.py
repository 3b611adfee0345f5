"""What goes wrong with one device."""

from collections.abc import Iterator

from simulators.fault_kind import Ends, Heal, Options, Target, nothing_to_heal
from simulators.world_faults.stacked import Stacked
from simulators.world_faults.struck import Struck, WorldFault, with_radio


def device_faults() -> Iterator[WorldFault]:
    yield WorldFault(
        name="device.dead",
        numbers=(19,),
        about="it has no power; what it keeps without is there when the power returns",
        target=Target.DEVICE,
        ends=Ends.HEALED,
        strike=_dead,
        targets=with_radio,
    )
    yield WorldFault(
        name="device.alive",
        numbers=(),
        about="it has its power back",
        target=Target.DEVICE,
        ends=Ends.AT_ONCE,
        strike=_alive,
        targets=with_radio,
    )


def power_of(struck: Struck, device: str) -> Stacked[bool]:
    """Whether it has any."""
    dongle = struck.devices[device].dongle
    assert dongle is not None

    def write(powered: bool) -> None:
        (dongle.restore_power if powered else dongle.cut_power)(device)

    return struck.setting(f"{device} power", lambda: dongle.has_power(device), write)


def _dead(struck: Struck, device: str, _: Options) -> Heal:
    return power_of(struck, device).put(False)


def _alive(struck: Struck, device: str, _: Options) -> Heal:
    power_of(struck, device).settle(True)
    return nothing_to_heal
