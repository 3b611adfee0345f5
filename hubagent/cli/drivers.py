"""What is installed: drivers and the opener of serial ports, found by entry point, loaded when used."""

import asyncio
from collections.abc import Iterator, Mapping
from importlib import metadata
from typing import Any, Final

from hubagent.model.driver import DriverKind
from hubagent.runtime import OpenSerial, PortError

DRIVERS_GROUP: Final = "hubagent.drivers"
SERIAL_GROUP: Final = "hubagent.serial"
DEFAULT_OPENER: Final = "serial"
"""For paths, and for URLs whose scheme has no opener of its own."""


class DriverBroken(Exception):
    """It is installed, but cannot be imported."""


class InstalledDrivers(Mapping[str, DriverKind]):
    """By name. Loading one raises DriverBroken where it cannot be imported."""

    def __init__(self) -> None:
        self._points = {point.name: point for point in metadata.entry_points(group=DRIVERS_GROUP)}

    def __getitem__(self, name: str) -> DriverKind:
        kind: DriverKind = _load(self._points[name])
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)


def own_schemes() -> frozenset[str]:
    """Of URLs that an opener of their own is installed for."""
    return frozenset(metadata.entry_points(group=SERIAL_GROUP).names) - {DEFAULT_OPENER}


async def open_serial(port: str, baud: int, protocol: asyncio.Protocol) -> asyncio.WriteTransport:
    """Open a port with the opener that is installed for its kind. Raises PortError."""
    points = {point.name: point for point in metadata.entry_points(group=SERIAL_GROUP)}
    scheme, separator, _ = port.partition("://")
    point = points.get(scheme if separator else DEFAULT_OPENER, points.get(DEFAULT_OPENER))
    if point is None:
        raise PortError(port, "nothing that opens ports is installed", "install hubagent again")
    try:
        opener: OpenSerial = _load(point)
    except DriverBroken as error:
        raise PortError(port, str(error), "install hubagent again") from error
    return await opener(port, baud, protocol)


def _load(point: metadata.EntryPoint) -> Any:
    try:
        return point.load()
    except (ImportError, AttributeError, SyntaxError) as error:
        raise DriverBroken(f"{point.name} ({point.value}) is installed, but broken: {error}") from error
