"""A simulated home that runs elsewhere: recorded, and played to, by asking it (`questions`) through its socket."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from simulators.recording.format import Became, Event, Header, event_of, header_of, table_of
from simulators.recording.player import Counts
from simulators.recording.reading import Recording
from simulators.recording.writing import Spool

Ask = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Puts one question to the home, and gives its answer. Raises NotThere."""
LOOK_S: Final = 0.2
"""How often the home is asked what happened. When each thing did is in the answer."""


class WorldRefused(Exception):
    """The home cannot do what it was asked; its own words."""


class WorldTape:
    """Records into `spool`. `tell` is for people. Raises NotThere, WorldRefused."""

    def __init__(self, ask: Ask, spool: Spool, tell: Callable[[str], None]) -> None:
        self._ask = ask
        self._spool = spool
        self._tell = tell
        answer = _asked(ask, {"record": {}})
        self.header: Header = header_of(answer["header"])
        self._began: float = answer["t"]
        self._next: int = answer["next"]

    async def run(self) -> None:
        """Until it is cancelled, or the world is gone: raises NotThere."""
        while True:
            self.fetch()
            await asyncio.sleep(LOOK_S)

    def fetch(self) -> None:
        """What happened so far."""
        more = True
        while more:
            answer = _asked(self._ask, {"record": {"since": self._next}})
            if answer["lost"]:
                self._tell(f"{answer['lost']} events were lost: they came faster than they were fetched")
            for table in answer["events"]:
                event = event_of(table)
                self._spool.add(event.model_copy(update={"t": max(0.0, event.t - self._began)}))
            more = bool(answer["events"])
            self._next = answer["next"]


async def play_live(recording: Recording, ask: Ask, *, speed: float, hub_too: bool, until: float | None) -> Counts:
    """`speed` times as fast as it was. Raises BadRecording, NotThere."""
    loop = asyncio.get_running_loop()
    counts = Counts()
    for device in recording.header.devices:
        if device.state:
            _put(ask, Became(t=0, device=device.name, set=device.state), counts)
    counts.played = 0
    begins = loop.time()
    for event in recording.events:
        if until is not None and event.t >= until:
            break
        await asyncio.sleep(max(0.0, begins + event.t / speed - loop.time()))
        if isinstance(event, Became) and event.by == "hub" and not hub_too:
            counts.left_out += 1
        else:
            _put(ask, event, counts)
    return counts


def _put(ask: Ask, event: Event, counts: Counts) -> None:
    try:
        _asked(ask, {"play": table_of(event)})
    except WorldRefused as error:
        counts.complain(f"t {event.t:g}: {error}")
    else:
        counts.played += 1


def _asked(ask: Ask, question: Mapping[str, Any]) -> dict[str, Any]:
    answer = ask(question)
    if not answer["ok"]:
        raise WorldRefused(answer["error"])
    return answer
