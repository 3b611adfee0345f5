"""Every fault that can be switched in a world, by its name: what `sim do fault` lists, and what a plan draws from."""

from collections.abc import Mapping
from typing import Any, Final

from simulators.world_faults.air import air_faults
from simulators.world_faults.device import device_faults
from simulators.world_faults.stick import stick_faults
from simulators.world_faults.struck import WorldFault
from simulators.world_faults.wire import wire_faults

WORLD_FAULTS: Final[Mapping[str, WorldFault]] = {
    kind.name: kind for kind in (*wire_faults(), *stick_faults(), *air_faults(), *device_faults())
}


def faults_json() -> list[dict[str, Any]]:
    """For a page, or another program."""
    return [kind.to_json() for kind in WORLD_FAULTS.values()]
