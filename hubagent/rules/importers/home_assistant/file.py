"""Files of Home Assistant: where automations and scenes are in them, and all of them together as an import."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hubagent.rules.importers.home_assistant.automation import rule_of
from hubagent.rules.importers.home_assistant.draft import Draft
from hubagent.rules.importers.home_assistant.entities import Entities
from hubagent.rules.importers.home_assistant.scenes import entity_of, scene_of
from hubagent.rules.importers.home_assistant.yaml_text import BadYaml, Tagged, read_yaml
from hubagent.rules.importers.home_assistant.yaml_text import Mapping as YamlMapping
from hubagent.rules.importers.imported import Import, ImportedRule, Share, stub
from hubagent.rules.importers.reason import CannotTranslate, Reason, one_line
from hubagent.rules.reading.rule_set import OTHERS_MAX

AUTOMATIONS_MAX: Final = 5000

DIFFERENCES: Final = (
    "What is unknown is neither true nor false: about a silent device, neither a condition nor its opposite holds.",
    "A device that comes back, and the first report after a start, set nothing off.",
    "A time of day that the clock skips in spring comes as it is put forward; one that comes twice comes once.",
    "An action that fails does not keep those after it from being done.",
    "A condition after an action knows of a device what it reported last, which may be from before the action.",
    "`for`, delays and waits survive restarts.",
    "The sun is up from sunrise to sunset by the place in hub.toml.",
    "A cover is open as soon as it is no longer closed, and not only once it has come to rest.",
    "Numbers are taken to be in the units that devices have here: W and not kW, kWh, hPa, lx, °C unless --fahrenheit.",
)
_TRIGGER_KEYS: Final = ("trigger", "triggers", "use_blueprint")


class BadFile(Exception):
    """The file is none of automations; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file that was read."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class _Found:
    """An automation or a scene, where it stands."""

    value: Any
    file: Text
    lines: tuple[int, int] | None

    @property
    def place(self) -> str:
        return self.file.name if self.lines is None else f"{self.file.name}:{self.lines[0] + 1}"

    @property
    def source(self) -> tuple[str, ...]:
        return () if self.lines is None else tuple(self.file.text.splitlines()[slice(*self.lines)])


def import_home_assistant(
    automations: Text, scenes: Text | None, mapped: Mapping[str, str], *, fahrenheit: bool = False
) -> Import:
    """Raises BadFile."""
    documents = _documents(automations)
    found = [one for document in documents for one in _automations(document, automations)]
    if all(isinstance(one.value, Tagged) for one in found):
        raise BadFile(f"{automations.name}: {_why_none(documents)}")
    if len(found) > AUTOMATIONS_MAX:
        raise BadFile(f"{automations.name}: has more than {AUTOMATIONS_MAX} automations; import it in parts")
    entities = Entities(mapped, fahrenheit=fahrenheit)
    result = Import(differences=DIFFERENCES)
    known = [one for document in documents for one in _below(document, "scene", automations)]
    if scenes is not None:
        known += [_Found(item, scenes, _lines(item)) for one in _documents(scenes) for item in _scene_list(one)]
    names, lost = _scenes(known, entities, result)
    used: dict[str, None] = {}
    for one in found:
        draft = Draft(entities, names, lost)
        result.rules.append(_rule(one, draft))
        used |= draft.used_scenes
    result.scenes = {entity: scene for entity, scene in result.scenes.items() if entity in used}
    result.variables = dict(entities.variables)
    result.modes = dict(entities.modes)
    result.table = entities.table()
    return result


def _rule(found: _Found, draft: Draft) -> ImportedRule:
    if isinstance(found.value, Tagged):
        reason = Reason("automations in another file", f"{found.value}; import that file, too")
        return ImportedRule(stub("in another file", [reason]), Share.NOT, (reason,), (), found.place, found.source)
    if not isinstance(found.value, Mapping):
        reason = Reason("automation that is no table", one_line(found.value, 80))
        table = stub("not an automation", [reason])
        return ImportedRule(table, Share.NOT, (reason,), (), found.place, found.source)
    named = found.value.get("alias", found.value.get("id"))
    name = one_line(named, 100) if isinstance(named, str | int | float) else ""
    return rule_of(found.value, name or f"automation at {found.place}", found.place, found.source, draft)


def _documents(file: Text) -> list[Any]:
    try:
        found = read_yaml(file.text)
    except BadYaml as bad:
        place = file.name if bad.line is None else f"{file.name}:{bad.line}:{bad.column}"
        raise BadFile(f"{place}: {bad}") from bad
    return [document for document in found if document is not None]


def _automations(document: Any, file: Text) -> Iterator[_Found]:
    if isinstance(document, list):
        yield from (_Found(item, file, _lines(item)) for item in document if item is not None)
    elif isinstance(document, Mapping) and _is_automation(document):
        yield _Found(document, file, _lines(document))
    else:
        yield from _below(document, "automation", file)


def _is_automation(item: Any) -> bool:
    return isinstance(item, Mapping) and any(key in item for key in _TRIGGER_KEYS)


def _below(document: Any, word: str, file: Text) -> Iterator[_Found]:
    """Under `automation:` or `automation kitchen:`, also in packages."""
    if not isinstance(document, Mapping):
        return
    for key, value in document.items():
        if key == word or (isinstance(key, str) and key.startswith(f"{word} ")):
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Mapping | Tagged):
                    yield _Found(item, file, _lines(item))
    home = document.get("homeassistant")
    packages = home.get("packages") if isinstance(home, Mapping) else None
    for package in packages.values() if isinstance(packages, Mapping) else ():
        if isinstance(package, Mapping) and "homeassistant" not in package:
            yield from _below(package, word, file)


def _scene_list(document: Any) -> list[Any]:
    if isinstance(document, Mapping) and "scene" in document:
        document = document["scene"]
    return document if isinstance(document, list) else [document]


def _lines(item: Any) -> tuple[int, int] | None:
    return item.lines if isinstance(item, YamlMapping) else None


def _why_none(documents: Iterable[Any]) -> str:
    for document in documents:
        if isinstance(document, list) and document:
            return f"says only {document[0]}; give that file"
        if isinstance(document, Tagged):
            return f"says only {document}; give that file"
        if isinstance(document, Mapping):
            value = document.get("automation")
            if isinstance(value, Tagged):
                return f"has its automations elsewhere, by {value}; give that file"
            keys = ", ".join(str(key)[:20] for key in list(document)[:5])
            return f"has no automations: neither a list of them nor `automation:`, but {keys}"
        return f"has no automations, but {one_line(document, 60)}"
    return "is empty"


def _scenes(found: Iterable[_Found], entities: Entities, result: Import) -> tuple[dict[str, str], dict[str, Reason]]:
    """By their entity ids: what those are called that are here, and why the others are not."""
    names: dict[str, str] = {}
    lost: dict[str, Reason] = {}
    for one in found:
        if not isinstance(one.value, Mapping) or len(names) >= OTHERS_MAX:
            continue
        entity = ""
        try:
            entity = entity_of(one.value)
            scene = scene_of(one.value, entities)
        except CannotTranslate as cannot:
            lost[entity] = cannot.reason
            continue
        if scene["name"] not in names.values():
            names[entity] = scene["name"]
            result.scenes[entity] = scene
    return names, lost
