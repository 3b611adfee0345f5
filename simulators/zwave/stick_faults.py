"""What goes wrong inside the stick, each thing switched by its name; what goes wrong on the wire is `faults`'s."""

import random
from dataclasses import dataclass, fields
from typing import Self

CHANCE_DRAWN_MAX = 0.2
"""The highest chance that `drawn` gives a fault."""


@dataclass(slots=True)
class StickFaults:
    """A chance is 0 to 1, for each occasion; all may be changed while the stick runs."""

    can: float = 0.0
    """A good data frame is discarded with CAN."""
    nak: float = 0.0
    """A good data frame is refused with NAK."""
    lost_response: float = 0.0
    lost_callback: float = 0.0
    """What was asked is done, and not a word about it."""
    duplicate: float = 0.0
    """A node's command is passed on twice."""
    bad_ack: float = 0.0
    """The ACK of a soft reset has a wrong high nibble, as in SDK 7.19."""
    lost_ack: float = 0.0
    """A good data frame is taken, and its ACK never arrives: the host sends it again."""
    resets: float = 0.0
    """At a command the stick starts anew without being asked, as after its watchdog. 1 strikes once."""
    no_start: bool = False
    """After a reset no word of having started."""
    jammed: bool = False
    """Something else fills the air: nothing can be sent."""
    bootloader: bool = False
    """It stays in its bootloader at the next start, until it is told there to run the firmware."""
    silent: bool = False
    """Neither ACK nor answer nor anything else: a stick that hangs."""

    @classmethod
    def drawn(cls, rng: random.Random) -> Self:
        """Two faults with a small chance each, of those that pass by themselves."""
        faults = cls()
        for name in rng.sample(list(PASSING), 2):
            setattr(faults, name, rng.random() * CHANCE_DRAWN_MAX)
        return faults

    def set(self, name: str, value: float) -> None:
        """Switch one by its name; of those that are on or off, 0 is off. Raises ValueError on any other name."""
        kind = NAMES.get(name)
        if kind is None:
            raise ValueError(f"no fault {name!r}; there are {', '.join(NAMES)}")
        setattr(self, name, bool(value) if kind is bool else float(value))


NAMES = {field.name: bool if field.default is False else float for field in fields(StickFaults)}
PASSING = ("can", "nak", "lost_response", "lost_callback", "duplicate", "bad_ack")
"""Those with which a host gets on, slowly."""
