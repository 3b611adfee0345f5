"""How many frames a second: a token bucket, because brokers bill, throttle and disconnect by the message.

AWS IoT Core takes 100 publishes a second and connection (facts: service quotas); half of that leaves room for others'
ideas of a second. When there are no tokens what waits goes together in the next frame.
"""

from typing import Final

FRAMES_PER_S: Final = 50.0
BURST: Final = 100.0


class Pace:
    def __init__(self, per_s: float = FRAMES_PER_S, burst: float = BURST) -> None:
        self._per_s = per_s
        self._burst = burst
        self._tokens = burst
        self._at = float("-inf")

    def may(self, now: float) -> bool:
        self._refill(now)
        return self._tokens >= 1

    def took(self, now: float) -> None:
        self._refill(now)
        self._tokens -= 1

    def next_at(self, now: float) -> float:
        """When the next frame may leave."""
        self._refill(now)
        return now if self._tokens >= 1 else now + (1 - self._tokens) / self._per_s + 1e-6

    def _refill(self, now: float) -> None:
        if now > self._at:
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_s)
            self._at = now
