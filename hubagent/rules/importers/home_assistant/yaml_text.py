"""YAML as Home Assistant reads it, within bounds: from events to values, without ever following where it leads.

`!secret`, `!include` and `!input` become `Tagged`: what they stand for is not in the file. An alias is counted with all
that it repeats, so that a small file cannot grow into a large one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.nodes import ScalarNode

TEXT_LENGTH_MAX: Final = 2_000_000
NODES_MAX: Final = 400_000
DEPTH_MAX: Final = 60
_NUMBER_LENGTH_MAX: Final = 30

# The one written in C is ten times as fast; it is not there on every machine.
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAKES: Final = {
    "tag:yaml.org,2002:bool": "construct_yaml_bool",
    "tag:yaml.org,2002:int": "construct_yaml_int",
    "tag:yaml.org,2002:float": "construct_yaml_float",
}
_NULL: Final = "tag:yaml.org,2002:null"
_OURS: Final = ("tag:yaml.org,2002:", "!")


class BadYaml(Exception):
    """It is not YAML, or more of it than anybody writes. The text says where, by line and column."""

    def __init__(self, what: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(what)
        self.line, self.column = line, column


@dataclass(frozen=True, slots=True)
class Tagged:
    """`!secret alarm_code`: something that stands elsewhere."""

    tag: str
    value: str

    def __str__(self) -> str:
        return f"{self.tag} {self.value}"


class Mapping(dict[Any, Any]):
    """Knows which lines it stands on, counted from 0; the last is the first after it."""

    lines: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class _Open:
    """A list or table that is being read."""

    value: list[Any] | Mapping
    anchor: str | None
    line: int
    nodes: int = 1
    depth: int = 1
    """Of what stands below it."""
    key: Any = None
    has_key: bool = False
    merged: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    nodes: int
    depth: int


def read_yaml(text: str) -> list[Any]:
    """The documents that it has. Raises BadYaml."""
    if len(text) > TEXT_LENGTH_MAX:
        raise BadYaml(f"is larger than {TEXT_LENGTH_MAX // 1_000_000} MB")
    try:
        return _Reader().documents(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"is not YAML: {error.problem or error.context or error}"
        raise BadYaml(what, mark.line + 1 if mark else None, mark.column + 1 if mark else None) from error
    except yaml.YAMLError as error:
        raise BadYaml(f"is not YAML: {' '.join(str(error).split())[:200]}") from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise BadYaml("is not YAML that anybody writes") from error


class _Reader:
    def __init__(self) -> None:
        self._constructor: Any = yaml.SafeLoader("")
        self._anchors: dict[str, _Anchored] = {}
        self._open: list[_Open] = []
        self._found: list[Any] = []

    def documents(self, events: Iterator[Event]) -> list[Any]:
        for event in events:
            match event:
                case ScalarEvent():
                    value = self._scalar(event)
                    self._keep(event.anchor, value, 1, 0)
                    self._put(value, 1, 0)
                case AliasEvent():
                    anchored = self._anchors.get(str(event.anchor))
                    if anchored is None:
                        raise self._wrong(event, f"there is no &{event.anchor} before it that is complete")
                    self._put(anchored.value, anchored.nodes, anchored.depth)
                    self._check(event)
                case SequenceStartEvent() | MappingStartEvent():
                    value = [] if isinstance(event, SequenceStartEvent) else Mapping()
                    self._open.append(_Open(value, event.anchor, _line(event)))
                    self._check(event)
                case SequenceEndEvent() | MappingEndEvent():
                    self._close(event)
                    self._check(event)
                case _:
                    pass
        return self._found

    def _check(self, event: Event) -> None:
        depth = len(self._open) + max((one.depth for one in self._open), default=0)
        if depth > 2 * DEPTH_MAX or len(self._open) > DEPTH_MAX:
            raise self._wrong(event, f"lists and tables stand more than {DEPTH_MAX} deep in one another")
        if any(one.nodes > NODES_MAX for one in self._open):
            raise self._wrong(event, f"has more than {NODES_MAX} values, with what its aliases repeat")

    def _close(self, event: Event) -> None:
        done = self._open.pop()
        if isinstance(done.value, Mapping):
            for merged in done.merged:
                for key, value in merged.items():
                    done.value.setdefault(key, value)
            done.value.lines = (done.line, max(_line(event), done.line + 1))
        self._keep(done.anchor, done.value, done.nodes, done.depth)
        self._put(done.value, done.nodes, done.depth)

    def _keep(self, anchor: str | None, value: Any, nodes: int, depth: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = _Anchored(value, nodes, depth)

    def _put(self, value: Any, nodes: int, depth: int) -> None:
        if not self._open:
            self._found.append(value)
            return
        above = self._open[-1]
        above.nodes += nodes
        above.depth = max(above.depth, depth + 1)
        if isinstance(above.value, list):
            above.value.append(value)
        elif not above.has_key:
            above.key, above.has_key = _as_key(value), True
        else:
            if above.key == "<<":
                above.merged += [
                    one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)
                ]
            else:
                above.value[above.key] = value
            above.has_key = False

    def _scalar(self, event: ScalarEvent) -> Any:
        tag = event.tag
        if tag is not None and tag.startswith("!") and tag != "!":
            return Tagged(tag, str(event.value))
        if tag is None or tag == "!":
            tag = self._constructor.resolve(ScalarNode, event.value, event.implicit)
        if tag == _NULL:
            return None
        make = _MAKES.get(tag)
        if make is None or len(event.value) > _NUMBER_LENGTH_MAX:
            return event.value
        try:
            return getattr(self._constructor, make)(ScalarNode(tag, event.value))
        except (ValueError, KeyError, OverflowError, yaml.YAMLError):
            return event.value

    def _wrong(self, event: Event, what: str) -> BadYaml:
        mark = event.start_mark
        return BadYaml(what, _line(event) + 1, mark.column + 1 if mark is not None else None)


def _line(event: Event) -> int:
    return event.start_mark.line if event.start_mark is not None else 0


def _as_key(value: Any) -> Any:
    """A list or table as a key is nothing that Home Assistant has."""
    if value is True:  # `on:` is true in YAML 1.1, and a word to everybody who writes it
        return "on"
    return value if isinstance(value, str | int | float | None) else "?"
