"""Whatever a file holds: an import whose file the reader accepts, or an error that says what is wrong; no crash."""

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hubagent.rules.importers.home_assistant.file import BadFile
from tests.hubagent.rules.importers.imports import imported, text_of

WORDS = st.sampled_from(
    [
        *("trigger", "triggers", "platform", "condition", "conditions", "action", "actions", "service", "entity_id"),
        *("to", "from", "for", "at", "above", "below", "state", "data", "target", "choose", "sequence", "repeat"),
        *("while", "until", "count", "delay", "wait_template", "wait_for_trigger", "if", "then", "else", "id", "mode"),
        *("numeric_state", "time", "sun", "event", "light.turn_on", "light.hall", "binary_sensor.hall_motion", "on"),
        *("template", "and", "or", "not", "time_pattern", "minutes", "sensor.a_power", "value_template", "variables"),
        *("{{ is_state('light.hall', 'on') }}", "{{ now().hour < 3 }}", "{{ x }}", "{% if 1 %}a{% endif %}", "{{"),
        *("notify.x", "message", "climate.x", "input_boolean.a", "webhook", "restart", "queued", "max", "alias"),
        *("\x00", "a\nb", "'\"", "\\", "é", "]]", "07:30", "use_blueprint", "device", "type", "domain", "attribute"),
    ]
)
SCALARS = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.integers(0, 90)
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(st.one_of(WORDS, SCALARS), below, max_size=4)),
    max_leaves=25,
)
TRIGGER = st.dictionaries(
    st.sampled_from(["trigger", "entity_id", "to", "from", "for", "at", "above", "below", "event", "minutes", "id"]),
    st.one_of(st.sampled_from(["state", "numeric_state", "time", "sun", "time_pattern", "webhook", "event"]), VALUES),
)
ACTION = st.dictionaries(
    st.sampled_from(["action", "entity_id", "data", "delay", "if", "then", "choose", "repeat", "condition", "stop"]),
    st.one_of(WORDS, VALUES),
    max_size=4,
)
AUTOMATIONS = st.lists(
    st.fixed_dictionaries(
        {"triggers": st.lists(TRIGGER, max_size=3), "actions": st.lists(ACTION, max_size=4)},
        optional={"conditions": VALUES, "alias": SCALARS, "mode": SCALARS, "max": SCALARS, "variables": VALUES},
    ),
    min_size=1,
    max_size=3,
)


def _try(text: str) -> None:
    try:
        found = imported(text)
    except BadFile:
        return
    text_of(found)


@settings(max_examples=150, deadline=None)
@given(AUTOMATIONS)
def test_automations_of_any_kind_become_a_file_that_the_reader_accepts(value: Any) -> None:
    _try(yaml.safe_dump(value, allow_unicode=True))


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_yaml_of_any_kind_is_imported_or_refused(value: Any) -> None:
    _try(yaml.safe_dump([value]))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="-: [{}],&*a!<|>%@`'\"\n\t#?0on", max_size=60))
def test_text_of_any_kind_is_imported_or_refused(text: str) -> None:
    _try(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="{}%|~ ()[].,'ax0<=-+*/!andorif\\", max_size=40))
def test_templates_of_any_kind_are_translated_or_refused(template: str) -> None:
    automation = {
        "triggers": [{"trigger": "time", "at": "01:00"}],
        "conditions": [f"{{{{ {template} }}}}", template],
        "actions": [{"action": "notify.x", "data": {"message": template}}, {"wait_template": template}],
    }
    _try(yaml.safe_dump([automation]))
