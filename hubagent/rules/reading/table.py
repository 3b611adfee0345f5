"""Reads one table by the fields that it may have; a rule, and every kind of trigger and action, lists its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hubagent.rules.reading.form import Form, text
from hubagent.rules.reading.wrong import Findings, Wrong, shown
from hubagent.toml_lines import Spot, did_you_mean


@dataclass(frozen=True, slots=True)
class Field:
    form: Form
    doc: str
    into: str = ""
    """The dataclass's name for it, where it has another than the file."""
    required: bool = False
    default: str = ""
    """For people and editors: what it is when it is not there, as a file would have it. The dataclass decides."""


DESCRIPTION_LENGTH_MAX: Final = 2000
DESCRIPTION: Final = Field(text(DESCRIPTION_LENGTH_MAX, empty=True), "why it is there, for people")


class Fields:
    """What one table may have."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.by_name = fields
        self.required = tuple(name for name, field in fields.items() if field.required)
        self.nested = tuple(name for name, field in fields.items() if field.form.nested)

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __or__(self, other: "Fields") -> "Fields":
        return Fields({**self.by_name, **other.by_name})


Rest = Callable[[str, Any], Any]
"""Reads a key that is no field. Raises Wrong."""


def read_table(
    table: Any,
    fields: Fields,
    spot: Spot,
    findings: Findings,
    rest: Rest | None = None,
    skip: Sequence[str] = (),
) -> dict[str, Any] | None:
    """The values by the dataclass's names; what `rest` read under the keys themselves. None where anything is wrong.

    Those of `skip` are allowed, and somebody else's to read.
    """
    if not isinstance(table, dict):
        findings.say(spot, f"is a table, not {shown(table)}")
        return None
    before = len(findings)
    values: dict[str, Any] = {}
    known = fields.by_name
    for key, value in table.items():
        if key in skip:
            continue
        field = known.get(key)
        try:
            if field is not None:
                values[field.into or key] = field.form.read(value)
            elif rest is not None:
                values[key] = rest(key, value)
            else:
                near = "" if findings.are_full else did_you_mean(key, known)
                what = f"there is no such key{near}; there are: {', '.join(known)}"
                findings.say(spot.below(key), what, of_key=True)
        except Wrong as wrong:
            findings.wrong(spot.below(key), wrong)
    for key in fields.required:
        if key not in table:
            findings.say(spot, f"{key} is missing: {known[key].form.said}")
    return values if len(findings) == before else None


def kind_of(table: Mapping[str, Any], kinds: Mapping[str, Any]) -> str | None:
    """The first of `kinds` whose key the table has."""
    for name in kinds:
        if name in table:
            return name
    return None


def nearest_kind(table: Mapping[str, Any], kinds: Mapping[str, Any]) -> str:
    """What was meant where `kind_of` found none, as the end of a sentence."""
    near = next((near for key in table if (near := did_you_mean(key, kinds))), "")
    return f"{near}; it has one of {', '.join(kinds)}"
