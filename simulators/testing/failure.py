"""Why an expectation failed, as far as anybody can see it: what was so, since when, what happened, what rules did."""

from collections.abc import Iterator
from typing import Final

from hubagent.cli.output import value_text
from simulators.testing.beliefs import TRUTH
from simulators.testing.context import Context
from simulators.testing.expressions import Condition
from simulators.testing.record import Attributes, Kind, Record
from simulators.testing.rules import Rules

HAPPENINGS_TOLD: Final = 14
RULES_TOLD: Final = 24
"""Lines."""
_OF_THINGS: Final = frozenset((Kind.TRUTH, Kind.HUB, Kind.BUTTON, Kind.COMMAND, Kind.RULE, Kind.NOTICE))
"""Told where they concern what was expected; the others always."""
LAST: Final = "what happened last"


class Unexpected(AssertionError):
    """An expectation that was not fulfilled."""


def told(context: Context, rules: Rules, condition: Condition, wanted: str, begin: float, how: str) -> str:
    of = "" if condition.belief.name == TRUTH else f", of the {condition.belief.name}"
    lines = [
        f"{wanted}{of}",
        f"  expected at {context.clock_text(begin)}, given up at {context.clock_text(context.loop.time())}: {how}",
        "what is so",
        *(f"  {line}" for line in _how_it_is(context, condition)),
        LAST,
    ]
    devices = list(dict.fromkeys(_device_name(condition, device) for device, _ in condition.cells))
    lines += [f"  {line}" for line in _last(context, _concerned(rules, devices))]
    lines += _rules(context, rules, devices)
    return "\n".join(lines)


def last_of_all(context: Context) -> list[str]:
    """What happened last, whatever it has to do with."""
    happenings = [it for it in context.record.latest(HAPPENINGS_TOLD + 1) if it.kind is not Kind.FAILED]
    lines = [f"  {context.clock_text(it.at)}  {it.text}" for it in happenings[-HAPPENINGS_TOLD:]]
    return [LAST, *(lines or ["  nothing, since the test began"])]


def _last(context: Context, concerned: set[str]) -> Iterator[str]:
    happenings = [it for it in context.record.happenings if it.kind is not Kind.FAILED]
    about = [it for it in happenings if it.kind not in _OF_THINGS or it.about in concerned]
    for it in about[-HAPPENINGS_TOLD:]:
        yield f"{context.clock_text(it.at)}  {it.text}"
    if not about:
        yield "nothing, since the test began"
    elif len(about) < len(happenings):
        yield f"(and {len(happenings) - len(about)} more, of things that this has nothing to do with)"


def _concerned(rules: Rules, devices: list[str]) -> set[str]:
    """The devices, the rules that speak of them, the other devices that these speak of, and the hub."""
    speaking = [rule for device in devices for rule in rules.about(device)]
    return {"hub", *devices, *speaking, *(device for rule in speaking for device in rules.devices_of(rule))}


def _how_it_is(context: Context, condition: Condition) -> Iterator[str]:
    record = context.record
    now = context.loop.time()
    for device, attribute in condition.cells:
        name = _device_name(condition, device)
        value = context.belief(condition.belief.name).value(device, attribute)
        yield f"{name}.{attribute} = {value_text(value)}{_since(context, _of(record, condition), name, attribute)}"
        if condition.belief.name == TRUTH:
            yield from _what_others_think(context, name, attribute, value)
    known = {f"{_device_name(condition, device)}.{attribute}" for device, attribute in condition.cells}
    yield from (f"{name} = {value}" for name, value in condition.parts().items() if _is_more(name, known))
    for span in record.spans:
        if span.end is None or span.end > now:
            about = f" {span.about}" if span.about else ""
            yield f"{span.name}{about}, since {context.clock_text(span.begin)}"


def _is_more(name: str, known: set[str]) -> bool:
    return not any(name == it or it.startswith(f"{name}.") for it in known) and name.partition(".")[0] in (
        "home",
        "var",
        "sun",
        "time",
        "weekday",
    )


def _what_others_think(context: Context, name: str, attribute: str, truth: object) -> Iterator[str]:
    for who, attributes in (("hub", context.record.hub), ("cloud", context.record.cloud)):
        series = attributes.get(name, {}).get(attribute)
        if series is not None and series.latest != truth:
            yield f"  the {who} believes {value_text(series.latest)}{_since(context, attributes, name, attribute)}"


def _since(context: Context, of: dict[str, Attributes], name: str, attribute: str) -> str:
    series = of.get(name, {}).get(attribute)
    since = None if series is None else series.since(context.loop.time())
    return ", since the test began" if since is None else f", since {context.clock_text(since)}"


def _of(record: Record, condition: Condition) -> dict[str, Attributes]:
    return {TRUTH: record.truth, "hub": record.hub}.get(condition.belief.name, record.cloud)


def _device_name(condition: Condition, device: str) -> str:
    return condition.belief.devices()[device].name


def _rules(context: Context, rules: Rules, devices: list[str]) -> Iterator[str]:
    if context.site.hub.agent is None:
        yield "the hub is off"
        return
    lines = [line for device in devices for line in rules.why(device)]
    about = " or ".join(devices) or "this"
    if not lines:
        yield f"no rule speaks of {about}"
        return
    yield f"what the rules about {about} did"
    yield from (f"  {line}" for line in dict.fromkeys(lines[:RULES_TOLD]))
