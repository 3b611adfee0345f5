"""Rule files from text, and what is said of them."""

from pathlib import Path

import pytest

from hubagent.rules.reading.rule_set import read_rule_set
from hubagent.rules.rule import Rule
from hubagent.rules.rule_set import RuleSet
from hubagent.toml_lines import Mistakes

LAMP_ON = 'do = [{ set = "lamp", on = true }]'


def rule_set(folder: Path, text: str, http_hosts: frozenset[str] | None = None) -> RuleSet:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return read_rule_set([path], http_hosts)


def a_rule(folder: Path, *lines: str, when: str = '"switch becomes on"', name: str = "a rule") -> Rule:
    """The one rule that has these lines; what is not said is harmless."""
    [rule] = rule_set(folder, rule_text(*lines, when=when, name=name)).rules
    return rule


def rule_text(*lines: str, when: str = '"switch becomes on"', name: str = "a rule") -> str:
    body = "\n".join(lines)
    action = "" if any(line.startswith("do =") for line in lines) or "[[rule.do]]" in body else f"{LAMP_ON}\n"
    return f'[[rule]]\nname = "{name}"\nwhen = {when}\n{action}{body}\n'


def mistakes(folder: Path, text: str, http_hosts: frozenset[str] | None = None) -> list[str]:
    """Each without the folder and the excerpt."""
    return [told.partition("\n")[0] for told in whole_mistakes(folder, text, http_hosts)]


def whole_mistakes(folder: Path, text: str, http_hosts: frozenset[str] | None = None) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        rule_set(folder, text, http_hosts)
    return [str(mistake).removeprefix(f"{folder}/") for mistake in caught.value.mistakes]


def the_mistake(folder: Path, text: str) -> str:
    [mistake] = mistakes(folder, text)
    return mistake
