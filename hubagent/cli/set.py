"""`hubagent set`."""

import shlex
from collections.abc import Sequence
from typing import Any, Final

import click

from hubagent.cli.exits import DEVICE_SILENT, FAILED, OK, USAGE, Failure
from hubagent.cli.options import ask_agent, config_option, json_option
from hubagent.cli.output import show, show_json, tell, value_text

EXIT_BY_OUTCOME: Final = {"confirmed": OK, "refused": FAILED, "failed": FAILED}
"""Anything else: the device has not said that it did it."""

_MEANING: Final = {
    "confirmed": "the device confirmed",
    "delivered": "it arrived, but this device does not say whether it did it",
    "waiting": "the device sleeps; it will be told when it wakes",
    "refused": "the device refused",
    "unreachable": "the device did not answer",
    "failed": "it could not be sent",
}


@click.command("set")
@config_option
@json_option
@click.option("--no-wait", is_flag=True, help="a command that waits for a sleeping device counts as done")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=70.0, help="seconds to wait for the answer")
@click.argument("device")
@click.argument("values", nargs=-1, required=True, metavar="NAME=VALUE...")
def set_(device: str, values: tuple[str, ...], timeout: float, *, no_wait: bool, as_json: bool) -> int:
    """Set attributes of DEVICE: on=true level=40. Exits 0 only when the device confirmed."""
    from hubagent.api.client import AnswerOverdue  # noqa: PLC0415 - aiocoap would slow down --help

    body = parse_assignments(values)
    for name in body:
        _check_spelling(name)
    try:
        view = ask_agent(lambda client: client.put(("v1", "devices", device, "state"), body, timeout_s=timeout))
    except AnswerOverdue as overdue:
        raise Failure(
            f"{device} did not confirm within {timeout:g} s; the command may still be carried out; "
            f"`hubagent get {shlex.quote(device)}` shows what it says of itself",
            DEVICE_SILENT,
        ) from overdue
    if as_json:
        show_json(view)
    for result in view["results"]:
        wanted = " ".join(f"{name}={value_text(value)}" for name, value in result["wanted"].items())
        detail = f": {result['detail']}" if result["detail"] else ""
        line = f"{wanted or result['command']}  {result['outcome']}: {_MEANING[result['outcome']]}{detail}"
        (tell if as_json else show)(line)
    if no_wait and view["outcome"] in ("waiting", "delivered"):
        return OK
    return EXIT_BY_OUTCOME.get(view["outcome"], DEVICE_SILENT)


def parse_assignments(texts: Sequence[str]) -> dict[str, Any]:
    """Raises Failure where a name is given twice: only their order would say which one counts."""
    parsed: dict[str, Any] = {}
    for text in texts:
        name, value = parse_assignment(text)
        if name in parsed:
            raise Failure(f"{name} is given twice", USAGE)
        parsed[name] = value
    return parsed


def parse_assignment(text: str) -> tuple[str, Any]:
    """`level=40`, or a word for a state alone: `on`, `locked`. A leading `on_off.` is allowed."""
    name, equals, value = text.partition("=")
    name = name.strip().rpartition(".")[2]
    if equals:
        return name, _value(name, value.strip())
    from hubagent.rules.words import WORDS  # noqa: PLC0415 - only for the short form

    if text not in WORDS:
        meant = f"; did you mean {text.lower()!r}?" if text.lower() in WORDS else ""
        raise Failure(f"{text!r} is not NAME=VALUE, as on=true or level=40{meant}", USAGE)
    return WORDS[text][0]


def _check_spelling(name: str) -> None:
    from hubagent.model.capabilities.table import ATTRIBUTES  # noqa: PLC0415 - the group's help needs none of it

    if name not in ATTRIBUTES and name.lower() in ATTRIBUTES:
        raise Failure(f"there is no attribute {name!r}; did you mean {name.lower()!r}?", USAGE)


def _value(name: str, text: str) -> Any:
    from hubagent.model.capabilities.table import ATTRIBUTES  # noqa: PLC0415 - as above
    from hubagent.model.capability import Kind  # noqa: PLC0415

    attribute = ATTRIBUTES[name][1] if name in ATTRIBUTES else None
    kind = attribute.kind if attribute is not None else None
    if attribute is not None and attribute.unit == "%":
        text = text.removesuffix("%").rstrip()
    if kind is Kind.WORD:
        return text
    if text.lower() in _FLAGS and (kind is not Kind.NUMBER or text.lower() in ("true", "false")):
        return _FLAGS[text.lower()]
    if text.isdecimal() and text != "0" and text.startswith("0"):
        # A code such as 0123 is no number.
        return text
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return text


_FLAGS: Final = {"true": True, "false": False, "on": True, "off": False, "yes": True, "no": False}
