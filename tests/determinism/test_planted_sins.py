"""What is planted is found, and what is well is not complained of: each line of these is a module of its own."""

import pytest

from tests.determinism.excused import Excused
from tests.determinism.inference import Inference
from tests.determinism.order import find_order
from tests.determinism.reaching import find_reaching
from tests.determinism.source import Module

HEADER = """
import asyncio, datetime, gc, glob, itertools, os, random, secrets, time, uuid, weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

class Room:
    neighbours: frozenset[str]
    lamps: dict[str, set[int]]

    def __init__(self, names: Iterable[str]) -> None:
        self.seen = set(names)
        self.waiting: list[set[int]] = []

    @property
    def everybody(self) -> set[str]:
        return self.seen

def first_of(names: Iterable[str]) -> str:
    return next(iter(names))

def how_many(names: Iterable[str]) -> int:
    return len(set(names))

def room_of(names: list[str]) -> Room:
    return Room(names)

words: frozenset[str] = frozenset(("a", "b"))
room = Room([])
"""

REACHING = {
    "now = time.time()": "time.time",
    "from time import monotonic\nnow = monotonic()": "time.monotonic",
    "import time as clock\nnow = clock.perf_counter()": "time.perf_counter",
    "clock = time.monotonic_ns": "time.monotonic_ns",
    "now = datetime.datetime.now()": "datetime.datetime.now",
    "from datetime import datetime\nnow = datetime.utcnow()": "datetime.datetime.utcnow",
    "today = datetime.date.today()": "datetime.date.today",
    "local = datetime.datetime.fromtimestamp(5)": "datetime.datetime.fromtimestamp",
    "local = datetime.datetime.fromtimestamp(5, datetime.UTC).astimezone()": "astimezone",
    "draw = random.choice([1, 2])": "random.choice",
    "draw = random.Random()": "random.Random",
    "draw = random.SystemRandom()": "random.SystemRandom",
    "key = os.urandom(16)": "os.urandom",
    "key = secrets.token_bytes(16)": "secrets.token_bytes",
    "name = uuid.uuid4()": "uuid.uuid4",
    "import threading\nlock = threading.Lock()": "threading.Lock",
    "from concurrent import futures\npool = futures.ThreadPoolExecutor()": "concurrent.futures.ThreadPoolExecutor",
    "async def f(loop): await loop.run_in_executor(None, print)": "run_in_executor",
    "async def f(): await asyncio.to_thread(print)": "asyncio.to_thread",
    "async def f(): await asyncio.wait_for(f(), 1)": "asyncio.wait_for",
    "async def f(): await asyncio.create_subprocess_exec('ls')": "asyncio.create_subprocess_exec",
    "numbers = itertools.count()": "itertools.count",
    "def f():\n    global words": "global",
    "class A:\n    def __del__(self): ...": "__del__",
    "watch = weakref.finalize(room, print)": "weakref.finalize",
    "watch = weakref.ref(room, print)": "weakref.ref",
    "gc.collect()": "gc.collect",
    "text = f'{id(room)}'": "id",
    "order = sorted([room], key=hash)": "hash",
}
ORDER = {
    "for word in {'a', 'b'}: print(word)": "set",
    "for word in words: print(word)": "set",
    "for word in words | {'c'}: print(word)": "set",
    "for word in {}.keys() - words: print(word)": "set",
    "text = ', '.join(words)": "set",
    "text = ', '.join(word.upper() for word in words)": "set",
    "found = list(words)": "set",
    "found = tuple(words)": "set",
    "found = [*words]": "set",
    "print(*words)": "set",
    "found = [word for word in words]": "set",
    "found = {word: 1 for word in words}": "set",
    "found = dict.fromkeys(words)": "set",
    "for n, word in enumerate(words): print(n)": "set",
    "one = next(iter(words))": "set",
    "one = set(words).pop()": "set",
    "one, other = words": "set",
    "text = f'{words}'": "set",
    "text = str(words)": "set",
    "def f():\n    yield from words": "set",
    "found = []\nfound += words": "set",
    "first = min(words, key=len)": "set by key",
    "first = sorted(words, key=len)": "set by key",
    "for word in room.neighbours: print(word)": "set",
    "for word in room.seen: print(word)": "set",
    "for word in room.everybody: print(word)": "set",
    "for lamp in room.lamps['hall']: print(lamp)": "set",
    "for lamp in room.lamps.get('hall', ()): print(lamp)": "set",
    "for lamps in room.lamps.values():\n    for lamp in lamps: print(lamp)": "set",
    "for name, lamps in room.lamps.items():\n    print([lamp for lamp in lamps])": "set",
    "for lamps in room.waiting: print(list(lamps))": "set",
    "for word in room_of([]).seen: print(word)": "set",
    "def f(names: set[str]):\n    for name in names: print(name)": "set",
    "def f(names: frozenset[str] | None):\n    for name in names or (): print(name)": "set",
    "def f(names: 'set[str]'):\n    copy = names\n    return list(copy)": "set",
    "def f(thing):\n    for word in thing.neighbours: print(word)": "set",
    "Words = frozenset[str]\ndef f(names: Words): return list(names)": "set",
    "one = first_of(words)": "set",
    "def f() -> Iterable[str]: return words": "set",
    "async def f(tasks):\n    done, left = await asyncio.wait(tasks)\n    for task in left: task.cancel()": "set",
    "for task in asyncio.all_tasks(): print(task)": "set",
    "rooms = weakref.WeakSet()\nfor one in sorted(rooms): print(one)": "weak",
    "for one in Path().iterdir(): print(one)": "folder",
    "found = list(Path().glob('*.toml'))": "folder",
    "for name in os.listdir(): print(name)": "folder",
    "for name in glob.glob('*'): print(name)": "folder",
}
WELL = (
    "draw = random.Random('7:air').random()",
    "async def f(): await asyncio.sleep(1)",
    "def f(loop): return loop.time()",
    "def f(id: int, hash: int): return id, hash",
    "found = room.id",
    "print(room.time, room.random.choice())",
    "found = datetime.datetime.fromtimestamp(5, datetime.UTC)",
    "for word in sorted(words): print(word)",
    "found = len(words), max(words), 'a' in words, any(word for word in words)",
    "found = {word.upper() for word in words}",
    "found = frozenset(word for word in words if word)",
    "found = {*words, 'c'}",
    "mask = sum(1 << bit for bit in {1, 2})",
    "(only,) = words",
    "found = sorted(word.upper() for word in words)",
    "count = how_many(words)",
    "for name in {'a': 1}: print(name)",
    "for one in sorted(Path().iterdir()): print(one)",
    "found = any(one.name for one in Path().iterdir())",
)


def _found(text: str) -> set[str]:
    module = Module.of("planted.py", f"{HEADER}\n{text}\n")
    found = [*find_reaching(module), *find_order(module, Inference([module]))]
    return {sin.what for sin in found if sin.line > HEADER.count("\n")}


@pytest.mark.parametrize(("text", "what"), [*REACHING.items(), *ORDER.items()])
def test_a_planted_sin_is_found(text: str, what: str) -> None:
    assert what in _found(text)


@pytest.mark.parametrize("text", WELL)
def test_what_is_well_is_no_sin(text: str) -> None:
    assert _found(text) == set()


def test_an_excuse_is_for_its_own_path_and_sin_only() -> None:
    module = Module.of("a/b.py", "import time\nnow = time.time()\n")
    (sin,) = find_reaching(module)
    assert Excused("a/b.py", "time", "").covers(sin)
    assert Excused("a", "time.time", "").covers(sin)
    assert not Excused("a/b", "time", "").covers(sin)
    assert not Excused("a", "time.monotonic", "").covers(sin)
    assert not Excused("a", "tim", "").covers(sin)
