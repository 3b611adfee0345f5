"""HTTP calls of rules: what is asked of the network, and what an answer changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hubagent.rules.actions.http import HttpAction
from simulators.chaos.oracle.desk import Desk
from simulators.chaos.oracle.state import Run

CALLS_MAX: Final = 50
"""RULES.md, Bounds."""
RETRY_S: Final = 1.0
"""RULES.md, What is sent again."""


@dataclass(slots=True, eq=False)
class _Call:
    run: Run
    action: HttpAction
    body: str
    number: int
    attempts: int = 0

    @property
    def asks(self) -> tuple[str, str, str]:
        return (self.action.method, self.action.url, self.body)


class Calls:
    def __init__(self, desk: Desk, answered: Callable[[Run], None]) -> None:
        self._desk = desk
        self._answered = answered
        self._number = 0
        self.start()

    def start(self) -> None:
        """All this is of one life."""
        self._open: list[_Call] = []
        self._tokens: dict[int, _Call] = {}

    def call(self, run: Run, action: HttpAction, body: str) -> None:
        if len(self._open) >= CALLS_MAX:
            run.failed = True
            return
        self._number += 1
        call = _Call(run, action, body, self._number)
        self._open.append(call)
        run.unanswered += 1
        self._ask(call)

    def was_called(self, asks: tuple[str, str, str], token: int) -> None:
        """The agent gave the call this token."""
        if token in self._tokens:
            return
        known = list(self._tokens.values())
        for call in self._open:
            if call not in known and call.asks == asks:
                self._tokens[token] = call
                return

    def was_answered(self, token: int, ok: bool) -> None:
        call = self._tokens.get(token)
        if call is None:
            return
        if not ok and not call.run.was_cut_short and call.attempts < call.action.retry:
            call.attempts += 1
            wait_s = RETRY_S * 2 ** (call.attempts - 1)
            self._desk.at(("call", call.number), self._desk.now + wait_s, lambda: self._again(token, call))
        else:
            self._close(token, call, failed=not ok)

    def _again(self, token: int, call: _Call) -> None:
        if call.run.was_cut_short:
            self._close(token, call, failed=True)
        else:
            self._ask(call)

    def _ask(self, call: _Call) -> None:
        self._desk.did.append(("call", *call.asks))

    def _close(self, token: int, call: _Call, *, failed: bool) -> None:
        del self._tokens[token]
        self._open.remove(call)
        run = call.run
        if run.was_cut_short:
            return
        run.unanswered -= 1
        run.failed |= failed
        self._answered(run)
