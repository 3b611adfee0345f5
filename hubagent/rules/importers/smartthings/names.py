"""Devices and modes, which SmartThings knows by numbers only: the one table of names."""

import re
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from hubagent.rules.importers import said
from hubagent.rules.importers.reason import CannotTranslate
from hubagent.rules.importers.smartthings.capabilities import Amount
from hubagent.rules.reading.rule_set import MODES_MAX
from hubagent.rules.rule_set import MODES

_UUID: Final = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9_]+")


class Names:
    def __init__(self, mapped: Mapping[str, str], *, fahrenheit: bool) -> None:
        self.modes: dict[str, None] = dict.fromkeys(MODES)
        self.table: dict[str, str] = {}
        self._mapped = {theirs.lower(): ours for theirs, ours in mapped.items()}
        self._fahrenheit = fahrenheit
        self._webhooks = count(1)

    def device(self, theirs: Any, component: Any, kind: str) -> str:
        """Raises CannotTranslate."""
        if not isinstance(theirs, str) or not 0 < len(theirs) <= 100:
            raise CannotTranslate("device without an id")
        key = theirs.strip().lower()
        if isinstance(component, str) and component not in ("", "main"):
            key = f"{key}/{component.lower()[:40]}"
        if key not in self.table:
            self.table[key] = self._mapped.get(key) or self._free(_short(key, kind))
        return self.table[key]

    def mode(self, theirs: Any) -> str:
        """Raises CannotTranslate."""
        if not isinstance(theirs, str) or not 0 < len(theirs.strip()) <= 100 or not theirs.isprintable():
            raise CannotTranslate("mode without an id")
        key = theirs.strip().lower()
        name = self._mapped.get(key)
        if name is None:
            name = f"mode {key[:8]}" if _UUID.fullmatch(key) else key
        if _UUID.fullmatch(key):
            self.table[key] = name if key in self._mapped else f"{name}   # a mode of the home"
        if name not in self.modes and len(self.modes) >= MODES_MAX:
            raise CannotTranslate(f"more than {MODES_MAX} modes", name)
        self.modes[name] = None
        return name

    def webhook(self) -> str:
        """Of one rule, and of no other: who executes it executes that alone."""
        number = next(self._webhooks)
        return "execute" if number == 1 else f"execute_{number}"

    def _free(self, name: str) -> str:
        wanted, number = name, 2
        taken = {*self.table.values(), *self._mapped.values()}
        while wanted in taken:
            wanted, number = f"{name}_{number}", number + 1
        return wanted

    def ours(self, amount: Amount, value: float) -> float | int:
        if amount.is_temperature and self._fahrenheit:
            return said.tidy(round((value - 32) / 1.8, 1))
        return said.tidy(round(value * amount.scale, 2))


def _short(key: str, kind: str) -> str:
    whole, _, component = key.partition("/")
    name = f"{kind}_{whole[:8]}" if _UUID.fullmatch(whole) else _NO_NAME.sub("_", whole).strip("_")
    name = name if name and not name[0].isdigit() else f"{kind}_{name}"
    return f"{name}_{_NO_NAME.sub('_', component)}" if component else name
