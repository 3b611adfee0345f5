"""What `sim do` may ask of a running world, through its `control_socket`.

{"do": ["press", "hall.light"]}     ->  {"ok": true}
{"list": true}                      ->  {"ok": true, "home": "demo", "devices": [...]}
anything that cannot be done        ->  {"ok": false, "error": "..."}
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulators.control_socket import Answer, NotThere, ask, carry_out, meant, serve_socket, sockets_in

if TYPE_CHECKING:
    # Only named here: `sim do` would pay for a whole world's modules.
    from simulators.world import World


@asynccontextmanager
async def serve_control(world: "World", folder: Path) -> AsyncIterator[Path]:
    """Let others act on `world` through a socket in `folder`; gives its path."""
    async with serve_socket(folder, world.plan.name, partial(answer, world)) as path:
        yield path


def answer(world: "World", line: bytes) -> Answer:
    """Carry out one line. Whatever is wrong with it is in the answer."""
    return carry_out(line, partial(_carry_out, world))


def _carry_out(world: "World", question: Mapping[str, Any]) -> Answer:
    """Raises ValueError."""
    if "list" in question:
        return {
            "home": world.plan.name,
            "devices": world.state(),
            "residents": world.whereabouts(),
            **world.inside(),
        }
    words = question.get("do")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError('what to do is a list of words: {"do": ["press", "hall.light"]}')
    world.do(*words)
    return {}


def find_world(folder: Path, named: str | None) -> Path:
    """The socket of the world that `named` means (a path, or a part of its name), or of the only one. NotThere."""
    alive = sockets_in(folder)
    found = meant(named, alive)
    if len(found) == 1:
        return found[0]
    if not alive:
        raise NotThere("no simulated home is running; start one with `hubagent sim up`")
    running = ", ".join(path.stem for path in alive)
    raise NotThere(f"{'several' if found else 'no such'} simulated homes; say which with --world: {running}")


def ask_world(path: Path, question: Mapping[str, Any]) -> Answer:
    """Send one question to the world at `path`. Raises NotThere."""
    return ask(path, question, "simulated home")
