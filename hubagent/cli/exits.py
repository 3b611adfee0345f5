"""Exit codes, and which error leads to which: what went wrong, why, and the next command to type."""

from dataclasses import dataclass
from typing import Final

OK: Final = 0
FAILED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
NOT_AUTHORISED: Final = 4
DEVICE_SILENT: Final = 5
GATE: Final = 6
REFUSED_FOR_SECURITY: Final = 7
SIGNALLED: Final = 128
"""And the signal's number, as a shell says it."""
INTERRUPTED: Final = 130


class Failure(Exception):
    """A command's own end: `text` goes to stderr."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Exit:
    code: int
    remedy: str = ""


# By name, because importing what a command did not need would cost every command its time.
_BY_ERROR: Final = {
    "hubagent.toml_lines.Mistakes": Exit(USAGE),
    "hubagent.config.RefusedForSecurity": Exit(REFUSED_FOR_SECURITY),
    "hubagent.cli.drivers.DriverBroken": Exit(FAILED),
    "hubagent.runtime.PortError": Exit(UNREACHABLE, "hubagent doctor tells more"),
    "hubagent.store.errors.StoreUnusable": Exit(FAILED),
    "hubagent.store.errors.StoreFailed": Exit(FAILED),
    "hubagent.api.server.ApiUnavailable": Exit(FAILED),
    "hubagent.identity.trouble.IdentityRefused": Exit(REFUSED_FOR_SECURITY),
    "hubagent.identity.trouble.IdentityUnusable": Exit(FAILED),
    "hubagent.identity.files.IdentityBusy": Exit(FAILED),
    "hubagent.identity.est.CloudNotTrusted": Exit(REFUSED_FOR_SECURITY),
    "hubagent.identity.est.CloudUnreachable": Exit(UNREACHABLE),
    "hubagent.identity.est.TryLater": Exit(UNREACHABLE),
    "hubagent.identity.est.NotAuthorised": Exit(NOT_AUTHORISED),
    "hubagent.identity.est.EnrolmentFailed": Exit(FAILED),
    "hubagent.api.client.AnswerOverdue": Exit(DEVICE_SILENT),
    "hubagent.api.client.AnotherAnswers": Exit(UNREACHABLE, "stop it, or choose another [api] listen in hub.toml"),
    "hubagent.api.client.AgentUnreachable": Exit(
        UNREACHABLE, "start one with `hubagent run --config hub.toml`, or see `hubagent doctor`"
    ),
}

_BY_PROBLEM: Final = {
    "unknown_device": Exit(USAGE, "`hubagent devices` lists them"),
    "unknown_rule": Exit(USAGE, "`hubagent rules list` lists them"),
    "invalid": Exit(USAGE),
    "bad_name": Exit(USAGE),
    "device_unreachable": Exit(DEVICE_SILENT),
    "driver_unavailable": Exit(UNREACHABLE, "see `hubagent doctor`"),
}


def exit_for(error: BaseException) -> tuple[int, str] | None:
    """Code and text for an error that people are told of; None for a bug, which shows its trace."""
    if isinstance(error, Failure):
        return error.code, str(error)
    for kind in type(error).__mro__:
        name = f"{kind.__module__}.{kind.__qualname__}"
        if name == "hubagent.api.problem.Problem":
            problem = getattr(error, "kind", None)
            known = _BY_PROBLEM.get(getattr(problem, "name", ""), Exit(FAILED))
            return known.code, _with(str(error), known.remedy)
        if name in _BY_ERROR:
            known = _BY_ERROR[name]
            return known.code, _with(str(error), known.remedy)
    return None


def _with(text: str, remedy: str) -> str:
    return f"{text}; {remedy}" if remedy else text
