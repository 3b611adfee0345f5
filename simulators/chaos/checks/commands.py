"""I2: a command has its effect at most once, and none late; it is answered or it expires, and the answer is true.

Two links are looked at: from the cloud's book of commands to what the agent hands to its radios, and from there to what
changes at the devices. A driver that has heard neither the stick's word nor the device's answer says a command again,
and cannot know better: what a hand has undone meanwhile is then done twice. That is allowed as long as it has not
answered the command itself, and no longer. Of two that contradict each other the newer is done last.
"""

import json
import math
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from hubagent.model.event import Outcome
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.errands import Effect, Errands, Sent
from simulators.chaos.checks.settings import same
from simulators.chaos.fault import Fault
from simulators.cloud import twins
from simulators.site.hub import HUB
from simulators.site.site import Site

CLOUD: Final = "cloud"
"""Who sends what the cloud wishes."""
ANSWERED_S: Final = 600.0
"""Within this time a driver answers, whatever happens."""
CONFIRMED_S: Final = 10.0
"""So long after that answer a frame may still be on the air, and no longer."""
LATE_S: Final = 300.0
"""So long what nobody answered may lie in a stick, in a stalled wire, or with a parent of the device."""
AGAIN_S: Final = 30.0
"""The same for a frame that was sent once more, and had its effect before."""
NEWER_S: Final = 60.0
"""So long a stick, a driver or a parent may have had both."""
REORDERS: Final = "air.reorder"
HOLDS_UP: Final = "air.late"
ASLEEP_S: Final = 86_400.0
"""So long it may wait for a device that sleeps."""
CLOCKS_S: Final = 2.5
"""A hub may be wrong about the cloud's clock by so much: Welcomes that took 2 s count (UPLINK.md, Hello)."""
UNKNOWN_S: Final = 70.0
"""After its time the cloud waits for 60 s before it calls a command unknown."""
_BOOK: Final = "SELECT id, device, wanted, issued, expires, state, outcome FROM commands ORDER BY n DESC LIMIT 300"
_IN_USE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'commands'"
_TRUE: Final = frozenset((Outcome.CONFIRMED, Outcome.DELIVERED))

Row = tuple[str, str | None, str | None, float, float, str, str | None]


