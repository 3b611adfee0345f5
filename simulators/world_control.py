"""What `sim do` may ask of a running world, through its `control_socket`.

{"do": ["press", "hall.light"]}     ->  {"ok": true}
{"list": true}                      ->  {"ok": true, "home": "demo", "devices": [...]}
anything that cannot be done        ->  {"ok": false, "error": "..."}
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulators.control_socket import Answer, NotThere, ask, carry_out, meant, serve_socket, sockets_in

if TYPE_CHECKING:
    # Only named here: `sim do` would pay for a whole world's modules.
    from simulators.world import World

TROUBLES_SHOWN: Final = 5
"""Of what residents and events could not do, the latest."""

Answers = Mapping[str, Callable[[Any], Answer]]
"""By the key of a question: what answers it, given the key's value. Raises ValueError."""


@asynccontextmanager
async def serve_control(world: "World", folder: Path, more: Answers | None = None) -> AsyncIterator[Path]:
    """Let others act on `world` through a socket in `folder`; gives its path. `more` is what else may be asked."""
    async with serve_socket(folder, world.plan.name, partial(answer, world, more=more)) as path:
        yield path


def answer(world: "World", line: bytes, more: Answers | None = None) -> Answer:
    """Carry out one line. Whatever is wrong with it is in the answer."""
    return carry_out(line, partial(_carry_out, world, more or {}))


def _carry_out(world: "World", more: Answers, question: Mapping[str, Any]) -> Answer:
    """Raises ValueError."""
    for key, answers in more.items():
        if key in question:
            return answers(question[key])
    if "list" in question:
        return {
            "home": world.plan.name,
            "devices": world.state(),
            "residents": world.whereabouts(),
            **world.inside(),
            "troubles": list(world.troubles)[-TROUBLES_SHOWN:],
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
