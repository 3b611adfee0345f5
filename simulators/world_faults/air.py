"""What goes wrong on the air of a radio, or on the way of one device's messages."""

from collections.abc import Callable, Iterator
from functools import partial

from simulators.fault_kind import Choice, Ends, Heal, Number, Option, Options, Target, number
from simulators.rough_air import Held, OneWay
from simulators.world_faults.struck import Struck, WorldFault, radios, with_radio

_Strike = Callable[[Struck, str, Options], Heal]


def air_faults() -> Iterator[WorldFault]:
    yield _on_air(
        "air.loss",
        (12,),
        "transmissions are lost; each is tried a few times",
        partial(_set, "loss"),
        rate=Number("of one attempt", "chance", 0, 1, 0.3, drawn=(0.02, 0.6)),
    )
    yield _on_air(
        "air.late",
        (13,),
        "the channel is busy: a frame waits, with all that its sender has to say",
        partial(_hold, "late"),
        rate=Number("of one message", "chance", 0, 1, 0.3, drawn=(0.02, 0.5)),
        up_to=Number("the longest wait", "s", 0, 60, 5, drawn=(0.2, 10)),
    )
    yield _on_air(
        "air.reorder",
        (14,),
        "a message waits on the way, and what is said later is there before it",
        partial(_hold, "overtaken"),
        rate=Number("of one message", "chance", 0, 1, 0.3, drawn=(0.02, 0.5)),
        up_to=Number("the longest wait", "s", 0, 60, 3, drawn=(0.2, 6)),
    )
    yield _on_air(
        "air.duplicate",
        (15,),
        "a message is heard twice, since its acknowledgement was not",
        partial(_set, "duplicates"),
        rate=Number("of one message", "chance", 0, 1, 0.3, drawn=(0.02, 0.5)),
    )
    yield _on_air(
        "air.interference",
        (16,),
        "something else is loud on a channel, and drowns frames",
        _interfere,
        channel=Number("Zigbee's, 11 to 26; 0: the one that the network is on now", "", 0, 26, 0, whole=True),
        rate=Number("of one attempt", "chance", 0, 1, 0.8, drawn=(0.3, 0.95)),
    )
    yield _on_air(
        "air.frame_s",
        (),
        "how long one frame takes on the air",
        _take_time,
        seconds=Number("a frame with its acknowledgement", "s", 0, 10, 0.015),
    )
    ways = tuple(map(str, OneWay))
    yield WorldFault(
        name="air.asymmetric",
        numbers=(17,),
        about="a device and who is next to it hear each other in one direction only; it looks for another way",
        target=Target.DEVICE,
        ends=Ends.HEALED,
        strike=_break_link,
        targets=with_radio,
        options={"deaf": Choice("where nothing is heard", ways, ways[0], drawn=ways)},
        lasts_s=(30.0, 300.0),
    )
    yield WorldFault(
        name="air.shadow",
        numbers=(12,),
        about="something stands before a device: frames from and to it are lost",
        target=Target.DEVICE,
        ends=Ends.HEALED,
        strike=_shadow,
        targets=with_radio,
        options={"rate": Number("of one attempt", "chance", 0, 1, 0.7, drawn=(0.2, 1.0))},
    )


def _on_air(name: str, numbers: tuple[int, ...], about: str, strike: _Strike, **options: Option) -> WorldFault:
    return WorldFault(
        name=name,
        numbers=numbers,
        about=about,
        target=Target.AIR,
        ends=Ends.HEALED,
        strike=strike,
        targets=radios,
        options=options,
    )


def _set(name: str, struck: Struck, radio: str, options: Options) -> Heal:
    return _stacked(struck, radio, name, struck.dongles[radio].air, name, number(options, "rate"))


def _take_time(struck: Struck, radio: str, options: Options) -> Heal:
    return _stacked(struck, radio, "frame_s", struck.dongles[radio].air, "frame_s", number(options, "seconds"))


def _hold(name: str, struck: Struck, radio: str, options: Options) -> Heal:
    held = Held(number(options, "rate"), number(options, "up_to"))
    return _stacked(struck, radio, name, struck.dongles[radio].rough, name, held)


def _interfere(struck: Struck, radio: str, options: Options) -> Heal:
    channel = int(number(options, "channel")) or struck.dongles[radio].channel
    noise = channel, number(options, "rate")
    return _stacked(struck, radio, "noise", struck.dongles[radio].rough, "noise", noise)


def _stacked(struck: Struck, radio: str, name: str, of: object, attribute: str, value: object) -> Heal:
    read, write = partial(getattr, of, attribute), partial(setattr, of, attribute)
    return struck.setting(f"{radio} air {name}", read, write).put(value)


def _break_link(struck: Struck, device: str, options: Options) -> Heal:
    dongle = struck.devices[device].dongle
    assert dongle is not None
    return dongle.break_link(device, OneWay(str(options["deaf"])))


def _shadow(struck: Struck, device: str, options: Options) -> Heal:
    dongle = struck.devices[device].dongle
    assert dongle is not None
    shadows = dongle.rough.shadows

    def write(chance: float) -> None:
        shadows[device] = chance
        if not chance:
            del shadows[device]

    setting = struck.setting(f"{device} shadow", lambda: shadows.get(device, 0.0), write)
    return setting.put(number(options, "rate"))
