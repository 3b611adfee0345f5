"""A real hub that runs, recorded: what it knows at the start, then what `hubagent watch` shows, over its local API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hubagent.api.client import Client, Lost
from simulators.recording.hub_tape import HubTape
from simulators.recording.hub_views import BadView, view_of

_NONE_YET: Final = 2**31
"""The number of no event: asked for what follows it, the hub only says what comes next."""


@dataclass(frozen=True, slots=True)
class Beginning:
    devices: Mapping[str, Any]
    """What `hubagent devices --json` says."""
    following: int
    """The number of the event from which on all are to be heard."""


async def begin(client: Client) -> Beginning:
    """Events that come between the two are heard once more, which changes nothing."""
    following = (await client.get("v1", "events", since=_NONE_YET))["next"]
    return Beginning(await client.get("v1", "devices"), following)


async def listen(client: Client, beginning: Beginning, tape: HubTape, tell: Callable[[str], None]) -> None:
    """Until it is cancelled, or the agent ends: raises AgentUnreachable. Raises TooMuch."""
    async for event in client.events(beginning.following):
        if isinstance(event, Lost):
            tell(f"{event.count} events were lost: this reader is too slow")
            continue
        try:
            tape.hear(view_of(dict(event)))
        except BadView as error:
            tell(f"left out: {error}")
