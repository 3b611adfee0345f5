"""Whatever JSON holds: an import whose file the reader accepts, or an error. Never a crash."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hubagent.rules.importers.file_text import checked
from hubagent.rules.importers.smartthings.file import BadFile, import_smartthings
from tests.hubagent.rules.importers.imports import text_of
from tests.hubagent.rules.importers.smartthings.rules import DOOR, LUX, MODE, MOTION, NOW, OFF, ON, equals

WORDS = st.sampled_from(
    [
        *("if", "then", "else", "sleep", "command", "every", "location", "equals", "and", "or", "not", "changes"),
        *("remains", "between", "left", "right", "value", "start", "end", "duration", "interval", "specific", "mode"),
        *(
            "actions",
            "name",
            "device",
            "devices",
            "string",
            "integer",
            "operand",
            "unit",
            "Minute",
            "reference",
            "time",
        ),
        *("Noon", "Sunset", "aggregation", "All", "daysOfWeek", "Mon", "offset", "\x00", "\ud800", "a\nb", ""),
    ]
)
PARTS = st.sampled_from([MOTION, DOOR, LUX, MODE, NOW, ON, OFF, equals(MOTION, "active"), equals(MODE, "Night")])
VALUES = st.recursive(
    st.one_of(WORDS, PARTS, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(WORDS, below, max_size=5)),
    max_leaves=20,
)
RULES = st.fixed_dictionaries(
    {"actions": st.lists(st.one_of(VALUES, st.fixed_dictionaries({"if": VALUES}), PARTS), max_size=4)},
    optional={"name": VALUES, "status": VALUES, "sequence": VALUES},
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(RULES, st.lists(RULES, max_size=3), VALUES))
def test_json_of_any_kind_is_imported_or_refused(value: Any) -> None:
    try:
        found = import_smartthings("rules.json", json.dumps(value), {})
    except BadFile:
        return
    text_of(checked(found))
