"""What a trace of a rule says, for people; the view of it is the API's."""

from collections.abc import Mapping
from typing import Any

from hubagent.cli.output import value_text


def trace_text(one: Mapping[str, Any]) -> str:
    detail = one["detail"]
    match one["kind"]:
        case "fired":
            value = f" = {value_text(detail)}" if detail is not None else ""
            return f"was set off by {one['about']}{value}"
        case "condition":
            return f"did not run: its condition did not hold when {one['about']} came"
        case "unknown":
            return f"did not run when {one['about']} came: unknown: {detail}"
        case "blocked":
            return f"did not run when {one['about']} came: {detail}"
        case "sent":
            wanted = ", ".join(f"{name} = {value_text(value)}" for name, value in detail["wanted"].items())
            spent = f", {detail['latency_ms']:.2f} ms after the report" if detail["latency_ms"] is not None else ""
            return f"sent to {one['about']}: {wanted or detail['command']} ({detail['who']}{spent})"
        case "answered":
            more = f": {detail['detail']}" if detail["detail"] else ""
            return f"{one['about']} answered: {detail['outcome']}{more}"
        case "refused":
            return f"{one['about']} was not told: {detail}"
        case "missed":
            return f"{one['about']} came {detail:.0f} s too late, and was left"
    return f"{one['kind']}: {one['about']}{f': {detail}' if detail not in (None, '') else ''}"
