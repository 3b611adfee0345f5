"""Everything that the rule files of a home say, together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hubagent.model.capability import Value
from hubagent.rules.never import Never
from hubagent.rules.rule import Rule
from hubagent.rules.scene import Scene
from hubagent.rules.trial import Trial
from hubagent.toml_lines import Source

MODES: Final = ("home", "away", "night")
"""A home's modes where no file says others."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Names are unique among the rules, the scenes, the invariants and the tests."""

    rules: tuple[Rule, ...] = ()
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    nevers: tuple[Never, ...] = ()
    tests: tuple[Trial, ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)
    """With their first values, which give their types: flag, number or text."""
    modes: tuple[str, ...] = MODES
    """The first is the one that a home begins with."""
    sources: tuple[Source, ...] = field(default=(), compare=False, repr=False)
    """What it was read from."""
