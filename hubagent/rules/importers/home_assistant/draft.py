"""One automation while it is translated: what is known of it, and what could not be said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hubagent.rules.importers import said
from hubagent.rules.importers.home_assistant.entities import Entities
from hubagent.rules.importers.imported import Table
from hubagent.rules.importers.reason import CannotTranslate, Reason
from hubagent.rules.importers.said import Said

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Edge:
    """A trigger's state, so far as later parts need it."""

    entity: str
    state: str | None


@dataclass(slots=True)
class Draft:
    entities: Entities
    scenes: Mapping[str, str]
    """By Home Assistant's entity id, their names here."""
    lost_scenes: Mapping[str, Reason] = field(default_factory=dict)
    """Likewise, why those that are in the file are not here."""
    reasons: list[Reason] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    """Variables of templates whose value is in the file."""
    formulas: dict[str, Any] = field(default_factory=dict)
    """Variables that are templates; what they say holds for the moment at which the rule is set off."""
    triggers: list[list[Table]] = field(default_factory=list)
    """What came of each trigger; empty where nothing did."""
    ids: dict[str, list[str]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    edged: int = 0
    """How many triggers are by such edges, and by nothing else."""
    at_once: bool = True
    """Nothing has happened since the rule was set off: no wait, and no action."""
    has_waited: bool = False
    """Time may have passed since."""
    used_scenes: dict[str, None] = field(default_factory=dict)
    unsure: dict[str, None] = field(default_factory=dict)
    """Variables that a sequence within the action gave another value: nobody can tell which one they have after it."""

    def attempt(self, translate: Callable[[], _T], otherwise: Callable[[Reason], _T]) -> _T:
        try:
            return translate()
        except CannotTranslate as cannot:
            self.reasons.append(cannot.reason)
            return otherwise(cannot.reason)
        except RecursionError:
            reason = Reason("stands too deep in itself")
            self.reasons.append(reason)
            return otherwise(reason)

    def forget_unsure(self) -> None:
        """After the action in which they were set."""
        for name in self.unsure:
            self.constants.pop(name, None)
            self.formulas.pop(name, None)
        self.unsure.clear()

    def note(self, text: str) -> None:
        self.notes[text] = None

    def trigger_id(self, wanted: list[str]) -> Said:
        """The condition that one of these triggers set the rule off. Raises CannotTranslate."""
        ours: list[str] = []
        for one in wanted:
            if one not in self.ids and one.isdecimal() and len(one) < 4 and int(one) < len(self.triggers):
                self._number(int(one))
            if one not in self.ids:
                raise CannotTranslate("trigger id", f"there is no trigger {one!r}")
            ours += self.ids[one]
        if not ours:
            raise CannotTranslate("trigger id", f"of a trigger that was not translated: {', '.join(wanted)}")
        return said.among(Said("trigger.id"), [said.text(one) for one in dict.fromkeys(ours)])

    def _number(self, index: int) -> None:
        """Triggers without an id are known by their number there."""
        tables = self.triggers[index]
        if any("id" in table for table in tables):
            return  # its id is another one
        self.ids[str(index)] = self.name_triggers(tables, f"trigger_{index}")

    def name_triggers(self, tables: list[Table], wanted: str) -> list[str]:
        """Ids for what came of one trigger there; each is of one trigger only."""
        taken = {table["id"] for tables in self.triggers for table in tables if "id" in table}
        names: list[str] = []
        for table in tables:
            name, number = wanted, 1
            while name in taken:
                number += 1
                name = f"{wanted}_{number}"
            taken.add(name)
            table["id"] = name
            names.append(name)
        return names
