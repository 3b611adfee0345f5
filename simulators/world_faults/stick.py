"""What goes wrong inside a stick: what its `stick_faults` offer, by the same names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from simulators.fault_kind import Ends, Heal, Number, Option, Options, Target, number
from simulators.world_faults.struck import Struck, WorldFault


@dataclass(frozen=True, slots=True)
class _Stick:
    numbers: tuple[int, ...]
    about: str
    chance: tuple[float, float] | None = None
    """It has one, which a plan draws from here; None: it is on or off."""
    lasts_s: tuple[float, float] = (1.0, 120.0)


_TABLE: Final[Mapping[str, _Stick]] = {
    "can": _Stick((11,), "a good data frame is discarded with CAN", (0.02, 0.3)),
    "nak": _Stick((11,), "a good data frame is refused with NAK", (0.02, 0.3)),
    "naks": _Stick(
        (11,), "what comes over the wire is lost and answered with NAK; at a chance of 1 a storm", (0.02, 0.3)
    ),
    "lost_response": _Stick((10,), "what was asked is done, and its response never comes", (0.01, 0.2)),
    "lost_callback": _Stick((10,), "what was asked is done, and its callback never comes", (0.01, 0.2)),
    "duplicate": _Stick((15,), "a node's command is passed on twice", (0.02, 0.5)),
    "bad_ack": _Stick((11,), "the ACK of a soft reset has a wrong high nibble, as in SDK 7.19", (0.5, 1.0)),
    "asserts": _Stick((10,), "an assertion fails at a command: ERROR until a reset; at a chance of 1 once", (1.0, 1.0)),
    "lost_ack": _Stick((11,), "a good data frame is taken, and its ACK never arrives", (0.02, 0.3)),
    "lost_acks": _Stick((11,), "an ACK of its own, that no DATA frame carries, never arrives", (0.02, 0.5)),
    "stale_acks": _Stick((11,), "with an ACK comes one of a frame that was never sent", (0.02, 0.5)),
    "resets": _Stick((10,), "at a command the stick starts anew, unasked; at a chance of 1 once", (1.0, 1.0)),
    "no_buffers": _Stick((10,), "a message is refused for want of memory", (0.02, 0.3)),
    "delivery_failed": _Stick((12,), "a message is not sent, and said not to be delivered", (0.02, 0.3)),
    "no_start": _Stick((10,), "after a reset no word of having started", lasts_s=(5.0, 40.0)),
    "late_start": _Stick((10,), "after a reset the word of having started is late"),
    "jammed": _Stick((16,), "something else fills the air: nothing can be sent", lasts_s=(1.0, 60.0)),
    "bootloader": _Stick((10,), "it stays in its bootloader at the next start", lasts_s=(1.0, 60.0)),
    "silent": _Stick((10,), "neither ACK nor answer: a stick that hangs", lasts_s=(1.0, 40.0)),
    "deaf": _Stick((10,), "it acknowledges commands, and does nothing about them", lasts_s=(1.0, 40.0)),
    "old_firmware": _Stick((), "from the next start on it is firmware that hosts do not speak"),
}


def stick_faults() -> Iterator[WorldFault]:
    for name, it in _TABLE.items():
        about = "the chance of each occasion" if it.chance else "0 is off, anything else on"
        rate: Option = Number(about, "chance", 0, 1, 1, drawn=it.chance)
        yield WorldFault(
            name=f"stick.{name}",
            numbers=it.numbers,
            about=it.about,
            target=Target.STICK,
            ends=Ends.HEALED,
            strike=partial(_strike, name),
            targets=partial(_who_has, name),
            options={"rate": rate},
            lasts_s=it.lasts_s,
        )


def _who_has(name: str, struck: Struck) -> tuple[str, ...]:
    return tuple(radio for radio, dongle in struck.dongles.items() if name in dongle.stick_faults)


def _strike(name: str, struck: Struck, radio: str, options: Options) -> Heal:
    dongle = struck.dongles[radio]
    setting = struck.setting(f"{radio} stick {name}", lambda: 0.0, partial(dongle.set_stick_fault, name))
    return setting.put(number(options, "rate"))
