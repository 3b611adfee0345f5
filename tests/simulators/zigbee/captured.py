"""The EZSP conversations of real hosts, read from the logs of `zigbee_captures`, and their commands in bytes.

The bytes are put together here from the names and layouts of UG100, not by the project's codecs, which so cannot agree
with themselves.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CAPTURES = Path(__file__).parents[4] / "shared" / "data" / "zigbee_captures"

_LINE = re.compile(r"\s*(\d+\.\d+) (.*)", re.DOTALL)
_COMMAND = re.compile(r"=> 0x([0-9A-F]{4}) (\w+) (.*)", re.DOTALL)
_CALLBACK = re.compile(r"<= CB 0x([0-9A-F]{4}) (\w+) (.*)", re.DOTALL)
_TOLD_TO_DEVICE = re.compile(r"\s*(?:ZDO|ZCL ep\d+) 0x([0-9A-F]{4}) ([0-9a-f]+) -> (.*)")
_NUMBERED = re.compile(r"<[^<>]*: (\d+)>")
_ADDRESS = re.compile(r"\b(?:[0-9a-f]{2}:){7,15}[0-9a-f]{2}\b")
_STRUCTURE = re.compile(r"\b[A-Z]\w+\(")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a log."""

    number: int
    at: float


@dataclass(frozen=True, slots=True)
class Reset(Step):
    pass


@dataclass(frozen=True, slots=True)
class Asked(Step):
    frame_id: int
    name: str
    payload: bytes
    legacy: bool
    answer: list[Any] | None
    """None: the log does not say."""


@dataclass(frozen=True, slots=True)
class Said(Step):
    """A callback."""

    frame_id: int
    name: str
    values: list[Any]


@dataclass(slots=True)
class Conversation:
    steps: list[Step] = field(default_factory=list)
    device: dict[tuple[int, bytes], tuple[int, bytes]] = field(default_factory=dict)
    """What the device answered on a cluster to which bytes, and on which."""


def read(name: str) -> Conversation:
    told = Conversation()
    for number, line in enumerate((CAPTURES / name).read_text().splitlines(), 1):
        found = _LINE.match(line)
        assert found is not None, line
        at, rest = float(found[1]), found[2]
        if rest.startswith("ASH RST"):
            told.steps.append(Reset(number, at))
        elif match := _COMMAND.match(rest):
            told.steps.append(_asked(number, at, *match.groups()))
        elif match := _CALLBACK.match(rest):
            told.steps.append(Said(number, at, int(match[1], 16), match[2], _value(match[3])))
        elif (match := _TOLD_TO_DEVICE.match(rest)) and not match[3].startswith("None"):
            cluster, asked = int(match[1], 16), bytes.fromhex(match[2])
            told.device[cluster, asked] = _device_answer(cluster, match[3])
    return told


def _device_answer(cluster: int, text: str) -> tuple[int, bytes]:
    if text.startswith("("):
        answered_on, payload = _value(text)
        return int(answered_on, 16), bytes.fromhex(payload)
    return cluster, bytes.fromhex(text.split(maxsplit=1)[0])


def _asked(number: int, at: float, frame_id: str, name: str, rest: str) -> Asked:
    if rest.startswith("DECODE-FAIL"):
        payload = bytes.fromhex(rest.split()[1])
        return Asked(number, at, int(frame_id, 16), name, payload, legacy=False, answer=[0])
    if name == "version":
        desired, legacy = re.findall(r"desired=(\d+) legacyfmt=(\w+)", rest)[0]
        return Asked(number, at, 0, name, bytes((int(desired),)), legacy == "True", None)
    parameters, _, answer = rest.partition(" -> ")
    values = _value(parameters)
    payload = b"".join(_parts(name, values))
    said = _value(answer.removesuffix(" [default]"))
    return Asked(
        number,
        at,
        int(frame_id, 16),
        name,
        payload,
        legacy=False,
        answer=[said["status"]] if isinstance(said, dict) else said,
    )


