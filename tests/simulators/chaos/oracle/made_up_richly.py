"""Rule files with everything that rules can say, and homes in which everything goes wrong, made up from a seed.

On top of `tests.hubagent.rules.oracle.made_up`: safety and invariants, leases, retries, scenes that are all or none,
HTTP calls, the sun and cron lines, clocks that are set, devices that do not follow, records that are lost, files that
change.
"""

from random import Random
from typing import Any

from tests.hubagent.rules.oracle.made_up import Happening, MadeUp, Maker

LIGHTS = ("hall.light", "porch.light")
EVERYTHING = (*LIGHTS, "garage.opener")
"""What can be set."""
NEVERS = (
    "hall.light is on and home.mode == 'away'",
    "hall.light.level > 60 and porch.light.level > 60",
    "garage.opener.position == 0 and porch.light is on",
    "var.n > 7",
)
CLOCKS = (-3600, -30, 20, 90, 3600, 7200, 2 * 86_400, -3 * 86_400)
"""Seconds by which a clock is set."""
UNSET_S = -2 * 365 * 86_400
"""So far back, a clock shows that it does not know the time."""
CONDITIONS = (
    "between('00:01', '00:04')",
    "time < '00:03' or time > '23:00'",
    "weekday in ('thu', 'sat')",
    "since(hall.motion) > 5s",
    "since(garage.door) < 1m10s",
    "age(hall.light.level) > '1m'",
    "hall.light.on == ('on' if var.n > 3 else 'off')",
    "age(hall.lux) < 20s",
    "not sun.up",
    "hall.lux < 10 if home.mode == 'home' else porch.light is on",
    "abs(var.n - var.m) > 2",
    "round(hall.lux / 3) in (1, 3, 5)",
    "known(garage.freezer.temp)",
    "max(hall.light.level, porch.light.level) > 50",
)
TEXTS = ("{time} {weekday}", "{hall.motion} {garage.door}", "{age(hall.lux)}", "{sun.up}", "{trigger.late_s}")


def made_up_richly(seed: int) -> MadeUp:
    maker = RichMaker(Random(f"rich:{seed}"))
    text = maker.rule_file()
    return MadeUp(text, maker.stream(), seed)


