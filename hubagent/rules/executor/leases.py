"""A person's hand at a device keeps the rules that yield to it off that device for a while."""

from collections.abc import Iterable
from typing import Final

from hubagent.model.device import DeviceId
from hubagent.rules.actions.set import SETTABLE
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.bound import BoundRule
from hubagent.rules.executor.clock import is_set, same_clock
from hubagent.rules.executor.picture import Picture
from hubagent.rules.names import attributes_of

LEASE: Final = "lease:"


class Leases:
    def __init__(self, agenda: Agenda, picture: Picture) -> None:
        self._agenda = agenda
        self._picture = picture
        self.yielding: dict[DeviceId, list[BoundRule]] = {}
        self._until: dict[tuple[str, DeviceId], float] = {}
        """By rule and device, in Unix seconds."""

    def bind(self, rules: list[BoundRule]) -> None:
        self.yielding = {}
        for bound in rules:
            for device in sorted(bound.targets) if bound.rule.yields_to_manual else ():
                self.yielding.setdefault(device, []).append(bound)
                self._attend(device)

    def _attend(self, device: DeviceId) -> None:
        """A hand is noticed by what it changes, whether or not a rule reads that."""
        known = self._picture.device(device)
        for name in () if known is None else attributes_of(known):
            if name in SETTABLE:
                self._picture.cell(device, name)

    @staticmethod
    def by_hand(names: Iterable[str]) -> bool:
        """Whether a change of these may be a hand's: what can only be measured is not."""
        return any(name in SETTABLE for name in names)

    def touched(self, device: DeviceId) -> None:
        """A person switched it."""
        for bound in self.yielding.get(device, ()):
            until = self._agenda.at + bound.rule.lease_s
            self._until[bound.rule.name, device] = until
            self._agenda.keep(
                _key(bound.rule.name, device), {"rule": bound.rule.name, "device": device, "until": until}
            )
            self._agenda.trace("lease", bound.rule.name, 0, device, until)

    def holds_off(self, bound: BoundRule, device: DeviceId) -> bool:
        until = self._until.get((bound.rule.name, device))
        if until is None:
            return False
        if is_set(until) and not is_set(self._agenda.at):
            # How long it still lasts is known when the clock is set.
            return True
        if self._agenda.at < until <= self._agenda.at + bound.rule.lease_s:
            return True
        del self._until[bound.rule.name, device]
        self._agenda.forget(_key(bound.rule.name, device))
        return False

    def clock_stepped(self, seconds: float) -> None:
        before = self._agenda.at - seconds
        for (rule, device), until in list(self._until.items()):
            if same_clock(until, before):
                self._until[rule, device] = until + seconds
                record = {"rule": rule, "device": device, "until": until + seconds}
                self._agenda.keep(_key(rule, device), record)

    def restore(self, rule: str, device: DeviceId, until: float) -> None:
        self._until[rule, device] = until


def _key(rule: str, device: DeviceId) -> str:
    return f"{LEASE}{device}:{rule}"
