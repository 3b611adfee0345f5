"""One automation, as a rule."""

from collections.abc import Mapping
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant.actions import actions, condition_or_never
from hubagent.rules.importers.home_assistant.draft import Draft
from hubagent.rules.importers.home_assistant.shapes import is_template, many, number, table, text
from hubagent.rules.importers.home_assistant.triggers import triggers
from hubagent.rules.importers.home_assistant.yaml_text import Tagged
from hubagent.rules.importers.imported import (
    PLACEHOLDER_TRIGGER,
    ImportedRule,
    Share,
    Table,
    not_translated,
    stub,
)
from hubagent.rules.importers.reason import CannotTranslate, Reason, one_line

_MODES: Final = ("single", "restart", "queued", "parallel")
_MAX_DEFAULT: Final = 10
_MAX_MOST: Final = 100


def rule_of(
    automation: Mapping[str, Any], name: str, place: str, source: tuple[str, ...], draft: Draft
) -> ImportedRule:
    """Never raises; what cannot be said leaves a disabled rule with the reasons."""
    head: Table = {"name": name}
    description = automation.get("description")
    if isinstance(description, str) and description.strip():
        head["description"] = one_line(description, 400)
    body = draft.attempt(lambda: _body(automation, draft), lambda _reason: None)
    reasons = tuple(dict.fromkeys(draft.reasons))
    if body is None or not _says_anything(body):
        return ImportedRule({**stub(name, reasons), **head}, Share.NOT, reasons, (), place, source)
    share = Share.PARTLY if reasons else Share.FULLY
    is_off = share is Share.PARTLY or automation.get("initial_state") in (False, "off", "false")
    return ImportedRule(
        {**head, **({"enabled": False} if is_off else {}), **body},
        share,
        reasons,
        tuple(draft.notes),
        place,
        source,
    )


def _body(automation: Mapping[str, Any], draft: Draft) -> Table:
    if "use_blueprint" in automation:
        blueprint = automation["use_blueprint"]
        path = blueprint.get("path", "") if isinstance(blueprint, Mapping) else ""
        raise CannotTranslate("blueprint", f"{one_line(path, 80)}: import the automation that it makes")
    _variables(automation, draft)
    when = triggers(automation.get("triggers", automation.get("trigger")), draft)
    if not draft.triggers:
        draft.reasons.append(Reason("no trigger"))
    holds = condition_or_never(many(automation.get("conditions", automation.get("condition"))), draft)
    done = actions(automation.get("actions", automation.get("action")), draft)
    if not done and not draft.reasons:
        draft.reasons.append(Reason("no action"))
    body: Table = {"when": _one_or_many(when or [dict(PLACEHOLDER_TRIGGER)])}
    if holds == said.FALSE:
        draft.reasons.append(Reason("condition that never holds"))
    if holds != said.TRUE:
        body["if"] = holds.text
    return {**body, "do": done or [not_translated(Reason("nothing"))], **_mode(automation, draft)}


def _says_anything(body: Table) -> bool:
    """Something of what sets it off, and something of what it does."""
    when = body["when"] if isinstance(body["when"], list) else [body["when"]]
    return PLACEHOLDER_TRIGGER not in when and any(_does_something(action) for action in body["do"])


def _does_something(action: Any) -> bool:
    if not isinstance(action, dict):
        return False
    below = [one for value in action.values() if isinstance(value, list) for one in value if isinstance(one, dict)]
    if below:
        return any(_does_something(one) for one in below)
    return not str(action.get("stop", "")).startswith("not translated")


def _one_or_many(when: list[Table]) -> Any:
    return when[0] if len(when) == 1 else when


def _variables(automation: Mapping[str, Any], draft: Draft) -> None:
    """Of templates. What is a template itself is put in where nothing can have changed yet."""
    for key in ("trigger_variables", "variables"):
        value = automation.get(key)
        if value is None:
            continue
        for name, said_so in table(value, "variables").items():
            kept = draft.formulas if is_template(said_so) else draft.constants
            draft.constants.pop(str(name), None)
            draft.formulas.pop(str(name), None)
            if not isinstance(said_so, Tagged):
                kept[str(name)] = said_so


def _mode(automation: Mapping[str, Any], draft: Draft) -> Table:
    mode = text(automation.get("mode", "single"), "mode")
    if mode not in _MODES:
        raise CannotTranslate("mode", mode)
    if mode in ("single", "restart"):
        return {"mode": mode} if mode != "single" else {}
    most = number(automation.get("max", _MAX_DEFAULT), "max")
    if most != int(most) or most < 2:
        raise CannotTranslate("max", most)
    # There it counts the run that is under way as well.
    ours = int(most) - 1 if mode == "queued" else int(most)
    if ours > _MAX_MOST:
        draft.note(f"at most {_MAX_MOST} runs here, not {int(most)}")
    return {"mode": mode, "max": min(ours, _MAX_MOST)}
