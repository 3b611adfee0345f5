"""Frames that a hub must refuse with a reason, and that must change nothing: each spoils a good command or wish."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import cbor2

from hubagent.uplink.message.channel import Down
from hubagent.uplink.message.codec import FRAME_MAX, VERSION, encode
from hubagent.uplink.message.down import Command, Desired

BadFrame = tuple[Down, bytes]


@dataclass(frozen=True, slots=True)
class Victim:
    """What a good frame would be made of."""

    command: Command
    """Good in every way: right now, for this start of the hub, for a device that it has."""
    desired: int
    """The version of the wishes that the hub took up."""
    ended: str | None
    """The identifier of a command that has ended; None where there is none."""


def _spoilt(victim: Victim, **changes: Any) -> BadFrame:
    """As the codec itself would never write it."""
    return Down.COMMAND, cbor2.dumps({"v": VERSION, "t": Command.TYPE, **victim.command.to_map(), **changes})


def _expired(victim: Victim) -> BadFrame:
    issued = victim.command.issued - 3600.0
    return Down.COMMAND, encode(replace(victim.command, issued=issued, expires=issued + 30.0))


def _wrong_boot(victim: Victim) -> BadFrame:
    return Down.COMMAND, encode(replace(victim.command, boot=max(0, victim.command.boot - 1)))


def _wrong_hub(victim: Victim) -> BadFrame:
    return Down.COMMAND, encode(replace(victim.command, hub="somebody-else"))


def _oversized(victim: Victim) -> BadFrame:
    return _spoilt(victim, padding="x" * (FRAME_MAX + 1))


def _no_cbor(victim: Victim) -> BadFrame:
    return Down.COMMAND, b"\xff" + encode(victim.command)


def _without_device(victim: Victim) -> BadFrame:
    return _spoilt(victim, device=None)


def _nested(victim: Victim) -> BadFrame:
    deep: Any = True
    for _ in range(100):
        deep = [deep]
    return _spoilt(victim, set={"on": deep})


def _stale_wish(victim: Victim) -> BadFrame:
    wishes = {victim.command.device: victim.command.set}
    return Down.DESIRED, encode(Desired(victim.command.hub, max(0, victim.desired - 1), wishes))


def _replayed(victim: Victim) -> BadFrame:
    """The identifier of one that has ended, with another content: its result comes again, and nothing else."""
    return Down.COMMAND, encode(replace(victim.command, id=victim.ended or victim.command.id))


BAD_FRAMES: Final[Mapping[str, Callable[[Victim], BadFrame]]] = {
    "malformed": _no_cbor,
    "without-device": _without_device,
    "nested": _nested,
    "oversized": _oversized,
    "unknown-version": lambda victim: _spoilt(victim, v=VERSION + 98),
    "unknown-type": lambda victim: _spoilt(victim, t="open-sesame"),
    "wrong-channel": lambda victim: (Down.JOB, encode(victim.command)),
    "wrong-hub": _wrong_hub,
    "wrong-boot": _wrong_boot,
    "expired": _expired,
    "replayed": _replayed,
    "stale-wish": _stale_wish,
}
"""By the name under which it is asked for."""
