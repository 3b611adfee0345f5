"""hub.toml and the environment, read into frozen values; every mistake at once, each by its file, line and key.

What a driver's table may hold is the driver's own business: its `settings` model reads `[drivers.<name>]`. Nothing here
opens a port or looks at a device.
"""

import ipaddress
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hubagent.model.driver import DriverKind
from hubagent.table_words import words
from hubagent.toml_lines import Document, Key, Mistake, Mistakes, did_you_mean, dotted, read_document
from hubagent.uplink.transports.host_name import is_host

ENVIRONMENT_PREFIX: Final = "HUBAGENT_"
NESTING: Final = "__"
API_OFF: Final = "off"
DEFAULT_LISTEN: Final = "127.0.0.1:5683"


class RefusedForSecurity(Exception):
    """The configuration asks for something that would lay the home open."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class HubTable(_Table):
    name: str = Field("home", min_length=1, max_length=64, description="what the home is called")
    state_dir: str | None = Field(None, min_length=1, description="folder of the state; relative to this file")
    timezone: str | None = Field(None, min_length=1, max_length=64, description="of the home, as Europe/Amsterdam")
    latitude: float | None = Field(None, ge=-90, le=90, description="of the home, in degrees north")
    longitude: float | None = Field(None, ge=-180, le=180, description="of the home, in degrees east")


class RulesTable(_Table):
    files: list[str] = Field(default_factory=list, description="rule files; relative to this file")
    allow_hosts: list[Annotated[str, Field(pattern=r"^[a-z0-9.-]+(:\d{1,5})?$", max_length=253)]] = Field(
        default_factory=list, max_length=64, description="hosts that rules may call over HTTP"
    )


class ApiTable(_Table):
    listen: str = Field(DEFAULT_LISTEN, description="address and port of the local API, or off")


class UplinkTable(_Table):
    url: str = Field(
        pattern=r"^((mqtts|coaps\+tcp)://[^/\s@]+|wss://[^\s@]+)$",
        max_length=512,
        description="mqtts://broker:8883, wss://broker/mqtt or coaps+tcp://host:5684",
    )
    fallbacks: bool = Field(True, description="whether to try port 443 and WebSocket where 8883 is blocked")
    alpn: str | None = Field(
        None, min_length=1, max_length=255, description="the protocol's name on port 443, as x-amzn-mqtt-ca"
    )
    proxy: str | None = Field(
        None, pattern=r"^http://[^/\s]+/?$", max_length=512, description="an HTTPS proxy, as http://proxy:3128"
    )


class IdentityTable(_Table):
    seal: str | None = Field(
        None,
        pattern=r"^(file:.+|(env|systemd):[A-Za-z0-9_.-]+)$",
        max_length=1024,
        description="where the sealing key is: file:/path, env:NAME or systemd:NAME",
    )
    cloud: str | None = Field(
        None,
        pattern=r"^https://[^/\s@]+/?$",
        max_length=512,
        description="who issues certificates, as https://host:8443",
    )


class LogTable(_Table):
    level: str = Field("warning", pattern="^(debug|info|warning|error)$", description="debug, info, warning or error")


class HubToml(_Table):
    """Every table there is; `hub.toml` at the project's root is the commented reference."""

    hub: HubTable = Field(default_factory=lambda: HubTable.model_validate({}))
    drivers: dict[str, dict[str, Any]] = Field(default_factory=dict)
    rules: RulesTable = Field(default_factory=RulesTable)
    api: ApiTable = Field(default_factory=lambda: ApiTable.model_validate({}))
    uplink: UplinkTable | None = None
    identity: IdentityTable = Field(default_factory=lambda: IdentityTable.model_validate({}))
    log: LogTable = Field(default_factory=lambda: LogTable.model_validate({}))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the home is, as far as hub.toml says it: for times of day and the sun."""

    timezone: str | None = None
    """A name of the IANA time zone database; None for the machine's own."""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class UplinkConfig:
    """Where the cloud is, and how to get there."""

    url: str
    fallbacks: bool = True
    alpn: str | None = None
    proxy: str | None = field(default=None, repr=False)
    """May have a password in it."""


