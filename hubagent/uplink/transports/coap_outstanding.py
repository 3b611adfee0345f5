"""Our requests that the other side has not answered yet, by their tokens (RFC 7252, section 5.3.1)."""

from typing import Final

from hubagent.uplink.message.channel import Up

REQUEST_TIMEOUT_S: Final = 60.0
"""A frame that is not answered while others are was not taken. Where none is answered at all, the connection's silence
counts, long before; a slow line that has half a megabyte to carry is no silence as long as answers come."""


class Outstanding:
    def __init__(self, most: int, now: float) -> None:
        self._most = most
        self._count = 0
        self._sent: dict[bytes, tuple[Up, float]] = {}
        self._answered_at = now

    @property
    def full(self) -> bool:
        return len(self._sent) >= self._most

    def add(self, channel: Up, now: float) -> bytes:
        """Its token."""
        self._count = self._count + 1 & 0xFFFFFFFF
        token = self._count.to_bytes(4, "big")
        self._sent[token] = (channel, now)
        return token

    def answered(self, token: bytes, now: float) -> Up | None:
        """None: nobody waits for that answer, or not any more."""
        found = self._sent.pop(token, None)
        if found is None:
            return None
        self._answered_at = now
        return found[0]

    def owed_since(self) -> float | None:
        """From when on the other side has owed answers and given none at all."""
        for _, sent_at in self._sent.values():
            return max(sent_at, self._answered_at)
        return None

    def take_overdue(self, now: float) -> list[Up]:
        """Those that are given up now."""
        overdue = [token for token, (_, sent_at) in self._sent.items() if sent_at + REQUEST_TIMEOUT_S <= now]
        return [self._sent.pop(token)[0] for token in overdue]

    def clear(self) -> None:
        self._sent.clear()
