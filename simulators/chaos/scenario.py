"""One run, as it is asked for: which home and seed, for how long, with which faults. The same one is the same run."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Any, Final

from simulators.chaos.fault import Fault, parse_fault, text_of
from simulators.home import HomePlan, home_file, read_home, rules_file, with_devices_only

DEFAULT_HOME: Final = "flat"
DEFAULT_SECONDS: Final = 3600.0
COMMAND: Final = "hubagent sim chaos"
PULLS_SHARE: Final = 0.5
"""Of all runs."""
PATIENT_SHARE: Final = 0.25
"""Likewise."""


@dataclass(frozen=True, slots=True)
class Scenario:
    home: str = DEFAULT_HOME
    """A bundled one by its name, or a file."""
    seed: int = 0
    seconds: float = DEFAULT_SECONDS
    """How long something may go wrong, from when the home had settled; healing and the checks come on top."""
    faults: tuple[Fault, ...] = ()
    people: bool = True
    """Residents live, and people press, wish and command."""
    without: tuple[str, ...] = ()
    """Devices of the home that are not there."""
    rules: tuple[str, ...] = ()
    """Files of rules; none: those that lie beside the home's file, if there are any."""

    @property
    def broker(self) -> bool:
        """Between hub and cloud is a broker, as with MQTT; else nothing, as with CoAP. As the seed says."""
        return self.rng("uplink").random() < 0.5

    @property
    def pulls_a_plug(self) -> bool:
        """When all else is well again somebody takes a device its power, and leaves it so; in half of the runs."""
        return self.people and self.rng("pulls").random() < PULLS_SHARE

    @property
    def is_patient(self) -> bool:
        """It goes on for as long as any check may wait, though all is well before: for what goes wrong late."""
        return self.rng("patience").random() < PATIENT_SHARE

    def rng(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 - a simulation's

    def plan(self) -> HomePlan:
        """Raises NoSuchHome, or Mistakes."""
        plan = read_home(home_file(self.home))
        if not self.without:
            return plan
        return with_devices_only(plan, [it.name for it in plan.device if it.name not in self.without])

    def rule_files(self) -> tuple[Path, ...]:
        """Raises NoSuchHome."""
        if self.rules:
            return tuple(Path(name) for name in self.rules)
        beside = rules_file(home_file(self.home))
        return () if beside is None else (beside,)

    def command(self) -> str:
        """The line that runs it again; to be typed into a shell as it stands."""
        words = [COMMAND, quote(self.home), "--seed", str(self.seed), "--seconds", text_of(self.seconds)]
        for file in self.rules:
            words += ["--rules", quote(file)]
        words += [] if self.people else ["--no-people"]
        for name in self.without:
            words += ["--without-device", name]
        for fault in self.faults:
            words += ["--fault", str(fault)]
        if not self.faults:
            words += ["--faults", "none"]
        return " ".join(words)

    def to_json(self) -> dict[str, Any]:
        return {
            "home": self.home,
            "seed": self.seed,
            "seconds": self.seconds,
            "faults": [str(fault) for fault in self.faults],
            "people": self.people,
            "without": list(self.without),
            "rules": list(self.rules),
        }


def scenario_of(told: Mapping[str, Any]) -> Scenario:
    """As `to_json` says it."""
    faults = tuple(parse_fault(word, number) for number, word in enumerate(told["faults"]))
    return Scenario(
        told["home"],
        int(told["seed"]),
        float(told["seconds"]),
        faults,
        told["people"],
        tuple(told["without"]),
        tuple(told.get("rules", ())),
    )


def with_faults(scenario: Scenario, faults: tuple[Fault, ...]) -> Scenario:
    return replace(scenario, faults=faults)
