"""What goes wrong on the air of a radio."""

from collections.abc import Iterator
from functools import partial

from simulators.fault_kind import Ends, Heal, Number, Options, Target, number
from simulators.world_faults.struck import Struck, WorldFault, radios


def air_faults() -> Iterator[WorldFault]:
    yield WorldFault(
        name="air.loss",
        numbers=(12,),
        about="transmissions are lost; each is tried a few times",
        target=Target.AIR,
        ends=Ends.HEALED,
        strike=partial(_set, "loss", "rate"),
        targets=radios,
        options={"rate": Number("of one attempt", "chance", 0, 1, 0.3, drawn=(0.02, 0.6))},
    )
    yield WorldFault(
        name="air.frame_s",
        numbers=(),
        about="how long one frame takes on the air",
        target=Target.AIR,
        ends=Ends.HEALED,
        strike=partial(_set, "frame_s", "seconds"),
        targets=radios,
        options={"seconds": Number("a frame with its acknowledgement", "s", 0, 10, 0.015)},
    )


def _set(name: str, option: str, struck: Struck, radio: str, options: Options) -> Heal:
    air = struck.dongles[radio].air
    setting = struck.setting(f"{radio} air {name}", partial(getattr, air, name), partial(setattr, air, name))
    return setting.put(number(options, option))