def _value(text: str) -> Any:
    """Python values of what Python printed."""
    text = _NUMBERED.sub(r"\1", text)
    text = _ADDRESS.sub(lambda found: f"'{found[0]}'", text)
    text = _STRUCTURE.sub("dict(", text)
    return eval(text, {"__builtins__": {}, "dict": dict})  # the project's own data, and nothing but literals


# --- layouts, UG100 as facts say them


def _u(size: int) -> Callable[[int], bytes]:
    return lambda value: (value % (1 << 8 * size)).to_bytes(size, "little")


def _backwards(text: str) -> bytes:
    """An address as people write it."""
    return bytes.fromhex(text.replace(":", ""))[::-1]


def _forwards(text: str) -> bytes:
    """A key, and an extended PAN id as herdsman prints one."""
    return bytes.fromhex(text.replace(":", ""))


def _counted(value: bytes) -> bytes:
    return bytes((len(value),)) + value


u8, u16, u32 = _u(1), _u(2), _u(4)


def _aps(frame: dict[str, Any]) -> bytes:
    names = (
        ("profileId", u16),
        ("clusterId", u16),
        ("sourceEndpoint", u8),
        ("destinationEndpoint", u8),
        ("options", u16),
        ("groupId", u16),
        ("sequence", u8),
    )
    return b"".join(put(frame[name]) for name, put in names)


def _net(network: dict[str, Any]) -> bytes:
    names: tuple[tuple[str, Callable[[Any], bytes]], ...] = (
        ("extendedPanId", _backwards),
        ("panId", u16),
        ("radioTxPower", u8),
        ("radioChannel", u8),
        ("joinMethod", u8),
        ("nwkManagerId", u16),
        ("nwkUpdateId", u8),
        ("channels", u32),
    )
    return b"".join(put(network[name]) for name, put in names)


def _security(state: dict[str, Any]) -> bytes:
    return b"".join(
        (
            u16(state["bitmask"]),
            _forwards(state["preconfiguredKey"]),
            _forwards(state["networkKey"]),
            u8(state["networkKeySequenceNumber"]),
            _backwards(state["preconfiguredTrustCenterEui64"]),
        )
    )


def _key_context(context: dict[str, Any]) -> bytes:
    return b"".join(
        (
            u8(context["core_key_type"]),
            u8(context["key_index"]),
            u16(context["derived_type"]),
            _backwards(context["eui64"]),
            u8(context["multi_network_index"]),
            u8(context["flags"]),
            u32(context["psa_key_alg_permission"]),
        )
    )


def _group(entry: dict[str, Any]) -> bytes:
    return u16(entry["multicastId"]) + u8(entry["endpoint"]) + u8(entry["networkIndex"])


def _clusters(values: list[int]) -> bytes:
    return b"".join(map(u16, values))


_BY_NAME: dict[str, Callable[[Any], bytes]] = {
    "aps_frame": _aps,
    "state": _security,
    "context": _key_context,
    "eui64": _backwards,
    "remoteEui64": _backwards,
    "newEui64": _backwards,
    "address": _backwards,
    "plaintext_key": _forwards,
    "message": _counted,
    "payload": _counted,
    "inputClusterList": _clusters,
    "outputClusterList": _clusters,
    **dict.fromkeys(
        ("profileId", "deviceId", "networkInitBitmask", "code", "nwk", "destination", "alias", "broadcast_addr"), u16
    ),
    **dict.fromkeys(("concentratorType", "minTime", "maxTime", "message_tag", "newId"), u16),
    **dict.fromkeys(("characteristics", "channelMask", "token"), u32),
}


def _parts(name: str, values: dict[str, Any]) -> Iterator[bytes]:
    """The parameters in the order of their bytes, which is that of the log."""
    for key, value in values.items():
        match name, key:
            case "setMulticastTableEntry", "value":
                yield _group(value)
            case "setConfigurationValue", "value":
                yield u16(value)
            case "setValue", "value":
                yield _counted(value)
            case "formNetwork", "parameters":
                yield _net(value)
            case "getTokenData", "index":
                yield u32(value)
            case _:
                yield _BY_NAME.get(key, u8)(value)
