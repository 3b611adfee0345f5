"""What a stick remembers without power: home id, nodes, roles and radio settings, in a JSON file or nowhere."""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from drivers.zwave.serial_api.setup import Region
from simulators.kept_file import read_kept, write_kept
from simulators.zwave.radio_node import NodeInformation

CONTROLLER_NODE: Final = 1
HIGHEST_NODE: Final = 232
IMAGE_BYTES: Final = 0xC000
"""As much as the memory of a 700-series controller."""
_BLANK: Final = b"\xff"


@dataclass(slots=True)
class NodeEntry:
    """A node in the controller's list, whether or not its device is still about."""

    device: str
    """The name of the device; it gets this node identifier again after a restart."""
    info: NodeInformation
    neighbors: frozenset[int] = frozenset()


@dataclass(slots=True)
class Memory:
    """Read by everyone, changed through `save`d by whoever changes it."""

    home_id: int
    last_node_id: int = CONTROLLER_NODE
    suc_node_id: int = CONTROLLER_NODE
    region: Region = Region.EUROPE
    powerlevel_decidbm: int = 0
    measured_at_0_decidbm: int = 33
    nodes: dict[int, NodeEntry] = field(default_factory=dict)
    """Without the controller itself."""
    path: Path | None = None
    """None: forgotten with the process."""

    @classmethod
    def open(cls, path: Path | None, rng: random.Random) -> "Memory":
        """Read `path`, or begin a new network there with a home id from `rng`. Raises ValueError on a damaged file."""
        if path is None or not path.exists():
            memory = cls(draw_home_id(rng), path=path)
            memory.save()
            return memory
        return read_kept(path, "a stick's memory", lambda kept: _from_json(kept, path))

    def save(self) -> None:
        if self.path is not None:
            write_kept(self.path, _to_json(self), synced=True)

    def to_image(self) -> bytes:
        """All of it as a chip would give it out for backup: IMAGE_BYTES, their meaning nobody's business."""
        image = json.dumps(_to_json(self), separators=(",", ":")).encode()
        assert len(image) <= IMAGE_BYTES
        return image.ljust(IMAGE_BYTES, _BLANK)

    def load_image(self, image: bytes) -> None:
        """Become what an image says. Raises ValueError on one that is not ours, and stays as it was."""
        try:
            kept = _from_json(json.loads(image.rstrip(_BLANK)), self.path)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not an image of a stick's memory: {error!r}") from error
        for attribute in fields(kept):
            setattr(self, attribute.name, getattr(kept, attribute.name))
        self.save()

    def reset(self, rng: random.Random) -> None:
        """Factory settings: a new home id, and no nodes."""
        self.home_id = draw_home_id(rng)
        self.last_node_id = self.suc_node_id = CONTROLLER_NODE
        self.nodes.clear()
        self.save()

    def free_node_id(self) -> int:
        """The next one upward from the last, so that identifiers come back as late as possible. 0: none is free."""
        for node_id in self._upward():
            if node_id not in self.nodes:
                return node_id
        return 0

    def node_of(self, device: str) -> int | None:
        return next((node_id for node_id, entry in self.nodes.items() if entry.device == device), None)

    def _upward(self) -> Iterator[int]:
        yield from range(self.last_node_id + 1, HIGHEST_NODE + 1)
        yield from range(CONTROLLER_NODE + 1, self.last_node_id + 1)


def draw_home_id(rng: random.Random) -> int:
    """SDS13782: a controller draws its home id from 0xC0000000 to 0xFFFFFFFE."""
    return rng.randrange(0xC0000000, 0xFFFFFFFF)


def _to_json(memory: Memory) -> dict[str, Any]:
    return {
        "home_id": memory.home_id,
        "last_node_id": memory.last_node_id,
        "suc_node_id": memory.suc_node_id,
        "region": int(memory.region),
        "powerlevel_decidbm": memory.powerlevel_decidbm,
        "measured_at_0_decidbm": memory.measured_at_0_decidbm,
        "nodes": {
            str(node_id): {
                "device": entry.device,
                "info": asdict(entry.info),
                "neighbors": sorted(entry.neighbors),
            }
            for node_id, entry in memory.nodes.items()
        },
    }


def _from_json(kept: dict[str, Any], path: Path | None) -> Memory:
    nodes = {
        int(node_id): NodeEntry(
            entry["device"],
            NodeInformation(**entry["info"] | {"command_classes": tuple(entry["info"]["command_classes"])}),
            frozenset(entry["neighbors"]),
        )
        for node_id, entry in kept["nodes"].items()
    }
    return Memory(
        home_id=kept["home_id"],
        last_node_id=kept["last_node_id"],
        suc_node_id=kept["suc_node_id"],
        region=Region(kept["region"]),
        powerlevel_decidbm=kept["powerlevel_decidbm"],
        measured_at_0_decidbm=kept["measured_at_0_decidbm"],
        nodes=nodes,
        path=path,
    )
