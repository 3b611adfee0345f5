"""A wire that is a list, and a clock that it moves."""

from collections import deque

from simulators.bench.wire import Wire


class ScriptedWire(Wire):
    """`script` says what a subject writes, piece by piece, and how many ns each takes to come."""

    def __init__(self, *script: tuple[int, bytes]) -> None:
        super().__init__()
        self.now_ns = 0
        self.written: list[bytes] = []
        self._script = deque(script)

    def clock_ns(self) -> int:
        return self.now_ns

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def read(self, timeout_s: float) -> bytes:
        if not self._script:
            self.now_ns += round(timeout_s * 1e9)
            return b""
        took_ns, data = self._script.popleft()
        self.now_ns += took_ns
        return data

    def close(self) -> None:
        pass

    def _attend(self, *_: object) -> None:
        raise AssertionError("nothing is plugged in")
