"""Lists of actions, also below one another, within their bounds."""

from typing import Any, Final

from hubagent.rules.actions.choice import OPTIONS_MAX, Option
from hubagent.rules.actions.fields import ACTIONS as NESTED
from hubagent.rules.actions.set import SetAction, read_setting, settings_of
from hubagent.rules.actions.table import ACTIONS, Action
from hubagent.rules.reading.table import Fields, kind_of, nearest_kind, read_table
from hubagent.rules.reading.wrong import Findings, Wrong, shown
from hubagent.toml_lines import Spot

ACTIONS_MAX: Final = 100
"""In one rule, all lists together."""
DEPTH_MAX: Final = 8

_SETTING_NAMES: Final = tuple(field.into or name for name, field in SetAction.FIELDS.by_name.items())


class ActionReader:
    """Reads the actions of one rule, and counts them."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._count = 0

    def read(self, value: Any, spot: Spot, depth: int = 1) -> tuple[Action, ...] | None:
        """None where something is wrong with them, which is told."""
        if isinstance(value, dict):  # one action may stand for itself
            value, places = [value], [spot]
        elif not isinstance(value, list) or not value:
            self._findings.say(
                spot, f'is a list of actions, as [{{ set = "hall.light", on = true }}]; not {shown(value)}'
            )
            return None
        else:
            places = [spot.below(number) for number in range(min(len(value), ACTIONS_MAX + 1))]
        if depth > DEPTH_MAX:
            self._findings.say(spot, f"actions stand at most {DEPTH_MAX} deep in one another")
            return None
        actions: list[Action | None] = []
        for item, place in zip(value, places, strict=False):
            self._count += 1
            if self._count > ACTIONS_MAX:
                if self._count == ACTIONS_MAX + 1:
                    self._findings.say(place, f"a rule has at most {ACTIONS_MAX} actions")
                return None
            actions.append(self._action(item, place, depth))
        return None if None in actions else tuple(action for action in actions if action is not None)

    def _action(self, table: Any, spot: Spot, depth: int) -> Action | None:
        if not isinstance(table, dict):
            self._findings.say(spot, f'is an action, as {{ set = "hall.light", on = true }}; not {shown(table)}')
            return None
        name = kind_of(table, ACTIONS)
        if name is None:
            self._findings.say(spot, f"is no action that there is{nearest_kind(table, ACTIONS)}")
            return None
        kind = ACTIONS[name]
        if kind is SetAction:
            values = read_table(table, kind.FIELDS, spot, self._findings, read_setting)
            return None if values is None else self._made(kind, settings_of(values, _SETTING_NAMES), spot)
        values = self._fields(table, kind.FIELDS, spot, depth)
        return None if values is None else self._made(kind, values, spot)

    def _made(self, kind: Any, values: dict[str, Any], spot: Spot) -> Action | None:
        try:
            made: Action = getattr(kind, "read", kind)(place=spot, **values)
        except Wrong as wrong:
            self._findings.wrong(spot, wrong)
            return None
        return made

    def _fields(self, table: dict[str, Any], fields: Fields, spot: Spot, depth: int) -> dict[str, Any] | None:
        """The plain fields, and the lists of actions below."""
        nested = [name for name in fields.nested if name in table]
        if not nested:
            return read_table(table, fields, spot, self._findings)
        values = read_table(table, fields, spot, self._findings, skip=nested)
        whole = True
        for name in nested:
            field = fields.by_name[name]
            read = self.read if field.form is NESTED else self._options
            below = read(table[name], spot.below(name), depth + 1)
            if below is None:
                whole = False
            elif values is not None:
                values[field.into or name] = below
        return values if whole else None

    def _options(self, value: Any, spot: Spot, depth: int) -> tuple[Option, ...] | None:
        if not isinstance(value, list) or not 0 < len(value) <= OPTIONS_MAX:
            what = f"is a list of {{ if = .., do = [..] }}, at most {OPTIONS_MAX}; not {shown(value)}"
            self._findings.say(spot, what)
            return None
        options: list[Option] = []
        for number, item in enumerate(value):
            place = spot.below(number)
            if not isinstance(item, dict):
                self._findings.say(place, f"is {{ if = .., do = [..] }}, not {shown(item)}")
                continue
            values = self._fields(item, Option.FIELDS, place, depth)
            if values is not None:
                options.append(Option(place=place, **values))
        return tuple(options) if len(options) == len(value) else None
