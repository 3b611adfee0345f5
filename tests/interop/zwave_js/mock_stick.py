"""zwave-js' own mock stick, with a home of its mock nodes, as a peer for our driver.

The nodes are those of `nine_kinds.cjs`; `Kind` names them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from pathlib import Path

from tests.interop.told_process import ToldProcess
from tests.interop.zwave_js.node_process import node_process

HERE = Path(__file__).parent
HOME_ID = 0x7E570001


class Kind(IntEnum):
    """The nodes of nine_kinds.cjs by what they are."""

    SWITCH = 2
    DIMMER = 3
    LOCK = 4
    THERMOSTAT = 5
    ROOM_SENSOR = 6
    MOTION = 7
    DOOR = 8
    LEAK = 9
    SMOKE = 10
    SLEEPER = 11
    STRIP = 12
    LAMP = 13
    BLIND = 14
    PLUG = 15
    REMOTE = 16
    JOINING = 20
    """Not in the network at first."""

    @property
    def device(self) -> str:
        return f"zwave-{HOME_ID:08x}-{self.value}"

    def part(self, end_point: int) -> str:
        return f"{self.device}/{end_point}"


class MockStick:
    """The stick and its nodes: what these do by themselves, and what they heard."""

    def __init__(self, process: ToldProcess, port: int) -> None:
        self.port = port
        self._process = process

    @property
    def url(self) -> str:
        return f"socket://127.0.0.1:{self.port}"

    async def says(self, node: int, command: str) -> None:
        """The node sends a command, in hex, of its own accord."""
        await self._process.call("send", node=node, command=command)

    async def heard(self, node: int | None = None) -> list[str]:
        """The commands, in hex, that the node (or any) has received since `forget`."""
        return [command for receiver, command in await self.all_heard() if node in (None, receiver)]

    async def all_heard(self) -> list[tuple[int, str]]:
        """The commands that nodes have received since `forget`: which node, and the command in hex."""
        await self._process.call("settle")
        return [
            (event["node"], event["command"])
            for event in self._process.events
            if event["event"] == "host" and event.get("heard") and "command" in event
        ]

    async def functions(self) -> list[int]:
        """The functions of the Serial API that were called since `forget`."""
        await self._process.call("settle")
        return [event["function"] for event in self._process.events if event["event"] == "host"]

    async def forget(self) -> None:
        await self._process.call("settle")
        self._process.events.clear()

    async def hears(self, node: int, command: str, timeout_s: float = 30.0) -> None:
        """Wait until the node has received a command that begins so, since `forget`."""
        await self._process.until(
            lambda: any(
                event["event"] == "host"
                and event["node"] == node
                and event["heard"]
                and event.get("command", "").startswith(command)
                for event in self._process.events
            ),
            timeout_s,
        )

    async def deafen(self, node: int) -> None:
        """The node neither acknowledges nor answers any more."""
        await self._process.call("deafen", node=node)

    async def cure(self, node: int) -> None:
        await self._process.call("cure", node=node)

    async def wake(self, node: int) -> None:
        """A sleeping node wakes up and says so; it hears until it is told that there is nothing more."""
        await self._process.call("wake", node=node)

    async def join(self) -> None:
        """`Kind.JOINING` waits to be included."""
        await self._process.call("join")

    async def pull(self) -> None:
        """Unplug the stick."""
        await self._process.call("pull")

    async def plug(self) -> None:
        await self._process.call("plug")

    def troubles(self) -> list[str]:
        """What went wrong inside the mock, such as a frame of its own that was not acknowledged."""
        return [event["text"] for event in self._process.events if event["event"] == "trouble"]


@asynccontextmanager
async def mock_stick(folder: Path, *only: Kind) -> AsyncIterator[MockStick]:
    """The stick on a free TCP port, with all nodes or `only` some; its stderr in `folder`.

    Skips the test where zwave-js is not installed.
    """
    arguments = (str(HERE / "nine_kinds.cjs"), *(str(int(kind)) for kind in only))
    async with node_process(HERE / "mock_stick.cjs", *arguments, errors=folder / "mock_stick.txt") as process:
        await process.until(lambda: bool(process.events))
        yield MockStick(process, process.events[0]["port"])