@dataclass(frozen=True, slots=True)
class IdentityConfig:
    """Where the key to the hub's keys is, and who issues its certificates."""

    seal: str
    """file:/path, env:NAME or systemd:NAME."""
    cloud: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    path: Path | None
    """None where there is no file, and everything has its default."""
    name: str
    state_dir: Path
    drivers: Mapping[str, Any]
    """By the driver's name, its settings as its own model read them."""
    rule_files: tuple[Path, ...]
    place: Place
    http_hosts: frozenset[str]
    """Hosts that rules may call."""
    api: tuple[str, int] | None
    """Host and port, or None when the API is off."""
    uplink: UplinkConfig | None
    identity: IdentityConfig
    log_level: str


def load_config(
    path: Path | None, environment: Mapping[str, str], kinds: Mapping[str, DriverKind] | None = None
) -> Config:
    """Read the file, and the environment over it.

    With `kinds` the drivers' tables are read too, by the kinds' own models; without, they are left alone, as for a
    command that only talks to the running agent. Raises Mistakes, or RefusedForSecurity.
    """
    document = read_document(path) if path is not None else Document(Path("hub.toml"), {})
    overlay, mistakes = _environment(environment)
    tables = _merge(document.tables, {key: value for key, (value, _) in overlay.items()})
    places = {key: variable for key, (_, variable) in overlay.items()}
    parsed, more = _parse(HubToml, tables, (), document, places)
    mistakes += more
    settings, more = _drivers(tables, kinds, document, places) if kinds is not None else ({}, [])
    mistakes += more
    api: tuple[str, int] | None = None
    if parsed is not None:
        api, more = _address(parsed.api.listen, document, places)
        mistakes += more
        mistakes += _place_mistakes(parsed.hub, document, places)
        mistakes += _url_mistakes(parsed, document, places)
    # A client leaves the drivers' tables alone.
    read = tables if kinds is not None else {name: table for name, table in tables.items() if name != "drivers"}
    told = {mistake.key for mistake in mistakes}
    mistakes += [one for key in _with_nul(read) if (one := _mistake(key, _NUL, document, places)).key not in told]
    if mistakes or parsed is None:
        raise Mistakes(mistakes)
    base = path.parent if path is not None else Path()
    return Config(
        path=path,
        name=parsed.hub.name,
        state_dir=base / parsed.hub.state_dir if parsed.hub.state_dir else _default_state_dir(environment),
        drivers=settings,
        rule_files=tuple(base / file for file in parsed.rules.files),
        place=Place(parsed.hub.timezone, parsed.hub.latitude, parsed.hub.longitude),
        http_hosts=frozenset(parsed.rules.allow_hosts),
        api=api,
        uplink=UplinkConfig(**parsed.uplink.model_dump()) if parsed.uplink else None,
        identity=IdentityConfig(_seal(parsed.identity.seal, base, environment), parsed.identity.cloud),
        log_level=parsed.log.level,
    )


def _default_state_dir(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_STATE_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".local/state")
    return Path(base) / "hubagent"


def _seal(said: str | None, base: Path, environment: Mapping[str, str]) -> str:
    """By default beside the user's configuration: not in the state, whose backups would have the key with the lock."""
    if said is None:
        home = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
        return f"file:{Path(home) / 'hubagent' / 'seal.key'}"
    kind, _, name = said.partition(":")
    return f"file:{base / name}" if kind == "file" else said


def _place_mistakes(hub: HubTable, document: Document, places: Mapping[Key, str]) -> list[Mistake]:
    mistakes = []
    if hub.timezone is not None and hub.timezone not in available_timezones():
        near = did_you_mean(hub.timezone, available_timezones())
        what = f"there is no time zone {hub.timezone!r}{near}"
        mistakes.append(_mistake(("hub", "timezone"), what, document, places))
    if (hub.latitude is None) != (hub.longitude is None):
        there, missing = ("longitude", "latitude") if hub.latitude is None else ("latitude", "longitude")
        mistakes.append(_mistake(("hub", there), f"says nothing without {missing}", document, places))
    return mistakes


def _url_mistakes(parsed: HubToml, document: Document, places: Mapping[Key, str]) -> list[Mistake]:
    """Told without the URL: there may be a password in it."""
    uplink = parsed.uplink
    urls: dict[Key, str | None] = {
        ("uplink", "url"): uplink.url if uplink is not None else None,
        ("uplink", "proxy"): uplink.proxy if uplink is not None else None,
        ("identity", "cloud"): parsed.identity.cloud,
    }
    what = "has no host that can be: it is a name or an address ([...] round IPv6), with a port up to 65535 if any"
    return [
        _mistake(key, what, document, places) for key, url in urls.items() if url is not None and not _has_a_host(url)
    ]


