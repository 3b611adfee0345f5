"""A cloud for the simulated home of `sim up --cloud`: its hub is provisioned as any hub is, and somebody taps a lamp.

So a person sees how long a tap takes from far away and back, beside the same tap at home.
"""

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from hubagent.agent import Agent
from hubagent.cli.output import coloured, show, tell, value_text
from hubagent.config import Config
from hubagent.identity.opening import enrolment_of, open_identity
from hubagent.identity.provisioning import Wishes as Proof
from hubagent.identity.provisioning import provision_hub
from hubagent.identity.trouble import IdentityUnusable
from hubagent.model.event import Event, StateReported
from hubagent.runtime import Runtime
from hubagent.wishes import Wishes, WishRefused
from simulators.cloud.items import Changed
from simulators.cloud.running import Cloud, CloudSetting, running_cloud

PATIENCE_S: Final = 30.0
TAP_AFTER_S: Final = 3.0
"""So long after a lamp was first seen from far away, somebody taps it; and as long after each tap, again."""
PAIRS: Final = 2
SHOWN_KEPT: Final = 100
_LAMP_WORDS: Final = ("light", "lamp")


@asynccontextmanager
async def cloud_for(runtime: Runtime, folder: Path | None) -> AsyncIterator[Cloud]:
    """On any free ports; without a folder it keeps nothing. Raises as `running_cloud` does."""
    setting = CloudSetting(runtime.wall, runtime.entropy, folder, http_port=0, est_port=0, coap_port=0)
    async with running_cloud(setting) as cloud:
        yield cloud


def environment_for(cloud: Cloud, folder: Path) -> dict[str, str]:
    """What a hub.toml would say of this cloud; the hub's sealing key is in `folder`, beside its state."""
    return {
        "HUBAGENT_UPLINK__URL": cloud.coap_url,
        "HUBAGENT_IDENTITY__CLOUD": str(cloud.est_url),
        "HUBAGENT_IDENTITY__SEAL": f"file:{folder.absolute() / 'seal.key'}",
    }


async def provision(config: Config, cloud: Cloud, runtime: Runtime) -> str:
    """The hub's name in the cloud: with a claim code and the anchor, as a person would, where it has none yet."""
    loop_time = asyncio.get_running_loop().time
    identity = open_identity(config.state_dir, config.identity.seal, os.environ, runtime.wall, loop_time)
    with suppress(IdentityUnusable):
        return identity.hub
    enrolment = enrolment_of(identity, config.identity.cloud)
    assert enrolment is not None
    proof = Proof(claim=cloud.claim(cloud.new_hub_name()), anchor=cloud.files.anchors)
    return (await provision_hub(identity, enrolment, proof, tell, PATIENCE_S)).hub


class Taps:
    """Shows how long each tap on the cloud's page took; and taps a lamp itself, from far away and at home in turn."""

    def __init__(self, cloud: Cloud, wall: Callable[[], float]) -> None:
        self._cloud = cloud
        self._wall = wall
        self._loop = asyncio.get_running_loop()
        self._left = PAIRS
        self._own: str | None = None
        """The command of the tap that is under way."""
        self._agent: Agent | None = None
        self._wishes: Wishes | None = None
        self._at_home: tuple[str, bool, float] | None = None
        """What was tapped at home, and when."""
        self._timer: asyncio.TimerHandle | None = None
        self._shown: deque[str] = deque(maxlen=SHOWN_KEPT)
        self._end = cloud.service.listen(self._hear)

    def begin(self, agent: Agent) -> None:
        """The home is there."""
        self._agent = agent
        self._wishes = Wishes(agent.home, agent.automation, agent.send, "api")
        agent.home.listen(self._hear_home)

    def close(self) -> None:
        self._end()
        if self._timer is not None:
            self._timer.cancel()

    def _hear(self, change: Changed) -> None:
        if change.what == "devices" and self._timer is None and self._left == PAIRS and _lamp(change.view["devices"]):
            self._timer = self._loop.call_later(TAP_AFTER_S, self._tap_from_far_away, change.hub)
        elif change.what == "command" and change.view["lamp_ms"] is not None and change.view["id"] not in self._shown:
            self._shown.append(change.view["id"])
            # After the loop's present round: printing is never in a command's way.
            self._loop.call_soon(self._show_far, change.hub, dict(change.view))

    def _tap_from_far_away(self, hub: str) -> None:
        self._left -= 1
        lamp = _lamp({device["id"]: device for device in self._cloud.service.consumer.devices(hub)})
        if lamp is not None:
            device, on = lamp
            self._own = self._cloud.service.command(hub, device, {"on": not on}).id

    def _tap_at_home(self, hub: str, device: str, on: bool) -> None:
        assert self._wishes is not None
        self._at_home = (device, on, self._loop.time())
        with suppress(WishRefused):
            self._wishes.set(device, {"on": on}, lambda _answers: None)
        if self._left > 0:
            self._timer = self._loop.call_later(TAP_AFTER_S, self._tap_from_far_away, hub)

    def _hear_home(self, event: Event, _previous: object) -> None:
        if self._at_home is None or not isinstance(event, StateReported):
            return
        device, on, since = self._at_home
        if event.device == device and event.values.get("on") is on:
            self._at_home = None
            ms = (self._loop.time() - since) * 1000
            self._loop.call_soon(self._show, "the same tap at home", device, {"on": on}, ms)

    def _show_far(self, hub: str, command: Mapping[str, Any]) -> None:
        device, wanted = command["device"], command["set"]
        self._show("a tap far away", device, wanted, command["lamp_ms"])
        if command["id"] == self._own and self._wishes is not None:
            self._timer = self._loop.call_later(TAP_AFTER_S, self._tap_at_home, hub, device, not wanted["on"])

    def _show(self, who: str, device: str, wanted: Mapping[str, Any], ms: float) -> None:
        clock = datetime.fromtimestamp(self._wall(), UTC).astimezone().strftime("%H:%M:%S.%f")[:-3]
        what = " ".join(f"{name} = {value_text(value)}" for name, value in wanted.items())
        known = self._agent.home.devices.get(device) if self._agent is not None else None
        name = device if known is None else known.name
        with suppress(BrokenPipeError):
            show(
                f"{coloured(clock, 'dim')} {who}: {name}  {what}, there and back in {coloured(f'{ms:.1f} ms', 'bold')}"
            )


def _lamp(devices: Mapping[str, Any]) -> tuple[str, bool] | None:
    """One that can be switched, and whether it is on; what is called a lamp comes first."""
    found = []
    for identifier, view in devices.items():
        capabilities = view.get("capabilities") if isinstance(view, dict) else None
        on = (capabilities or {}).get("on_off", {}).get("on")
        if isinstance(on, bool) and view.get("state") == "ready":
            is_lamp = any(word in str(view.get("name")) for word in _LAMP_WORDS)
            found.append((not is_lamp, identifier, on))
    return min(found)[1:] if found else None