class RichMaker(Maker):
    def rule_file(self) -> str:
        text = super().rule_file()
        for number, never in enumerate(NEVERS):
            if self.chance(0.2):
                caused_by = self.one("rules", "anybody")
                text += f'[[never]]\nname = "never {number}"\nthat = "{never}"\ncaused_by = "{caused_by}"\n'
        return text

    def _settings(self) -> list[dict[str, Any]]:
        devices = self.random.sample(EVERYTHING, self.random.randint(1, 3))
        return [{"device": one, **self._wish(one), **self._how()} for one in devices]

    def _more(self) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if self.chance(0.4):
            more |= {"yields_to": "manual", "lease": self.one("20s", "2m", "10m")}
        if self.chance(0.2):
            more["priority"] = "safety"
        if self.chance(0.2):
            more["dst"] = {"skipped": self.one("skip", "run at gap end"), "repeated": self.one("once", "twice")}
        return more

    def _signal(self) -> Any:
        if self.chance(0.6):
            return super()._signal()
        return self.one(
            {"cron": self.one("*/2 * * * *", "* 0 * * *", "1-59/3 * * * thu", "5 */2 * * *")},
            {"time": self.one("00:02", "01:00", "23:59"), "days": self.one("mon-fri", ["thu", "sun"])},
            {"sun": self.one("sunrise", "sunset"), "offset": self.one("-8h10m", "10m"), "not_after": "08:00"},
            {"joined": self.one("any", "kitchen.leak")},
            {"offline": "porch.light", "for": "3s"},
            {"state": "kitchen.leak", "becomes": "open"},
            {"state": "garage.opener.position", "changes": True},
        )

    def _set(self) -> dict[str, Any]:
        if self.chance(0.5):
            return {**super()._set(), **self._how()}
        device = self.one(*EVERYTHING)
        return {"set": device, **self._wish(device), **self._how()}

    def _wish(self, device: str) -> dict[str, Any]:
        if device in LIGHTS and self.chance(0.2):
            return {"on": "'on' if hall.motion is occupied else 'off'"}
        return self._constant() if device in LIGHTS else {"position": self.one(0, 40, 100)}

    def _how(self) -> dict[str, Any]:
        how: dict[str, Any] = {}
        if self.chance(0.3):
            how["retry"] = self.random.randint(1, 3)
        if self.chance(0.3):
            how["within"] = self.one("500ms", "2s", "10s")
        if self.chance(0.2):
            how["transition"] = self.one("1s", "10s")
        return how

    def action(self, deep: int) -> dict[str, Any]:
        if self.chance(0.8):
            return super().action(deep)
        return self.one(self._scene, self._http)()  # type: ignore[no-any-return]

    def _scene(self) -> dict[str, Any]:
        scene: dict[str, Any] = {"scene": self.one(*self.scenes)}
        if self.chance(0.5):
            scene["atomic"] = True
        if self.chance(0.5):
            scene["on_failure"] = self.one("report", "stop")
        if self.chance(0.2):
            scene["fade"] = "2s"
        return scene

    def _http(self) -> dict[str, Any]:
        call: dict[str, Any] = {"http": f"https://example.org/{self.one('good', 'bad')}", "method": "POST"}
        if self.chance(0.7):
            call["body"] = self.one("{var.n}", "hello", *TEXTS)
        if self.chance(0.6):
            call["retry"] = self.random.randint(1, 3)
        return call

    def _notify(self) -> dict[str, Any]:
        return {"notify": "owner", "text": self.one(*TEXTS)} if self.chance(0.3) else super()._notify()

    def flag(self, deep: int = 2, *, with_trigger: bool = False) -> str:
        if self.chance(0.2):
            return str(self.one(*CONDITIONS))
        return super().flag(deep, with_trigger=with_trigger)

    # What happens.

    def stream(self) -> list[Happening]:
        stream = super().stream()
        for _ in range(self.random.randint(0, 2)):
            at = self.random.randrange(len(stream))
            stream[at:at] = self._without_a_clock()
        stream += [Happening(1, "clock", (0,)), Happening(400, "press", ("sofa.remote", "single"))]
        return stream

    def _without_a_clock(self) -> list[Happening]:
        """It starts again and again, with and without knowing the time."""
        told = [Happening(1, *self._begins()) for _ in range(3)]
        for _ in range(4):
            start = ("reboot", (self.one(0, 1, 15, 70), self.one(UNSET_S, UNSET_S, 0)))
            told.append(Happening(self.one(1, 2, 30), *start))
            if self.chance(0.5):
                told.append(Happening(1, *self._begins()))
            if self.chance(0.3):
                told.append(Happening(self.one(1, 2, 30), "clock", (0,)))
        return told

    def _begins(self) -> tuple[str, tuple[Any, ...]]:
        """Of what holds and waits depend on."""
        return self.one(  # type: ignore[no-any-return]
            ("press", ("sofa.remote", "single")),
            ("report", ("hall.motion", "occupied", self.chance(0.5))),
            ("report", ("garage.door", "open", self.chance(0.5))),
            ("report", ("hall.light", "on", self.chance(0.5))),
        )

    def _happening(self) -> tuple[Any, ...]:
        if self.chance(0.6):
            return super()._happening()
        light = self.one(*EVERYTHING)
        return self.one(  # type: ignore[no-any-return]
            *[("deaf", light), ("hears", light), ("mute", light), ("speaks", light)] * 2,
            *[("mute", "net"), ("speaks", "net")],
            *[("hand", light)] * 4,
            *[("report", "garage.opener", "position", self.one(0, 40, 100))] * 2,
            ("report", "porch.light", "level", self.random.randint(1, 100)),
            ("report", "kitchen.leak", "open", self.chance(0.5)),
            ("clock", self.one(*CLOCKS)),
            ("clock", self.one(UNSET_S, 0)),
            *[("lost", self.one(0, 1, 5, 70, 3600))] * 2,
            ("reboot", self.one(3600, 90_000)),
            ("scene", self.one(*self.scenes)),
            ("run", self.one(*self.rules)),
            ("reload", self.one(*self.rules)),
            ("left", "porch.light"),
            ("joins", "porch.light"),
            ("joins", "kitchen.leak"),
        )
