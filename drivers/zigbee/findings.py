"""What `doctor` says is wrong or doubtful about the stick and its network, and what to do about it.

One function a doubt; nothing is asked of the stick for it. Devices are named by identifier, under `devices`: the names
that people gave them are the home's.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from drivers.zigbee.channels import WEAK_CHANNEL, better_than, quietest, wifi_over
from drivers.zigbee.scanning import Scan
from drivers.zigbee.setting_up import VERSION_MAX
from hubagent.model.driver import Record

if TYPE_CHECKING:
    from drivers.zigbee.driver import ZigbeeDriver

RECENT_S: Final = 86_400.0
"""A day. What was heard or happened before says little of the air and the network as they are now."""
TROUBLED_FIRMWARE: Final = {
    "8.0.0.": "loses answers when much is sent at once, and reports wrong signal strengths",
    "8.0.1.": "reports wrong signal strengths",
}
"""By the beginning of EmberZNet's version (SiliconLabs/simplicity_sdk, issue #13 "Feedback on EmberZNet 8.0.0"). What
keeps a stick from answering at all is not here: with such firmware nobody gets as far as this."""
SOUND_FIRMWARE: Final = "8.0.2"
"""In which both are mended, by the same source."""
_CHANNEL: Final = "hubagent radio zigbee channel channel="


def findings_of(driver: "ZigbeeDriver") -> list[Record]:
    return [found for doubt in DOUBTS for found in doubt(driver)]


# The network.


def _wrong_network(driver: "ZigbeeDriver") -> Iterator[Record]:
    coordinator = driver.coordinator
    if coordinator is not None and coordinator.wrong_network is not None:
        yield {"grade": "error", "text": str(coordinator.wrong_network), "fix": "decide, as it says"}


def _deviations(driver: "ZigbeeDriver") -> Iterator[Record]:
    for deviation in driver.membership.deviations():
        fix = f"correct hub.toml, or change the network: {_CHANNEL}N"
        yield _warning(f"other than hub.toml asks for: {deviation}", fix)


# The air.


def _weak_channel(driver: "ZigbeeDriver") -> Iterator[Record]:
    network = driver.membership.network
    if network is None or network.channel != WEAK_CHANNEL:
        return
    scan = _last_scan(driver)
    fix = f"{_CHANNEL}{quietest({} if scan is None else scan.heard)}"
    yield _warning(f"on channel {WEAK_CHANNEL} many devices send with less power, and some not at all", fix)


def _loud_channel(driver: "ZigbeeDriver") -> Iterator[Record]:
    network, scan = driver.membership.network, _last_scan(driver)
    if network is None or scan is None:
        return
    own, better = network.channel, better_than(network.channel, scan.heard)
    if better is None:
        return
    wifi = wifi_over(own)
    why = "" if wifi is None else f"; Wi-Fi channel {wifi} lies over it"
    yield _warning(
        f"channel {own} was loud in the energy scan {_ago(scan.at)} ({scan.heard[own]} dBm), and channel {better} much "
        f"quieter ({scan.heard[better]} dBm){why}",
        f"{_CHANNEL}{better}",
    )


def _last_scan(driver: "ZigbeeDriver") -> Scan | None:
    scan = None if driver.parts is None else driver.parts.energy_scan.last
    return scan if scan is not None and _since(scan.at) <= RECENT_S else None


# The stick.


def _new_firmware(driver: "ZigbeeDriver") -> Iterator[Record]:
    ezsp = 0 if driver.coordinator is None else driver.coordinator.identity.ezsp
    if ezsp > VERSION_MAX:
        yield _warning(
            f"the stick's firmware speaks EZSP {ezsp}, newer than what is known here ({VERSION_MAX})",
            f"update hubagent; or, where something does not work, flash firmware with EZSP {VERSION_MAX} or older",
        )


def _troubled_firmware(driver: "ZigbeeDriver") -> Iterator[Record]:
    firmware = "" if driver.coordinator is None else driver.coordinator.identity.firmware
    for beginning, trouble in TROUBLED_FIRMWARE.items():
        if firmware.startswith(beginning):
            fix = f"flash EmberZNet {SOUND_FIRMWARE} or newer NCP firmware of the stick's maker"
            yield _warning(f"the stick's firmware, EmberZNet {firmware}, {trouble}", fix)


# The devices.


def _conflicts(driver: "ZigbeeDriver") -> Iterator[Record]:
    conflicts = None if driver.parts is None else driver.parts.arrivals.conflicts
    if conflicts is None or conflicts.count == 0 or _since(conflicts.last_at) > RECENT_S:
        return
    times = "once" if conflicts.count == 1 else f"{conflicts.count} times"
    yield _warning(
        f"a network address was in conflict {times} since the start, the last time {_ago(conflicts.last_at)}, and "
        "those that had it chose others",
        "nothing, if it stays at that; if it goes on, pair the devices anew that it happens to",
    ) | {"devices": list(conflicts.devices)}


def _silent(driver: "ZigbeeDriver") -> Iterator[Record]:
    silent = sorted(node.device for node in driver.registry.nodes.values() if node.silent)
    if silent:
        yield _warning(
            "a device is silent" if len(silent) == 1 else f"{len(silent)} devices are silent",
            "give them power, or a repeater on the way; what is gone for good: hubagent unpair DEVICE --failed",
        ) | {"devices": silent}


DOUBTS: Final[tuple[Callable[["ZigbeeDriver"], Iterator[Record]], ...]] = (
    _wrong_network,
    _deviations,
    _weak_channel,
    _loud_channel,
    _new_firmware,
    _troubled_firmware,
    _conflicts,
    _silent,
)


def _warning(text: str, fix: str) -> dict[str, object]:
    return {"grade": "warning", "text": text, "fix": fix}


def _since(then: float) -> float:
    return asyncio.get_running_loop().time() - then


def _ago(then: float) -> str:
    minutes = int(_since(then) // 60)
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"