class Commands(Check):
    name = "commands"
    patience_s = ANSWERED_S + UNKNOWN_S

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._loop = site.world.loop
        self._errands = Errands(site)
        self._sent: dict[str, set[str]] = {}
        """By the cloud's identifier, the attributes that were handed to a radio."""
        self._passed_over: dict[str, set[str]] = {}
        """Whose these may have been as well, and whose they were taken for."""
        self._before: set[str] = set()
        """Commands that were there at the beginning."""
        self._ordered_from = 0.0
        """Since when what is said first is heard first."""
        self._heard_from = 0.0
        """Since when what a device is told is heard at once, or never."""

    def begin(self) -> None:
        self._before = {row[0] for row in self._book()}
        self._errands.sent.append(self._sends)
        self._errands.answered.append(self._answered)
        self._errands.effects.append(self._had_effect)
        self._errands.listen()

    def struck(self, fault: Fault) -> None:
        self._not_until(math.inf, fault)

    def ended(self, fault: Fault) -> None:
        self._not_until(self._loop.time() + LATE_S, fault)

    def _not_until(self, when: float, fault: Fault) -> None:
        if fault.name == REORDERS:
            self._ordered_from = when
        elif fault.name == HOLDS_UP:
            self._heard_from = when

    def end(self) -> list[str]:
        return self.told([*self._unanswered(), *self._outcomes()])

    # --- from the cloud to the radio

    def _sends(self, sent: Sent) -> None:
        if sent.who != CLOUD:
            return
        known, late = False, ""
        may_be: list[tuple[float, str]] = []
        for row in self._book():
            identifier, device, wanted, issued, expires, _state, _outcome = row
            if device is None or not self._is_of(sent, device, json.loads(wanted or "{}")):
                continue
            known = True
            if not sent.wanted.keys().isdisjoint(self._sent.get(identifier, ())):
                continue
            now = self.site.wall()
            if now < issued:
                continue
            if now <= expires + CLOCKS_S:
                may_be.append((expires, identifier))
            else:
                late = f", {now - expires:.1f} s late"
        if may_be:
            # Of several that want the same it is the one that holds the longest: another may be over to the hub.
            taken_for = max(may_be)[1]
            self._sent.setdefault(taken_for, set()).update(sent.wanted)
            for _, other in may_be:
                if other != taken_for:
                    self._passed_over.setdefault(other, set()).add(taken_for)
        elif not self._is_desired(sent):
            why = f"once more than the cloud asked for{late}" if known else "and the cloud had asked for no such thing"
            self.saw(f"sent {why}: {sent}")

    def _is_of(self, sent: Sent, device: str, wanted: dict[str, Any]) -> bool:
        agent = self.site.hub.agent
        meant = None if agent is None else agent.home.named(device)
        name = device if meant is None else meant.name
        whole = sent.device if not sent.part else f"{sent.device}/{sent.part}"
        return name.casefold() == whole.casefold() and all(
            attribute in wanted and same(attribute, wanted[attribute], value)
            for attribute, value in sent.wanted.items()
        )

    def _is_desired(self, sent: Sent) -> bool:
        """It may be of a wish that stays."""
        cloud = self.site.cloud
        if cloud is None or cloud.service is None or not cloud.consumer.is_known(HUB):
            return False
        desired = twins.desired(cloud.consumer.hub(HUB)).devices
        return any(self._is_of(sent, device, dict(wanted)) for device, wanted in desired.items())

    def _book(self) -> Iterator[Row]:
        """What the cloud's databases say of commands; the newest first."""
        cloud = self.site.cloud
        databases: list[sqlite3.Connection] = [] if cloud is None else [*cloud.databases]
        for database in reversed(databases):
            if database.execute(_IN_USE).fetchall():
                yield from database.execute(_BOOK).fetchall()

    # --- from the radio to the device

    def _had_effect(self, effect: Effect) -> None:
        meant = [
            sent
            for sent in self._errands.of[effect.device]
            if any(sent.means(part, name, after) for (part, name), (_, after) in effect.changes.items())
        ]
        for sent in meant:
            if not sent.effects and self._may_come(sent):
                sent.effects.append(effect.at)
                self._look_for_newer(effect, meant[-1])
                return
        for sent in meant:
            if sent.effects and self._may_come_again(sent):
                sent.effects.append(effect.at)
                self._look_for_newer(effect, meant[-1])
                return
        if not meant:
            self.saw(f"nobody had asked for this: {effect}")
        else:
            last = meant[-1]
            which = "again" if last.effects else "late"
            self.saw(f"a command had its effect {which}: {effect}; {last}, {_answer(last)}, {_effects(last)}")

    def _look_for_newer(self, effect: Effect, older: Sent) -> None:
        """The last word is the last one to be done; but where the air itself puts what was said out of order.

        Where both wait for the air, what the newer wants may be so, and be called so, before either was heard.
        """
        now = self._loop.time()
        if now < self._ordered_from:
            return
        is_heard = now >= self._heard_from
        for newer in self._errands.of[effect.device]:
            is_later = newer.at > older.at and newer.life == older.life and effect.at - newer.at < NEWER_S
            is_done = newer.effects or (is_heard and newer.outcome in _TRUE)
            if is_later and is_done and _is_undone(newer, effect):
                self.saw(f"an older command was done after a newer one: {effect}; {older}; {newer}, {_answer(newer)}")

    def _may_come(self, sent: Sent) -> bool:
        now = self._loop.time()
        if sent.answered_at is None:
            return sent.life == self.site.hub.lives or now - sent.at <= LATE_S
        if sent.outcome is Outcome.WAITING:
            return now - sent.at <= ASLEEP_S
        return now - sent.answered_at <= (CONFIRMED_S if sent.outcome in _TRUE else LATE_S)

    def _may_come_again(self, sent: Sent) -> bool:
        now = self._loop.time()
        if sent.answered_at is None:
            return sent.life == self.site.hub.lives or now - sent.at <= AGAIN_S
        if sent.outcome in _TRUE:
            return False
        return sent.outcome is Outcome.WAITING or now - sent.answered_at <= AGAIN_S

    # --- answers

    def _answered(self, sent: Sent) -> None:
        if sent.answers > 1:
            self.saw(f"a command was answered {sent.answers} times: {sent}, {_answer(sent)}")
        if sent.outcome is not Outcome.CONFIRMED or self._errands.was_ever(sent):
            return
        placed = self.site.world.devices[sent.device]
        assert placed.dongle is not None
        if placed.dongle.nodes[sent.device].health.reports is None:
            self.saw(f"a command was called confirmed, and that was never so: {sent}, {_answer(sent)}")

    def _unanswered(self) -> Iterator[str]:
        now = self._loop.time()
        for sent in (one for commands in self._errands.of.values() for one in commands):
            if sent.answered_at is None and sent.life == self.site.hub.lives and now - sent.at > ANSWERED_S:
                yield f"a command was not answered in {now - sent.at:.0f} s: {sent}"

    def _hand_over(self, done: set[str]) -> None:
        """What was confirmed was sent: if it was taken for another's, which nobody calls done, it was this one's.

        The other may never have reached the hub, or have died with it before it was sent.
        """
        for identifier in sorted(done - self._sent.keys()):
            for other in sorted(self._passed_over.get(identifier, set()) - done):
                if other in self._sent:
                    self._sent[identifier] = self._sent.pop(other)
                    break

    def _outcomes(self) -> Iterator[str]:
        book = list(self._book())
        self._hand_over({row[0] for row in book if _is_done(row)})
        now = self.site.wall()
        for row in book:
            identifier, device, wanted, issued, expires, state, outcome = row
            if device is None or identifier in self._before:
                continue
            what = f"{device} {wanted}, asked for {now - issued:.0f} s ago for {expires - issued:g} s"
            sent = identifier in self._sent
            if state in ("queued", "sent") and now > expires + UNKNOWN_S:
                yield f"a command is still called {state}: {what}"
            elif state in ("queued", "expired", "refused") and sent:
                yield f"a command is called {state} ({outcome}), and was carried out: {what}"
            elif _is_done(row) and not sent:
                yield f"a command is called {outcome}, and was never sent: {what}"


def _is_done(row: Row) -> bool:
    *_, state, outcome = row
    return state == "done" and outcome in ("confirmed", "delivered")


def _is_undone(sent: Sent, effect: Effect) -> bool:
    return any(
        name in sent.wanted and sent.part in (0, part) and not sent.means(part, name, after)
        for (part, name), (_, after) in effect.changes.items()
    )


def _answer(sent: Sent) -> str:
    if sent.answered_at is None or sent.outcome is None:
        return "not answered"
    return f"answered {sent.outcome.value} at {sent.answered_at:.3f} s"


def _effects(sent: Sent) -> str:
    return "which had none" if not sent.effects else "which had one at " + ", ".join(f"{at:.3f}" for at in sent.effects)
