"""HTTP calls of rules: carried out elsewhere, tried again here, as long as their run was not cut short."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hubagent.rules.actions.http import HttpAction
from hubagent.rules.executor.agenda import Agenda
from hubagent.rules.executor.effects import CallHttp
from hubagent.rules.executor.run import Run

CALLS_MAX: Final = 50
"""Under way, or waiting to be tried again."""
RETRY_S: Final = 1.0
"""Before the first repetition; each further one waits twice as long."""

Done = Callable[[Run, str], None]
"""With an empty text, or with what went wrong."""


@dataclass(eq=False, slots=True)
class _Call:
    run: Run
    action: HttpAction
    body: str
    done: Done
    attempts: int = 0


class Calls:
    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._open: dict[int, _Call] = {}
        self._token = 0

    def call(self, run: Run, action: HttpAction, body: str, done: Done) -> None:
        if len(self._open) >= CALLS_MAX:
            done(run, f"{action.host} was not called: {CALLS_MAX} calls are under way")
            return
        self._token += 1
        self._open[self._token] = _Call(run, action, body, done)
        # Tokens of commands count upwards from 1, those of calls downwards.
        run.pending.add(-self._token)
        self._ask(self._token)

    def answered(self, token: int, ok: bool, detail: str) -> None:
        call = self._open.get(token)
        if call is None:
            return
        if not ok and not call.run.was_cut_short and call.attempts < call.action.retry:
            call.attempts += 1
            wait_s = RETRY_S * 2 ** (call.attempts - 1)
            self._agenda.timers.set(("call", token), self._agenda.now + wait_s, lambda _now: self._ask(token))
            return
        self._close(token, "" if ok else detail)

    def _close(self, token: int, problem: str) -> None:
        call = self._open.pop(token)
        call.run.pending.discard(-token)
        call.done(call.run, problem)

    def _ask(self, token: int) -> None:
        call = self._open[token]
        if call.run.was_cut_short:
            # What a newer run says is not to be overtaken by what an older one said.
            self._close(token, "its run was cut short")
            return
        action = call.action
        self._agenda.effects.append(CallHttp(token, action.method, action.url, call.body, action.timeout_s))
