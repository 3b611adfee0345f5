"""The reader of rule files: all of them together, with everything that is wrong in any of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from hubagent.model.capability import Value
from hubagent.rules.many_objects import nothing_collected
from hubagent.rules.reading.blueprints import read_blueprint, read_use
from hubagent.rules.reading.form import name, plain_value
from hubagent.rules.reading.references import check_references
from hubagent.rules.reading.rules import read_rule
from hubagent.rules.reading.scenes import read_never, read_scene
from hubagent.rules.reading.trials import read_trial
from hubagent.rules.reading.wrong import Findings, Wrong, shown
from hubagent.rules.rule import Rule
from hubagent.rules.rule_set import MODES, RuleSet
from hubagent.rules.triggers.fields import WORD
from hubagent.toml_lines import Document, Mistakes, Spot, did_you_mean, read_document

FILES_MAX: Final = 64
LETTERS_MAX: Final = 8 << 20
"""Of all files together."""
RULES_MAX: Final = 20_000
USES_MAX: Final = 2000
OTHERS_MAX: Final = 1000
"""Scenes, invariants, blueprints, tests and variables, of each."""
MODES_MAX: Final = 32

LISTS: Final = ("blueprint", "rule", "use", "scene", "never", "test")
TABLES: Final = ("home", "variables")


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def place(self) -> Spot: ...


_Thing = TypeVar("_Thing", bound=_Named)


def read_rule_set(paths: Iterable[Path], http_hosts: frozenset[str] | None = None) -> RuleSet:
    """All rules of all files. Raises Mistakes, with everything that is wrong with any of them.

    With `http_hosts`, rules that call others are refused.
    """
    findings = Findings()
    with nothing_collected():
        documents: list[Document] = []
        for path in list(paths)[: FILES_MAX + 1]:
            try:
                documents.append(read_document(path))
            except Mistakes as unreadable:
                findings.add(unreadable.mistakes)
            if sum(len(document.source.text) for document in documents) > LETTERS_MAX:
                findings.say(documents[-1].spot(), f"all files together have more than {LETTERS_MAX >> 20} MB")
                break
        if len(documents) > FILES_MAX:
            findings.say(documents[-1].spot(), f"there are more than {FILES_MAX} rule files")
        return _rule_set(documents, findings, http_hosts)


def rule_set_of(documents: Sequence[Document], http_hosts: frozenset[str] | None = None) -> RuleSet:
    """Likewise, of files that are read already, or were never any."""
    with nothing_collected():
        return _rule_set(documents, Findings(), http_hosts)


def _rule_set(documents: Sequence[Document], findings: Findings, http_hosts: frozenset[str] | None) -> RuleSet:
    for document in documents:
        _check_keys(document, findings)
    modes = _modes(documents, findings)
    variables = _variables(documents, findings)
    blueprints = _by_name(_all(documents, "blueprint", read_blueprint, findings), "blueprint", findings)

    def used(table: Any, spot: Spot, told: Findings) -> Rule | None:
        return read_use(table, spot, blueprints, told)

    rules = [*_all(documents, "rule", read_rule, findings), *_all(documents, "use", used, findings)]
    rule_set = RuleSet(
        rules=tuple(_by_name(rules, "rule", findings).values()),
        scenes=_by_name(_all(documents, "scene", read_scene, findings), "scene", findings),
        nevers=tuple(_by_name(_all(documents, "never", read_never, findings), "never", findings).values()),
        tests=tuple(_by_name(_all(documents, "test", read_trial, findings), "test", findings).values()),
        variables=variables,
        modes=modes,
        sources=tuple(document.source for document in documents),
    )
    if not findings:  # names of what could not be read would be missed as well
        check_references(rule_set, http_hosts, findings)
    findings.raise_if_any()
    return rule_set


def _check_keys(document: Document, findings: Findings) -> None:
    known = (*LISTS, *TABLES)
    for key, value in document.tables.items():
        spot = document.spot(key)
        if key not in known:
            near = did_you_mean(key, known)
            findings.say(
                spot,
                f"there is no such key{near}; a rule begins with [[rule]]; others: {', '.join(known)}",
                of_key=True,
            )
        elif key in LISTS and not isinstance(value, list):
            findings.say(spot, f"is written [[{key}]], once for each")
        elif key in TABLES and not isinstance(value, dict):
            findings.say(spot, f"is a table: [{key}]")


_Read = Callable[[Any, Spot, Findings], _Thing | None]


def _all(documents: Sequence[Document], key: str, read: _Read[_Thing], findings: Findings) -> list[_Thing]:
    most = {"rule": RULES_MAX, "use": USES_MAX}.get(key, OTHERS_MAX)
    things: list[_Thing] = []
    count = 0
    for document in documents:
        tables = document.tables.get(key, [])
        if not isinstance(tables, list):
            continue
        for number, table in enumerate(tables):
            if findings.are_full:
                return things
            count += 1
            if count > most:
                findings.say(document.spot(key, number), f"there are more than {most} of these")
                return things
            thing = read(table, document.spot(key, number), findings)
            if thing is not None:
                things.append(thing)
    return things


def _by_name(things: Iterable[_Thing], what: str, findings: Findings) -> dict[str, _Thing]:
    named: dict[str, _Thing] = {}
    for thing in things:
        other = named.setdefault(thing.name, thing)
        if other is not thing:
            place = thing.place.used_at or thing.place
            findings.say(place.below("name"), f"there is another {what} {thing.name!r}, at {other.place}")
    return named


def _modes(documents: Sequence[Document], findings: Findings) -> tuple[str, ...]:
    found: tuple[str, ...] | None = None
    for document in documents:
        home = document.tables.get("home")
        if not isinstance(home, dict):
            continue
        for key in home:
            if key != "modes":
                what = f"there is no such key{did_you_mean(key, ['modes'])}; there is: modes"
                findings.say(document.spot("home", key), what, of_key=True)
        if "modes" not in home:
            continue
        spot = document.spot("home", "modes")
        try:
            modes = _mode_names(home["modes"])
        except Wrong as wrong:
            findings.wrong(spot, wrong)
            continue
        if found is not None and modes != found:
            findings.say(spot, f"another file says: {', '.join(found)}")
        found = found or modes
    return found or MODES


_MODE: Final = name("a mode")


def _mode_names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MODES_MAX:
        raise Wrong(f'is a list of at most {MODES_MAX} names, as ["home", "away"]; not {shown(value)}')
    modes: list[str] = []
    for number, item in enumerate(value):
        try:
            modes.append(_MODE.read(item))
        except Wrong as wrong:
            raise wrong.at(number) from wrong
        if modes[-1] in modes[:-1]:
            raise Wrong("stands there twice", below=(number,))
    return tuple(modes)


def _variables(documents: Sequence[Document], findings: Findings) -> Mapping[str, Value]:
    variables: dict[str, Value] = {}
    for document in documents:
        table = document.tables.get("variables")
        for key, value in table.items() if isinstance(table, dict) else ():
            spot = document.spot("variables", key)
            if key in variables:
                findings.say(spot, "there is another variable of this name", of_key=True)
                continue
            try:
                WORD.read(key)
            except Wrong as wrong:
                findings.say(spot, str(wrong), of_key=True)
                continue
            try:
                variables[key] = plain_value(value)
            except Wrong as wrong:
                findings.wrong(spot, wrong)
            if len(variables) > OTHERS_MAX:
                findings.say(spot, f"there are more than {OTHERS_MAX} variables", of_key=True)
                return variables
    return variables
