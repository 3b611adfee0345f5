"""What the API and the command line show, as plain values for JSON and CBOR. The shapes are stable: they grow."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from hubagent.event_log import Entry
from hubagent.home import Home, Reading
from hubagent.model.capability import Value
from hubagent.model.device import Device, Presence
from hubagent.model.driver import Record
from hubagent.model.event import (
    ButtonPressed,
    CommandAnswered,
    CommandSent,
    DeviceChanged,
    DeviceJoined,
    DeviceLeft,
    DeviceSilent,
    DriverStatus,
    Event,
    InterviewProgressed,
    ModeChanged,
    Notified,
    StateReported,
    VariableChanged,
)
from hubagent.pairing import PairingProgressed
from hubagent.wishes import worst_of

View = dict[str, Any]

VERSION = 1
"""Of the shapes; counted up when something that was there is not any more."""
NAMED_MAX: Final = 10
"""Devices that one finding names; of the rest it is said how many they are."""


def devices_view(home: Home) -> View:
    """Every device, its parts nested below it."""
    devices = sorted(home.devices.values(), key=lambda device: (device.protocol, device.address, device.id))
    return {"v": VERSION, "devices": [device_view(home, device) for device in devices if device.parent is None]}


def device_view(home: Home, device: Device) -> View:
    view: View = {
        "id": device.id,
        "name": device.name,
        "protocol": device.protocol,
        "address": device.address,
        "state": _presence(home, device).value,
        "capabilities": capabilities_view(home, device),
    }
    parts = {part.id.rpartition("/")[2]: _part_view(home, part) for part in home.parts(device.id)}
    if parts:
        view["endpoints"] = dict(sorted(parts.items(), key=lambda item: (len(item[0]), item[0])))
    return view


def device_details_view(home: Home, device: Device) -> View:
    """One device with everything that is known of it."""
    view = device_view(home, device)
    view["v"] = VERSION
    view["details"] = dict(device.details)
    view["as_of"] = {
        capability: {name: reading.as_of for name, reading in readings.items()}
        for capability, readings in home.state(device.id).items()
    }
    view["remembered"] = sorted(
        f"{capability}.{name}" for capability, name, reading in _readings(home, device) if not reading.fresh
    )
    return view


def state_view(home: Home, device: Device) -> View:
    """Only what one device last reported."""
    return {"v": VERSION, "id": device.id, "capabilities": capabilities_view(home, device)}


def capabilities_view(home: Home, device: Device) -> View:
    """By capability, the attributes that were reported; a capability that said nothing yet is empty."""
    state = home.state(device.id)
    names = [*device.capabilities, *(name for name in state if name not in device.capabilities)]
    return {name: {attribute: reading.value for attribute, reading in state.get(name, {}).items()} for name in names}


def driver_status_view(status: Record, home: Home) -> View:
    """What a driver says of itself. It knows devices by identifier, people know them by their names."""
    return {**status, "findings": [_finding_view(finding, home) for finding in status.get("findings", ())]}


def _finding_view(finding: Record, home: Home) -> View:
    devices = [home.devices[device].name if device in home.devices else device for device in finding.get("devices", ())]
    if not devices:
        return dict(finding)
    more = len(devices) - NAMED_MAX
    names = sorted(devices)[:NAMED_MAX] + ([f"{more} more"] if more > 0 else [])
    return {**finding, "text": f"{finding['text']}: {', '.join(names)}"}


def entry_views(entry: Entry, home: Home) -> list[View]:
    """One object for each attribute that a numbered event is about, or one where it is about none."""
    event = entry.event
    views = list(_event_views(event))
    for view in views:
        view["n"] = entry.number
        view["t"] = entry.at
        device = home.devices.get(view["device"]) if view["device"] is not None else None
        view["name"] = device.name if device is not None else None
    return views


def _event_views(event: Event | PairingProgressed) -> Iterator[View]:
    match event:
        case StateReported():
            for attribute, value in event.values.items():
                yield _view("reported", event.device, event.capability, attribute, value)
        case CommandSent():
            extra = {"cause": event.cause.who, "latency_ms": _ms(event.latency_s)}
            yield from _command_views("sent", event, extra)
        case CommandAnswered():
            extra = {"cause": event.cause.who, "outcome": event.outcome.value, "detail": event.detail}
            yield from _command_views("answered", event, extra)
        case ButtonPressed():
            yield _view("pressed", event.device, "switch", f"button_{event.button}", event.press.value)
        case DeviceJoined() | DeviceChanged():
            kind = "joined" if isinstance(event, DeviceJoined) else "changed"
            yield _view(kind, event.device.id, state=event.device.presence.value)
        case DeviceSilent():
            yield _view("silent", event.device)
        case DeviceLeft():
            yield _view("left", event.device)
        case InterviewProgressed():
            yield _view("interview", event.device, step=event.step, done=event.done, of=event.of)
        case DriverStatus():
            yield _view("driver", None, driver=event.driver, condition=event.condition.value, detail=event.detail)
        case Notified():
            yield {**_view("notified", None, to=event.to, text=event.text), "cause": event.who}
        case ModeChanged():
            yield {**_view("mode", None, value=event.mode), "cause": event.who}
        case VariableChanged():
            yield {**_view("variable", None, None, event.name, event.value), "cause": event.who}
        case PairingProgressed():
            step = event.step
            yield _view(
                "pairing",
                step.device,
                session=event.session,
                step=step.step,
                text=step.text,
                final=step.final,
                ok=step.ok,
            )


def _command_views(kind: str, event: CommandSent | CommandAnswered, extra: Mapping[str, Any]) -> Iterator[View]:
    command = event.command
    wanted: list[tuple[str | None, Value]] = [*command.wanted().items()] or [(None, None)]
    for attribute, value in wanted:
        yield _view(
            kind,
            event.device,
            command.CAPABILITY.name,
            attribute,
            value,
            command=type(command).__name__,
            **extra,
        )


def _view(
    kind: str,
    device: str | None,
    capability: str | None = None,
    attribute: str | None = None,
    value: Value = None,
    **more: Any,
) -> View:
    return {
        "event": kind,
        "device": device,
        "capability": capability,
        "attribute": attribute,
        "value": value,
        "cause": None,
        "latency_ms": None,
        **more,
    }


def _presence(home: Home, device: Device) -> Presence:
    """A part is as reachable as the device that it belongs to."""
    whole = home.devices.get(device.parent) if device.parent is not None else None
    return (whole or device).presence


def _part_view(home: Home, part: Device) -> View:
    return {"id": part.id, "name": part.name, "capabilities": capabilities_view(home, part)}


def _readings(home: Home, device: Device) -> Iterator[tuple[str, str, Reading]]:
    for capability, readings in home.state(device.id).items():
        for name, reading in readings.items():
            yield capability, name, reading


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)


def answers_view(answers: Sequence[CommandAnswered]) -> View:
    """How each command of one `set` ended, and the worst of it."""
    results = [
        {
            "command": type(answer.command).__name__,
            "wanted": dict(answer.command.wanted()),
            "outcome": answer.outcome.value,
            "detail": answer.detail,
        }
        for answer in answers
    ]
    worst = worst_of(answers)
    return {"v": VERSION, "outcome": worst.outcome.value, "detail": worst.detail, "results": results}
