"""What had to be dropped, until it is reported.

The counts are durable numbers: one commit takes what was dropped from the disk and counts it, and one commit has the
report and counts nothing any more. So a power cut neither hides a loss nor tells of it twice.
"""

from typing import Final

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.outbox.numbers import Numbers
from hubagent.uplink.outbox.terms import Dropped

REPORT_INTERVAL_S: Final = 60.0
"""Reports are messages, too. With one for each loss, a full memory would soon hold nothing but reports of losses."""


class Drops:
    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._taken_at = float("-inf")
        self._any = True

    def add(self, message_class: MessageClass, count: int, since: float, until: float) -> None:
        if not count:
            return
        name = f"dropped.{message_class.value}"
        before = self._numbers.get(f"{name}.count")
        self._numbers.set(f"{name}.count", before + count)
        self._numbers.set(f"{name}.since", int(min(since, self._numbers.get(f"{name}.since")) if before else since))
        self._numbers.set(f"{name}.until", int(max(until, self._numbers.get(f"{name}.until")) if before else until))
        self._any = True

    def take(self, now: float) -> list[Dropped]:
        if not self._any or now - self._taken_at < REPORT_INTERVAL_S:
            return []
        found = []
        for message_class in MessageClass:
            name = f"dropped.{message_class.value}"
            count = self._numbers.get(f"{name}.count")
            if count > 0:
                since, until = (self._numbers.get(f"{name}.{which}") for which in ("since", "until"))
                found.append(Dropped(message_class, count, float(since), float(until)))
                self._numbers.set(f"{name}.count", 0)
        self._any = False
        if found:
            self._taken_at = now
        return found
