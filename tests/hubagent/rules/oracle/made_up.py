"""Rule files and what happens in a home, made up from a seed. Times are whole seconds."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

NUMBERS = ("hall.lux", "hall.light.level", "garage.freezer.temp", "var.n", "var.m")
FLAGS = ("hall.motion", "hall.light.on", "porch.light.on", "garage.door", "garage.freezer.temp > 5")
LEVELS = ("hall.light.level", "hall.light.level + 10", "hall.light.level - 20", "porch.light.level", "var.n + 10")
MODES = ("home", "away", "night")
WORDS = ("hall.motion is occupied", "hall.motion is clear", "garage.door is open", "garage.door == 'closed'")
DURATIONS = (1, 2, 3, 5, 7, 9, 10, 13, 20, 30, 60)
BUTTON = "sofa.remote"
ABOUT_TRIGGERS = ("trigger.id == 't0'", "trigger.value > 20", "trigger.value == 'night'", "trigger.value is known")
DEPTH = 3


@dataclass
class Happening:
    """After so many seconds this happens: what, and to whom."""

    after_s: float
    kind: str
    what: tuple[Any, ...] = ()


@dataclass
class MadeUp:
    text: str
    stream: list[Happening]
    seed: int

    def __str__(self) -> str:
        return f"seed {self.seed}\n{self.text}\n" + "\n".join(map(str, self.stream))


def made_up(seed: int) -> MadeUp:
    maker = Maker(Random(seed))
    text = maker.rule_file()
    return MadeUp(text, maker.stream(), seed)


@dataclass
class Maker:
    random: Random
    rules: list[str] = field(default_factory=list)
    scenes: tuple[str, ...] = ("s0", "s1")

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def duration(self) -> str:
        seconds = self.one(*DURATIONS)
        return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"

    # The file.

    def rule_file(self) -> str:
        self.rules = [f"r{number}" for number in range(self.random.randint(2, 7))]
        scenes = [f'[[scene]]\nname = "{name}"\nset = {_toml(self._settings())}\n' for name in self.scenes]
        first = '[home]\nmodes = ["home", "away", "night"]\n[variables]\nn = 0\nm = 3\n'
        return first + "".join(scenes) + "".join(self._rule(name) for name in self.rules)

    def _more(self) -> dict[str, Any]:
        """What else a rule says, by whoever makes up more than this."""
        return {}

    def _settings(self) -> list[dict[str, Any]]:
        lights = self.random.sample(("hall.light", "porch.light"), self.random.randint(1, 2))
        return [{"device": light, **self._constant()} for light in lights]

    def _rule(self, name: str) -> str:
        rule: dict[str, Any] = {"name": name, "when": [self.trigger(n) for n in range(self.random.randint(1, 3))]}
        if self.chance(0.25):
            rule["if"] = self.flag(with_trigger=True)
        begins = [{"notify": "owner", "text": f"{name} because of {{trigger.value}}"}] if self.chance(0.4) else []
        rule["do"] = begins + self.actions(DEPTH)
        rule["mode"] = self.one("single", "restart", "queued", "parallel")
        if self.chance(0.5):
            rule["max"] = self.random.randint(1, 3)
        if self.chance(0.2):
            rule["limit"] = f"{self.random.randint(1, 3)}/{self.duration()}"
        if self.chance(0.5):
            rule["priority"] = self.one("safety", "high", "normal", "low")
        if self.chance(0.2):
            rule["missed"] = self.one("skip", "run", "run if less than 1m late")
        if self.chance(0.4):
            rule["resumed"] = self.one("continue", "stop", "continue if less than 20s late")
        if self.chance(0.05):
            rule["enabled"] = False
        rule |= self._more()
        return "[[rule]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in rule.items())

    # Triggers.

    def trigger(self, number: int) -> Any:
        made: Callable[[], Any] = self.one(
            *[self._state] * 4, *[self._numeric] * 3, *[self._button] * 4, *[self._signal] * 4, self._offline
        )
        trigger = made()
        if isinstance(trigger, dict) and self.chance(0.3):
            trigger["id"] = f"t{number}"
        return trigger

    def _state(self) -> Any:
        subject, true, false = self.one(
            ("hall.motion", "occupied", "clear"), ("garage.door", "open", "closed"), ("hall.light.on", "on", "off")
        )
        word, other = self.one((true, false), (false, true))
        held = self.duration() if self.chance(0.3) else None
        if self.chance(0.4):
            return f"{subject} becomes {word}" + (f" for {held}" if held else "")
        trigger: dict[str, Any] = {"state": subject}
        if self.chance(0.3):
            trigger = {"state": self.one(subject, "hall.light.level", "hall.lux"), "changes": True}
        else:
            trigger["becomes"] = word
            if self.chance(0.3):
                trigger["from"] = other
        return trigger | ({"for": held} if held else {})

    def _numeric(self) -> Any:
        subject = self.one("hall.lux", "hall.light.level", "garage.freezer.temp")
        bound = self.random.randint(10, 30)
        held = self.duration() if self.chance(0.3) else None
        if self.chance(0.4):
            return f"{subject} {self.one('>', '<', '>=', '<=')} {bound}" + (f" for {held}" if held else "")
        low = self.chance(0.5)
        trigger: dict[str, Any] = {"numeric": subject, "below" if low else "above": bound}
        if self.chance(0.7):
            trigger["rearm_above" if low else "rearm_below"] = bound + 5 if low else bound - 5
        return trigger | ({"for": held} if held else {})

    def _button(self) -> Any:
        press = self.one("single", "double")
        if self.chance(0.5):
            return f"{BUTTON} button 1 {press}"
        return {"button": BUTTON, "number": self.one(1, 2), "press": press}

    def _signal(self) -> Any:
        return self.one(
            {"mode": self.one(*MODES)},
            {"start": True},
            {"webhook": self.one("a", "b")},
            {"scene": self.one(*self.scenes)},
            {"time": self.one("00:01", "00:03", ["00:02", "00:05"])},
            {"rule": self.one(*self.rules), "outcome": self.one("done", "failed", "blocked")},
        )

    def _offline(self) -> Any:
        return {"offline": "garage.freezer"} | ({"for": self.duration()} if self.chance(0.7) else {})

    # Actions.

    def actions(self, deep: int) -> list[Any]:
        most = 4 if deep == DEPTH else 2
        return [self.action(deep) for _ in range(self.random.randint(1, most))]

    def action(self, deep: int) -> dict[str, Any]:
        flat: list[Callable[[], dict[str, Any]]] = [
            *[self._set] * 4,
            *[self._pause] * 3,
            *[self._await] * 2,
            *[self._variable] * 2,
            *[self._notify] * 2,
            lambda: {"mode": self.one(*MODES)},
            lambda: {"run": self.one(*self.rules)},
            lambda: {"scene": self.one(*self.scenes)},
        ]
        if deep == 0:
            return self.one(*flat)()  # type: ignore[no-any-return]
        return self.one(*flat, *[lambda: self._deep(deep - 1)] * 6, lambda: {"stop": "enough"})()  # type: ignore[no-any-return]

    def _deep(self, deep: int) -> dict[str, Any]:
        otherwise = {"else": self.actions(deep)} if self.chance(0.5) else {}
        options = [{"if": self.flag(), "do": self.actions(deep)} for _ in range(self.random.randint(1, 2))]
        return self.one(  # type: ignore[no-any-return]
            {"if": self.flag(with_trigger=True), "do": self.actions(deep), **otherwise},
            {"choose": options, **otherwise},
            {"repeat": self.random.randint(1, 3), "do": self.actions(deep)},
            {"while": self.flag(), "at_most": self.random.randint(1, 3), "do": self.actions(deep)},
        )

    def _set(self) -> dict[str, Any]:
        lights = self.one("hall.light", "porch.light", ["hall.light", "porch.light"])
        value = self._constant() if self.chance(0.7) else self._worked_out()
        return {"set": lights, **value}

    def _constant(self) -> dict[str, Any]:
        return self.one({"on": self.chance(0.5)}, {"level": self.random.randint(1, 100)})  # type: ignore[no-any-return]

    def _worked_out(self) -> dict[str, Any]:
        return self.one({"on": self.flag()}, {"level": f"clamp({self.one(*LEVELS)}, 1, 100)"})  # type: ignore[no-any-return]

    def _pause(self) -> dict[str, Any]:
        return {"wait": self.duration()}

    def _await(self) -> dict[str, Any]:
        wait: dict[str, Any] = {"wait": self.one(self.flag(with_trigger=True), *WORDS)}
        if self.chance(0.4):
            wait["for"] = self.duration()
        if self.chance(0.5):
            wait["timeout"] = self.duration()
            if self.chance(0.5):
                wait["on_timeout"] = self.one("continue", "stop")
        return wait

    def _variable(self) -> dict[str, Any]:
        name = self.one("n", "m")
        to = self.one(self.random.randint(0, 9), f"clamp(var.{name} + 1, 0, 9)", f"clamp(var.{name} - 1, 0, 9)")
        return {"variable": name, "to": to}

    def _notify(self) -> dict[str, Any]:
        texts = ("hello", "{var.n} and {var.m}", "{home.mode}", "{trigger.id} {trigger.value}")
        return {"notify": "owner", "text": self.one(*texts)}

    # Expressions.

    def number(self) -> str:
        return self.one(  # type: ignore[no-any-return]
            *NUMBERS, f"{self.one(*NUMBERS)} {self.one('+', '-')} {self.random.randint(0, 30)}", "min(var.n, hall.lux)"
        )

    def flag(self, deep: int = 2, *, with_trigger: bool = False) -> str:
        if deep and self.chance(0.3):
            left, right = self.flag(deep - 1), self.flag(deep - 1)
            return self.one(f"({left}) {self.one('and', 'or')} ({right})", f"not ({left})")  # type: ignore[no-any-return]
        if with_trigger and self.chance(0.3):
            return str(self.one(*ABOUT_TRIGGERS))
        return self.one(  # type: ignore[no-any-return]
            *FLAGS,
            *WORDS,
            f"home.mode {self.one('==', '!=')} '{self.one(*MODES)}'",
            f"home.mode in ('{self.one('home', 'away')}', 'night')",
            *[f"{self.number()} {self.one('<', '<=', '>', '>=', '==')} {self.random.randint(0, 40)}"] * 3,
            f"{self.one(*NUMBERS[:3])} is {self.one('known', 'unknown')}",
        )

    # What happens.

    def stream(self) -> list[Happening]:
        known = [("hall.motion", "occupied", False), ("garage.door", "open", False), ("hall.lux", "illuminance", 15)]
        known += [("hall.light", "on", False), ("hall.light", "level", 20), ("garage.freezer", "temperature", 0)]
        known += [("porch.light", "on", True)]
        happenings = [Happening(0, "report", report) for report in known if self.chance(0.8)]
        silent = False
        for _ in range(self.random.randint(10, 50)):
            after_s = self.one(0, 0, 1, 1, 1, 2, 3, 3, 5, 8, 10, 20, 30)
            kind, *what = self._happening()
            if silent:
                happenings.append(Happening(after_s, "back", ("garage.freezer",)))
                silent = False
            silent = kind == "silent"
            happenings.append(Happening(after_s, kind, tuple(what)))
        return [*happenings, Happening(400, "press", (BUTTON, "single"))]

    def _happening(self) -> tuple[Any, ...]:
        number = self.random.randint
        return self.one(  # type: ignore[no-any-return]
            *[("report", "hall.motion", "occupied", self.chance(0.5))] * 4,
            *[("report", "garage.door", "open", self.chance(0.5))] * 3,
            *[("report", "hall.lux", "illuminance", number(0, 40))] * 4,
            *[("report", "garage.freezer", "temperature", number(0, 40))] * 4,
            ("report", "hall.light", "on", self.chance(0.5)),
            ("report", "hall.light", "level", number(0, 50)),
            ("report", "porch.light", "on", self.chance(0.5)),
            *[("press", BUTTON, self.one("single", "double"))] * 6,
            ("mode", self.one(*MODES)),
            ("variable", self.one("n", "m"), number(0, 9)),
            ("webhook", self.one("a", "b")),
            ("silent", "garage.freezer"),
            *[("reboot", self.one(0, 1, 5, 15, 70))] * 2,
        )


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)
