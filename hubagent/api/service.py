"""What the API does, without its transport: requests as plain values in, views out, `Problem` where it cannot.

The server puts these on CoAP paths. Nothing here knows messages or sockets.
"""

import asyncio
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from hubagent.api.problem import (
    BAD_NAME,
    BUSY,
    DEVICE_UNREACHABLE,
    DRIVER_UNAVAILABLE,
    INVALID,
    NOT_POSSIBLE,
    REFUSED,
    TOO_MANY,
    UNKNOWN_DEVICE,
    Problem,
    ProblemKind,
)
from hubagent.api.views import (
    VERSION,
    View,
    answers_view,
    device_details_view,
    devices_view,
    driver_status_view,
    entry_views,
    state_view,
)
from hubagent.home import BadName, UnknownDevice
from hubagent.interpreter import doubt
from hubagent.model.capabilities.door_lock import ClearUserCode, SetUserCode
from hubagent.model.capabilities.table import commands_for
from hubagent.model.capabilities.window_covering import StopMoving
from hubagent.model.capability import Command, InvalidValue
from hubagent.model.device import Device
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible
from hubagent.model.event import CommandAnswered
from hubagent.pairing import PairingBusy
from hubagent.wishes import Done, Refusal, Wishes, WishRefused

if TYPE_CHECKING:
    from hubagent.agent import Agent

PAGE_MAX = 200
"""Entries of the event log in one answer."""
WAITING_MAX = 64
"""Requests that wait for a device at the same time."""
SET_TIMEOUT_S = 60.0
"""A driver answers long before; this bounds what a faulty one could hold on to."""
PAIRING_TIMEOUT_S = 60.0

_COMMANDS: Final[Mapping[str, type[Command]]] = {
    "stop": StopMoving,
    "set_user_code": SetUserCode,
    "clear_user_code": ClearUserCode,
}
"""Actions that every radio has: commands that set no attribute."""


_REFUSALS: Final[Mapping[Refusal, ProblemKind]] = {
    Refusal.UNKNOWN_DEVICE: UNKNOWN_DEVICE,
    Refusal.INVALID: INVALID,
    Refusal.FORBIDDEN: REFUSED,
    Refusal.TOO_MANY: TOO_MANY,
}


