"""Where the project reaches past its seams all the same, or goes through what has no order, and why that is well.

A row that excuses nothing any more fails the test, so that what is listed is what there is.
"""

from dataclasses import dataclass
from typing import Final

from tests.determinism.sin import Sin


@dataclass(frozen=True, slots=True)
class Excused:
    path: str
    """A file, or a folder with all that is in it."""
    what: str
    """The sin's name; of a module's functions the module is enough."""
    why: str

    def covers(self, sin: Sin) -> bool:
        in_path = sin.path == self.path or sin.path.startswith(f"{self.path}/")
        return in_path and (sin.what == self.what or sin.what.startswith(f"{self.what}."))


_MEASURES: Final = "it measures real time and real processes; no simulation runs it"
_SOCKETS: Final = "it runs on real sockets only, whose order is not ours"
_IDENTITIES: Final = "the key of a dict, in the order in which it was filled; never shown, and the object lives as long"
_CANCELLED: Final = "all of them are cancelled, and in which order nobody can see"
_KEYS: Final = "real TLS needs real keys; simulated sites are connected above it"
_SCRATCH: Final = "a folder of a command's; what runs in it does not say its name"

EXCUSED: Final = (
    Excused("drivers/serial_port.py", "folder", "whose process holds a real port"),
    Excused("drivers/wish.py", "itertools.count", "only which of two is the older counts"),
    Excused("hubagent/cli", "astimezone", "a person is told the time of their own clock"),
    Excused("hubagent/cli/run.py", "gc", "the composition root of a real process"),
    Excused(
        "hubagent/diagnosis.py", "tempfile", "whether a file can be made in the state's folder; none is left there"
    ),
    Excused("hubagent/identity/key.py", "generate_private_key", _KEYS),
    Excused("hubagent/identity/seal.py", "ssl.RAND_bytes", _KEYS),
    Excused("hubagent/rules/executor/guard.py", "id", _IDENTITIES),
    Excused("hubagent/rules/executor/waits.py", "id", _IDENTITIES),
    Excused(
        "hubagent/rules/executor/waits.py", "set", "runs by their numbers, which are sorted before they are looked at"
    ),
    Excused("hubagent/rules/expression/ranges.py", "id", _IDENTITIES),
    Excused("hubagent/rules/expression/typed.py", "id", _IDENTITIES),
    Excused("hubagent/rules/many_objects.py", "gc", "it only puts the collector off"),
    Excused("hubagent/runtime.py", "time.time", "the seam"),
    Excused("hubagent/runtime.py", "os.urandom", "the seam"),
    Excused("hubagent/store/lock.py", "os.getpid", "written into the lock's file, for a person who finds it taken"),
    Excused("simulators/bench", "asyncio", _MEASURES),
    Excused("simulators/bench", "gc", _MEASURES),
    Excused("simulators/bench", "subprocess", _MEASURES),
    Excused("simulators/bench", "tempfile", _MEASURES),
    Excused("simulators/bench", "time", _MEASURES),
    Excused("simulators/bench/week", "random", "bellows draws from it, and has no seam: seeded once"),
    Excused("simulators/chaos/checks/leftovers.py", "set by key", "they are counted by kind, and told in order"),
    Excused("simulators/chaos/checks/sizes.py", "id", "what was looked at already; never shown, and it lives as long"),
    Excused("simulators/scratch.py", "tempfile", _SCRATCH),
    Excused("simulators/chaos/jobs.py", "subprocess", "each runs whole simulations, and is told all they need"),
    Excused("simulators/cli.py", "tempfile", _SCRATCH),
    Excused("simulators/cloud/ca.py", "generate_private_key", _KEYS),
    Excused("simulators/cloud/ca.py", "random_serial_number", _KEYS),
    Excused("simulators/cloud/coap_front.py", "set", _SOCKETS),
    Excused("simulators/cloud/hubs.py", "set by key", "epoch and class are the whole key of a stream"),
    Excused("simulators/cloud/running.py", "tempfile", _SCRATCH),
    Excused("simulators/cloud/streams.py", "set by key", "epoch and class are the whole key of a stream"),
    Excused("simulators/control_socket.py", "os.getpid", _SOCKETS),
    Excused("simulators/control_socket.py", "tempfile", _SOCKETS),
    Excused("simulators/far_away.py", "astimezone", "a person is told the time of their own clock"),
    Excused("simulators/internet/network.py", "set by key", "each line has a number of its own"),
    Excused("simulators/recording", "tempfile", "files without a name, and a folder of a command's"),
    Excused("simulators/testing", "tempfile", _SCRATCH),
    Excused("simulators/tcp_proxy.py", "set", _SOCKETS),
    Excused("simulators/trials/cli.py", "tempfile", _SCRATCH),
    Excused("simulators/trials/invented_house.py", "set", _CANCELLED),
    Excused("simulators/virtual_time.py", "gc", "it only has the collector look less often"),
    Excused("simulators/virtual_time.py", "set by key", "each task has a number of its own"),
    Excused("simulators/web/events.py", "set", _SOCKETS),
    Excused("simulators/world.py", "set by key", "each life has a name of its own"),
    Excused("simulators/zigbee/chip.py", "set", _CANCELLED),
    Excused("simulators/zigbee/snapshot_node.py", "set by key", "each attribute has a name of its own"),
    Excused("simulators/zigbee/snapshot_node.py", "set", "a dict to look up names in"),
    Excused("simulators/zwave/chip.py", "set", _CANCELLED),
)
