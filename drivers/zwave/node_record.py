"""What is known of a node: the result of its interview, as it is kept between restarts.

Everything here can be written as JSON and read back. What changes from minute to minute (dead, asleep, who waits for
which answer) is `node`'s; how the knowledge is gathered is `interview`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Self

Facts = dict[str, Any]
"""What the interview of one command class found out, in JSON's words."""
SEEN = "seen"
"""Among them: what reports showed that there is. They come whenever they like, also before anything was asked."""

ROOT = 0
"""The end point that is the node itself."""


class Stage(IntEnum):
    """How far the interview has come; each is complete when it is reached."""

    NOTHING = 0
    PROTOCOL = 1
    NODE_INFO = 2
    IDENTITY = 3
    VERSIONS = 4
    END_POINTS = 5
    CLASSES = 6
    LIFELINE = 7
    COMPLETE = 8


@dataclass(slots=True)
class EndPoint:
    """The node itself (number 0) or one of its end points: which command classes it has, and what they said."""

    number: int
    generic_class: int = 0
    specific_class: int = 0
    versions: dict[int, int] = field(default_factory=dict)
    """Command class to version; 0 until it has been asked."""
    facts: dict[int, Facts] = field(default_factory=dict)
    """By command class."""
    memory: dict[str, Any] = field(default_factory=dict, compare=False)
    """What a translation must remember between two reports of one thing (colour components); not kept."""

    def has(self, command_class: int) -> bool:
        return command_class in self.versions

    def version(self, command_class: int) -> int:
        return self.versions.get(command_class, 0)

    def facts_of(self, command_class: int) -> Facts:
        return self.facts.get(command_class, {})

    def was_interviewed(self, command_class: int) -> bool:
        return command_class in self.facts and self.facts[command_class].keys() != {SEEN}

    def to_record(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "generic_class": self.generic_class,
            "specific_class": self.specific_class,
            "versions": {str(key): value for key, value in self.versions.items()},
            "facts": {str(key): value for key, value in self.facts.items()},
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        return cls(
            number=record["number"],
            generic_class=record["generic_class"],
            specific_class=record["specific_class"],
            versions={int(key): value for key, value in record["versions"].items()},
            facts={int(key): value for key, value in record["facts"].items()},
        )


@dataclass(slots=True)
class NodeRecord:
    """One node of the network. `end_points` always has the root."""

    node_id: int
    stage: Stage = Stage.NOTHING
    listening: bool = True
    """It hears at any time."""
    frequently_listening: bool = False
    """It wakes for a beam within a second (FLiRS)."""
    manufacturer: int | None = None
    product_type: int | None = None
    product: int | None = None
    firmware: str = ""
    name: str = ""
    """What the device itself says it is called, `location.name` (Node Naming)."""
    wake_up_interval_s: int | None = None
    interviews: int = 0
    """How often it has been interviewed to the end."""
    unanswered: int = 0
    """Questions of the interview that it has and did not answer: it cannot, or the answer was lost on the way."""
    end_points: dict[int, EndPoint] = field(default_factory=lambda: {ROOT: EndPoint(ROOT)})

    @property
    def root(self) -> EndPoint:
        return self.end_points[ROOT]

    @property
    def sleeps(self) -> bool:
        """It hears only for a while after it has woken up by itself."""
        return not self.listening and not self.frequently_listening

    def to_record(self) -> dict[str, Any]:
        return {
            "node_id": self.node_id,
            "stage": self.stage.name,
            "listening": self.listening,
            "frequently_listening": self.frequently_listening,
            "manufacturer": self.manufacturer,
            "product_type": self.product_type,
            "product": self.product,
            "firmware": self.firmware,
            "name": self.name,
            "wake_up_interval_s": self.wake_up_interval_s,
            "interviews": self.interviews,
            "unanswered": self.unanswered,
            "end_points": [end_point.to_record() for _, end_point in sorted(self.end_points.items())],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Raises KeyError, ValueError or TypeError for what `to_record` did not write: the node is asked anew then."""
        end_points = [EndPoint.from_record(item) for item in record["end_points"]]
        return cls(
            node_id=record["node_id"],
            stage=Stage[record["stage"]],
            listening=record["listening"],
            frequently_listening=record["frequently_listening"],
            manufacturer=record["manufacturer"],
            product_type=record["product_type"],
            product=record["product"],
            firmware=record["firmware"],
            name=record["name"],
            wake_up_interval_s=record["wake_up_interval_s"],
            interviews=record["interviews"],
            unanswered=record["unanswered"],
            end_points={end_point.number: end_point for end_point in end_points},
        )
