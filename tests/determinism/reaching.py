"""What reaches past the seams: clocks, entropy, threads, processes, and what depends on addresses or on the collector.

`BANNED` is the table; ruff's `banned-api` in pyproject says the same of what it can name.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from tests.determinism.sin import Sin
from tests.determinism.source import FUNCTIONS, Module

BANNED: Final[Mapping[str, str]] = {
    "time": "use loop.time() or Runtime.wall",
    "datetime.datetime.now": "use Runtime.wall",
    "datetime.datetime.utcnow": "use Runtime.wall",
    "datetime.datetime.today": "use Runtime.wall",
    "datetime.date.today": "use Runtime.wall",
    "random": "use Runtime.rng(name), or random.Random with a seed of the run's",
    "os.urandom": "use Runtime.entropy",
    "os.getrandom": "use Runtime.entropy",
    "ssl.RAND_bytes": "use Runtime.entropy",
    "secrets": "use Runtime.entropy",
    "uuid.uuid1": "use Runtime.entropy",
    "uuid.uuid4": "use Runtime.entropy",
    "uuid.getnode": "it is another one on each machine",
    "tempfile": "its names are drawn",
    "os.getpid": "it is another one in each process",
    "socket.gethostname": "it is another one on each machine",
    "platform.node": "it is another one on each machine",
    "threading": "the agent has no threads",
    "_thread": "the agent has no threads",
    "queue": "the agent has no threads",
    "concurrent.futures": "the agent has no threads",
    "multiprocessing": "the agent has no threads",
    "asyncio.to_thread": "the agent has no threads",
    "subprocess": "what a process of its own does is in no seed",
    "asyncio.create_subprocess_exec": "what a process of its own does is in no seed",
    "asyncio.create_subprocess_shell": "what a process of its own does is in no seed",
    "asyncio.as_completed": "it goes through a set of what it is given",
    "asyncio.wait_for": "use asyncio.timeout: it takes another number of steps on Python 3.11 than later",
    "gc": "what it finds when is in no seed",
    "weakref.finalize": "it is called when the collector comes by",
    "id": "addresses differ from run to run",
    "hash": "hashes differ from run to run",
}
"""By dotted name, of what is below it too: why not, or what instead."""
PURE: Final = frozenset({"random.Random", "time.struct_time", "concurrent.futures.BrokenExecutor"})
"""Below a banned name, and harmless (of random.Random: its seed is looked at)."""
METHODS: Final[Mapping[str, str]] = {
    "run_in_executor": "the agent has no threads",
    "generate_private_key": "make the key of Runtime.entropy",
    "random_serial_number": "draw it from Runtime.entropy",
}
"""By the name of what is called, whatever it is a method of."""
_WEAK_REFERENCES: Final = ("weakref.ref", "weakref.proxy")


def find_reaching(module: Module) -> Iterator[Sin]:
    """All that `module` does of these."""
    for node in module.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _import(module, node)
        elif isinstance(node, ast.Name | ast.Attribute) and not isinstance(module.parents.get(node), ast.Attribute):
            yield from _name(module, node)
        elif isinstance(node, ast.Call):
            yield from _call(module, node)
        elif isinstance(node, ast.Global):
            yield Sin(module.path, node.lineno, "global", "a second run in this process finds what the first one left")
        elif isinstance(node, FUNCTIONS) and node.name == "__del__":
            yield Sin(module.path, node.lineno, "__del__", "it is called when the collector comes by")


def _import(module: Module, node: ast.Import | ast.ImportFrom) -> Iterator[Sin]:
    """Only what is banned by itself is a sin before it is used: most of `time`'s names are, but an import is none."""
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{name}" for name in names]
    for name in names:
        if name in BANNED and name not in ("time", "random", "gc", "tempfile", "subprocess", "queue"):
            yield Sin(module.path, node.lineno, name, BANNED[name])


def _name(module: Module, node: ast.Name | ast.Attribute) -> Iterator[Sin]:
    name = module.dotted(node)
    banned = _banned(name)
    if banned and not _is_ours(module, name, node):
        yield Sin(module.path, node.lineno, name, BANNED[banned])


def _banned(name: str) -> str:
    if any(name == pure or name.startswith(f"{pure}.") for pure in PURE):
        return ""
    parts = name.split(".")
    return next((it for n in range(len(parts), 0, -1) if (it := ".".join(parts[:n])) in BANNED), "")


def _is_ours(module: Module, name: str, node: ast.Name | ast.Attribute) -> bool:
    """Is it a variable, a parameter or an attribute that happens to be called so?"""
    first = node
    while isinstance(first, ast.Attribute):
        if not isinstance(first.value, ast.Name | ast.Attribute):
            return True
        first = first.value
    if not isinstance(first.ctx, ast.Load):
        return True
    if name.partition(".")[0] in ("id", "hash") and "." not in name:
        return not _is_builtin(module, first)
    return first.id not in module.imports


def _is_builtin(module: Module, node: ast.Name) -> bool:
    """Not bound by any function or comprehension around it."""
    for place in module.around(node):
        if isinstance(place, (*FUNCTIONS, ast.Lambda)):
            arguments = [*place.args.posonlyargs, *place.args.args, *place.args.kwonlyargs]
            if any(argument.arg == node.id for argument in arguments):
                return False
        bound = {it.id for it in ast.walk(place) if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)}
        if isinstance(place, ast.stmt | ast.expr | ast.comprehension) and node.id in bound:
            return False
    return True


def _call(module: Module, node: ast.Call) -> Iterator[Sin]:
    name = module.dotted(node.func)
    if name == "random.Random" and not node.args:
        yield Sin(module.path, node.lineno, name, "without a seed it is another one in each run")
    if name in _WEAK_REFERENCES and len(node.args) > 1:
        yield Sin(module.path, node.lineno, name, "its callback is called when the collector comes by")
    if name in ("datetime.datetime.fromtimestamp", "datetime.date.fromtimestamp"):
        zoned = len(node.args) > 1 or any(it.arg == "tz" for it in node.keywords)
        if not zoned:
            yield Sin(module.path, node.lineno, name, "without a zone it is in that of the machine")
    if isinstance(node.func, ast.Attribute):
        method = node.func.attr
        if method in METHODS:
            yield Sin(module.path, node.lineno, method, METHODS[method])
        if method == "generate" and name.rpartition(".")[0].endswith("PrivateKey"):
            yield Sin(module.path, node.lineno, "generate_private_key", METHODS["generate_private_key"])
        if method == "astimezone" and not node.args and not node.keywords:
            yield Sin(module.path, node.lineno, "astimezone", "without a zone it is in that of the machine")
    if name == "itertools.count" and module.function_around(node) is None:
        yield Sin(module.path, node.lineno, name, "a second run in this process goes on where the first one stopped")