def _has_a_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.port != 0 and parts.hostname is not None and is_host(parts.hostname)
    except ValueError:
        return False


_Overlay = dict[Key, tuple[Any, str]]


def _environment(environment: Mapping[str, str]) -> tuple[_Overlay, list[Mistake]]:
    """`HUBAGENT_DRIVERS__ZWAVE__PORT` is `drivers.zwave.port`. What does not nest is no key and somebody else's."""
    overlay: _Overlay = {}
    mistakes: list[Mistake] = []
    for variable, text in sorted(environment.items()):
        if not variable.startswith(ENVIRONMENT_PREFIX) or NESTING not in variable:
            continue
        key: Key = tuple(variable.removeprefix(ENVIRONMENT_PREFIX).lower().split(NESTING))
        if key[0] in HubToml.model_fields and all(key):
            overlay[key] = (_value(text), variable)
        else:
            mistakes.append(
                Mistake(variable, "", f"there is no key {dotted(key)!r}{did_you_mean(key[0], HubToml.model_fields)}")
            )
    return overlay, mistakes


def _value(text: str) -> Any:
    """As TOML where it is (`true`, `7`, `["a"]`), else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _merge(tables: Mapping[str, Any], overlay: Mapping[Key, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {key: _copy(value) for key, value in tables.items()}
    for key, value in overlay.items():
        table = merged
        for part in key[:-1]:
            below = table.setdefault(str(part), {})
            if not isinstance(below, dict):
                break
            table = below
        else:
            table[str(key[-1])] = value
    return merged


def _copy(value: Any) -> Any:
    return {key: _copy(below) for key, below in value.items()} if isinstance(value, dict) else value


def _parse(
    model: type[BaseModel], table: Any, prefix: Key, document: Document, places: Mapping[Key, str]
) -> tuple[Any, list[Mistake]]:
    try:
        # Paths are relative to the file; a driver's model finds its folder in the context.
        return model.model_validate(table, context={"folder": document.path.parent}), []
    except ValidationError as invalid:
        return None, [
            _mistake((*prefix, *problem["loc"]), words(model, problem), document, places)
            for problem in invalid.errors(include_url=False)
        ]


_NUL: Final = "has the character NUL (\\u0000) in it, and neither a path nor a name can have that"


def _with_nul(value: Any, key: Key = ()) -> Iterator[Key]:
    """Where a text has it: the system takes no such path, and says so only when it is used."""
    if isinstance(value, str) and "\0" in value:
        yield key
    elif isinstance(value, dict | list):
        for part, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _with_nul(below, (*key, part))


def _mistake(key: Key, what: str, document: Document, places: Mapping[Key, str]) -> Mistake:
    if key in places:
        return Mistake(places[key], dotted(key), what)
    return document.mistake(key, what)


def _drivers(
    tables: Mapping[str, Any], kinds: Mapping[str, DriverKind], document: Document, places: Mapping[Key, str]
) -> tuple[dict[str, Any], list[Mistake]]:
    settings: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    drivers = tables.get("drivers", {})
    for name, table in drivers.items() if isinstance(drivers, dict) else ():
        key: Key = ("drivers", name)
        if name not in kinds:
            installed = ", ".join(sorted(kinds)) or "none"
            what = f"there is no driver {name!r}{did_you_mean(name, kinds)}; installed: {installed}"
            mistakes.append(_mistake(key, what, document, places))
        elif isinstance(table, dict):
            settings[name], more = _parse(kinds[name].settings, table, key, document, places)
            mistakes += more
    return settings, mistakes


def _address(
    listen: str, document: Document, places: Mapping[Key, str]
) -> tuple[tuple[str, int] | None, list[Mistake]]:
    if listen == API_OFF:
        return None, []
    key: Key = ("api", "listen")
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdecimal() or not 0 < int(port) <= 65535:
        what = f"is an address and port, as {DEFAULT_LISTEN!r}, or {API_OFF!r}; not {listen!r}"
        return None, [_mistake(key, what, document, places)]
    if not _is_loopback(host):
        place = _mistake(key, "", document, places).place
        raise RefusedForSecurity(
            f"{place}: api.listen: {listen} can be reached from the network, and the API does not ask who calls; "
            f"use {DEFAULT_LISTEN}, and a tunnel (ssh -L) from elsewhere"
        )
    return (host, int(port)), []


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
