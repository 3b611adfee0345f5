"""What the agent logs in a run: the latest lines, each with the virtual time. A dead process has logged nothing."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from simulators.site.life import in_a_dead_process

LINES_MAX: Final = 2000


class KeptLog(logging.Handler):
    """`now` is the loop's time."""

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__(logging.WARNING)
        self.lines: deque[str] = deque(maxlen=LINES_MAX)
        self._now = now

    def emit(self, record: logging.LogRecord) -> None:
        if not in_a_dead_process():
            text = logging.Formatter("%(levelname)s %(name)s: %(message)s").format(record)
            self.lines.append(f"{self._now():.3f} {text}")

    def note(self, text: str) -> None:
        """Something that the run itself has to say."""
        self.lines.append(f"{self._now():.3f} {text}")


@contextmanager
def kept_log(now: Callable[[], float]) -> Iterator[KeptLog]:
    """In the place of whatever else is told of, until the context ends."""
    root = logging.getLogger()
    log, others = KeptLog(now), root.handlers[:]
    root.handlers[:] = [log]
    try:
        yield log
    finally:
        root.handlers[:] = others
