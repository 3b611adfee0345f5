"""What goes wrong inside the stick, each thing switched by its name; what goes wrong on the wire is `faults`'s."""

import random
from dataclasses import dataclass, fields
from typing import Self

CHANCE_DRAWN_MAX = 0.2
"""The highest chance that `drawn` gives a fault."""


@dataclass(slots=True)
class StickFaults:
    """A chance is 0 to 1, for each occasion; all may be changed while the stick runs."""

    asserts: float = 0.0
    """At a command the firmware fails an assertion: ERROR 0x06, and nothing more until a reset. 1 strikes once."""
    resets: float = 0.0
    """At a command the stick starts anew without being asked, and says RSTACK. 1 strikes once."""
    lost_callback: float = 0.0
    """What was sent is sent, and no messageSentHandler ever comes."""
    no_buffers: float = 0.0
    """A message is refused for want of memory."""
    delivery_failed: float = 0.0
    """A message is not sent, and said not to be delivered."""
    naks: float = 0.0
    """What comes over the wire is lost and answered with NAK, each time again: 1 is a storm of them."""
    lost_acks: float = 0.0
    """An acknowledgement of its own that no DATA frame carries never arrives."""
    stale_acks: float = 0.0
    """With an acknowledgement comes another one, of half a window round: of a frame that was never sent."""
    silent: bool = False
    """Neither ACK nor answer nor anything else: a stick that hangs."""
    deaf: bool = False
    """It acknowledges commands, and does nothing about them."""
    late_start: bool = False
    """RSTACK comes 1.5 s after a reset, as over a TCP bridge (zigpy/bellows PR 714)."""
    no_start: bool = False
    """After a reset no RSTACK at all."""
    bootloader: bool = False
    """It stays in its bootloader at the next start, until it is told there to run the firmware."""
    old_firmware: bool = False
    """From the next start on it is firmware with EZSP 7, which current hosts do not speak."""

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
PASSING = ("lost_callback", "no_buffers", "delivery_failed", "naks")
"""Those with which a host gets on, slowly; one whose stick restarts at every fifth command never gets through."""