class Service:
    def __init__(self, agent: "Agent") -> None:
        self._agent = agent
        self._wishes = Wishes(agent.home, agent.automation, agent.send, "api")
        self._waiting = 0

    def devices(self) -> View:
        """With how their drivers are: behind a stick that is gone, what is said of a device is from before."""
        return {**devices_view(self._agent.home), "drivers": self._drivers()}

    def device(self, text: str) -> View:
        return device_details_view(self._agent.home, self._find(text))

    def state(self, text: str) -> View:
        return state_view(self._agent.home, self._find(text))

    async def set(self, text: str, values: Any) -> View:
        """Send the commands that bring about `values`, and wait until the device confirmed each, or failed."""
        wanted = _mapping(values)
        _refuse_contradictions(wanted)
        return await self._wish(text, lambda done: self._wishes.set(text, wanted, done))

    async def _wish(self, text: str, make: Callable[[Done], None]) -> View:
        future: asyncio.Future[Sequence[CommandAnswered]] = asyncio.get_running_loop().create_future()
        try:
            make(partial(_answer, future))
        except WishRefused as refused:
            raise Problem(_REFUSALS[refused.refusal], str(refused)) from refused
        try:
            async with asyncio.timeout(SET_TIMEOUT_S):
                return answers_view(await future)
        except TimeoutError as error:
            # Whoever does not wait any longer has taken nothing back.
            late = f"{text} did not answer in {SET_TIMEOUT_S:g} s; the command may still be carried out"
            raise Problem(DEVICE_UNREACHABLE, late) from error

    def rename(self, text: str, body: Any) -> View:
        device = self._find(text)
        name = _mapping(body).get("name")
        if not isinstance(name, str):
            raise Problem(INVALID, "say the new name")
        try:
            self._agent.home.rename(device.id, name)
        except BadName as error:
            raise Problem(BAD_NAME, str(error)) from error
        return {**self.device(device.id), "was": device.name}

    async def act(self, text: str, body: Any) -> View:
        """What is particular to a radio: `{"action": "ping", ...}`, on a device or, without one, on its driver."""
        arguments = dict(_mapping(body))
        action = arguments.pop("action", None)
        if not isinstance(action, str):
            raise Problem(INVALID, "say the action")
        if text:
            device = self._find(text)
            if action in _COMMANDS:
                return await self._command(device, action, arguments)
            target, protocol = device.id, device.protocol
        else:
            target, protocol = None, self._protocol(arguments.pop("protocol", None))
        try:
            with self._one_more():
                return {"v": VERSION, **await self._agent.act(action, target, protocol, arguments)}
        except DeviceUnreachable as error:
            raise Problem(DEVICE_UNREACHABLE, str(error)) from error
        except DriverUnavailable as error:
            raise Problem(DRIVER_UNAVAILABLE, str(error)) from error
        except NotPossible as error:
            raise Problem(NOT_POSSIBLE, str(error)) from error

    def events(self, since: int | None, most: int = PAGE_MAX) -> View:
        """What happened from number `since` on; without it nothing yet, only the number that follows."""
        log = self._agent.events
        if since is None:
            return {"v": VERSION, "events": [], "lost": 0, "next": log.following}
        page = log.since(since, min(most, PAGE_MAX))
        views = [view for entry in page.entries for view in entry_views(entry, self._agent.home)]
        return {"v": VERSION, "events": views, "lost": page.lost, "next": page.following}

    def start_pairing(self, body: Any) -> View:
        """`{"action": "pair" or "unpair", "protocol", "timeout", "device", "options"}`."""
        request = _mapping(body)
        action = request.get("action", "pair")
        timeout_s = request.get("timeout", PAIRING_TIMEOUT_S)
        options = dict(_mapping(request.get("options", {})))
        for name, value in options.items():
            if value is not None and not isinstance(value, str | bool | int | float):
                raise Problem(INVALID, f"the option {name} is a word, a number, true or false")
        for name in ("via", "replace"):
            if options.get(name) is not None:
                options[name] = self._find(str(options[name])).id
        if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float) or not 0 < timeout_s < math.inf:
            raise Problem(INVALID, f"the timeout is a number of seconds, not {timeout_s!r}")
        device = self._find(str(request["device"])) if request.get("device") is not None else None
        protocol = device.protocol if device is not None else self._protocol(request.get("protocol"))
        since = self._agent.events.following
        try:
            if action == "pair":
                session = self._agent.pair(protocol, options, timeout_s)
            elif action == "unpair":
                session = self._agent.unpair(protocol, device.id if device is not None else None, options, timeout_s)
            else:
                raise Problem(INVALID, f"the action is pair or unpair, not {action!r}")
        except PairingBusy as error:
            raise Problem(BUSY, str(error)) from error
        except DriverUnavailable as error:
            raise Problem(DRIVER_UNAVAILABLE, str(error)) from error
        return {"v": VERSION, "session": session, "since": since}

    async def stop_pairing(self) -> View:
        await self._agent.pairing.stop()
        return self.pairing()

    def pairing(self) -> View:
        pairing = self._agent.pairing
        return {"v": VERSION, "session": pairing.session, "active": pairing.active}

    def status(self) -> View:
        agent = self._agent
        drivers = self._drivers()
        for name, radio in agent.radios.items():
            try:
                drivers[name].update(driver_status_view(radio.driver().status(), agent.home))
            except DriverUnavailable as error:
                drivers[name]["detail"] = str(error)
        return {
            "v": VERSION,
            "name": agent.name,
            "uptime_s": round(asyncio.get_running_loop().time() - agent.started_at, 3),
            "devices": len(agent.home.devices),
            "rules": len(agent.automation.executor.rule_set.rules),
            "rules_waiting": len(agent.automation.executor.unbound),
            "doubt": doubt(),
            "drivers": drivers,
            "uplink": None if agent.uplink is None else agent.uplink.status(),
        }

    def _drivers(self) -> dict[str, dict[str, Any]]:
        radios = self._agent.radios.items()
        return {name: {"condition": radio.condition.value, "detail": radio.detail} for name, radio in radios}

    def steer_uplink(self, body: Any) -> View:
        """`{"action": "cut" or "resume"}`."""
        uplink = self._agent.uplink
        if uplink is None:
            raise Problem(NOT_POSSIBLE, "this hub has no uplink: hub.toml has no [uplink], or it is not provisioned")
        action = _mapping(body).get("action")
        if action == "cut":
            uplink.cut()
        elif action == "resume":
            uplink.resume()
        else:
            raise Problem(INVALID, f"the action is cut or resume, not {action!r}")
        return {"v": VERSION, "uplink": uplink.status()}

    async def _command(self, device: Device, action: str, arguments: Mapping[str, Any]) -> View:
        # A code of digits may have been taken for a number on its way here.
        given = {name: str(value) if name == "code" else value for name, value in arguments.items()}
        try:
            command = _COMMANDS[action](**given)
        except (TypeError, InvalidValue) as error:
            raise Problem(INVALID, f"{action}: {error}") from error
        return await self._wish(device.name, lambda done: self._wishes.carry_out(device, [command], done))

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        """Count what waits for a device. Raises Problem where that is enough already."""
        if self._waiting >= WAITING_MAX:
            raise Problem(TOO_MANY, f"{WAITING_MAX} requests wait for their devices already")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    def _find(self, text: str) -> Device:
        try:
            return self._agent.home.resolve(text)
        except UnknownDevice as error:
            raise Problem(UNKNOWN_DEVICE, str(error)) from error

    def _protocol(self, wish: Any) -> str:
        if isinstance(wish, str):
            return wish
        if len(self._agent.radios) == 1:
            return next(iter(self._agent.radios))
        raise Problem(INVALID, f"say which radio: {', '.join(self._agent.radios) or 'none is configured'}")


def _answer(future: "asyncio.Future[Sequence[CommandAnswered]]", answers: Sequence[CommandAnswered]) -> None:
    if not future.done():
        future.set_result(answers)


def _refuse_contradictions(values: Mapping[str, Any]) -> None:
    """Raises Problem where one of the wishes would undo another: which one, only their order would say."""
    try:
        commands = commands_for(values)
    except InvalidValue:
        # Whoever judges the wish says it, after what else is wrong with it.
        return
    for one, other in combinations(commands, 2):
        if one.overtakes(other):
            raise Problem(INVALID, f"{_said(one)} and {_said(other)} contradict each other; say one of them")


def _said(command: Command) -> str:
    return " ".join(f"{name}={json.dumps(value)}" for name, value in command.wanted().items())


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise Problem(INVALID, "the payload is a map of names to values")
    return value
