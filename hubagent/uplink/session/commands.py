"""The cloud's commands: each for one boot, until it expires, and at most once.

At most once needs no disk on the way to the lamp: a command is addressed to one start of the agent, which remembers all
identifiers until they expire; the next start refuses what was addressed to the one before, since nobody knows whether
it was done.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from hubagent.uplink.message.codec import encode
from hubagent.uplink.message.down import Command, Job

REMEMBERED_MAX: Final = 1024
LIFETIME_MAX_S: Final = 24 * 3600.0
"""A command that would be valid for longer is refused: it would have to be remembered as long."""
FUTURE_MAX_S: Final = 60.0
"""Clocks of one cloud's machines differ, but not by more."""
_DIGEST_BYTES: Final = 16


class CommandRefused(Exception):
    """`reason` is a word of `message.up.REASONS`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(slots=True)
class _Remembered:
    meaning: bytes
    """A digest of it: a thousand commands of the largest size would be too much to keep."""
    expires: float
    result: bytes | None = None


class Commands:
    def __init__(self, hub: str, boot: int) -> None:
        self._hub = hub
        self._boot = boot
        self._remembered: dict[str, _Remembered] = {}
        self._forgotten_to = float("-inf")
        """When the latest of those expired that are not remembered any more."""

    def take(self, command: Command | Job, cloud_now: float) -> bytes | None:
        """None: it is new, and to be carried out. Else the result that it had.

        Raises CommandRefused; `replayed` is one that is still being carried out, that may have been, or another one
        under its name.
        """
        if command.hub != self._hub:
            raise CommandRefused("wrong-hub", f"it is for {command.hub}, this is {self._hub}")
        if command.boot != self._boot:
            raise CommandRefused("wrong-boot", f"it is for start {command.boot} of the agent, this is {self._boot}")
        meaning = hashlib.blake2b(encode(command), digest_size=_DIGEST_BYTES).digest()
        known = self._remembered.get(command.id)
        # Before its time is looked at: one that was done is not called expired, which means that it was not.
        if known is not None:
            if known.meaning != meaning:
                raise CommandRefused("replayed", "another command had this identifier")
            if known.result is None:
                raise CommandRefused("replayed", "it is being carried out")
            return known.result
        self._check_time(command, cloud_now)
        self._forget_expired(cloud_now)
        if len(self._remembered) >= REMEMBERED_MAX:
            raise CommandRefused("busy", f"{REMEMBERED_MAX} commands are remembered already")
        self._remembered[command.id] = _Remembered(meaning, command.expires)
        return None

    def answered(self, identifier: str, result: bytes) -> None:
        known = self._remembered.get(identifier)
        if known is not None:
            known.result = result

    def _check_time(self, command: Command | Job, cloud_now: float) -> None:
        if command.expires <= self._forgotten_to:
            # Whatever the clock says by now: it may be one of those.
            raise CommandRefused("replayed", "it is as old as some that were forgotten")
        if command.expires <= cloud_now:
            raise CommandRefused("expired", f"it expired {cloud_now - command.expires:.1f} s ago")
        if command.issued > cloud_now + FUTURE_MAX_S or command.expires > cloud_now + LIFETIME_MAX_S:
            raise CommandRefused("malformed", f"it is from the future, or valid for more than {LIFETIME_MAX_S:g} s")

    def _forget_expired(self, cloud_now: float) -> None:
        if len(self._remembered) < REMEMBERED_MAX:
            return
        # One that is still being carried out is remembered beyond its time: its answer has to find it.
        kept = {name: it for name, it in self._remembered.items() if it.expires > cloud_now or it.result is None}
        gone = [it.expires for name, it in self._remembered.items() if name not in kept]
        self._forgotten_to = max([self._forgotten_to, *gone])
        self._remembered = kept
