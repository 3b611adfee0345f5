"""What stands beside a stick on USB, as Linux's sysfs tells it; for `doctor`.

USB 3 at 5 Gbit/s radiates around 2.4 GHz, strongest at the plug (Intel, "USB 3.0 Radio Frequency Interference Impact on
2.4 GHz Wireless Devices", 327216): a Zigbee stick right beside such a device hears little.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

SYSFS: Final = Path("/sys")
_USB_3_MBITS: Final = 5000


def fast_neighbours(port: Path, sysfs: Path = SYSFS) -> list[str]:
    """The USB 3 devices on the controller that the serial port `port` is on, by name; none where it is on none."""
    stick = _usb_device(sysfs / "class" / "tty" / port.resolve().name / "device")
    controller = _controller(stick)
    if stick is None or controller is None:
        return []
    found = []
    for device in sorted((sysfs / "bus" / "usb" / "devices").glob("*")):
        real = device.resolve()
        is_other = real != stick and not device.name.startswith("usb")
        if is_other and _number(real / "speed") >= _USB_3_MBITS and controller in real.parents:
            found.append(_text(real / "product") or device.name)
    return found


def _usb_device(interface: Path) -> Path | None:
    """The device that an interface belongs to: the nearest ancestor that has a bus number."""
    if not interface.exists():
        return None
    return next((path for path in _upwards(interface.resolve()) if (path / "busnum").exists()), None)


def _controller(device: Path | None) -> Path | None:
    """What the device's root hub is part of; a USB 3 controller has two root hubs, one for each speed."""
    if device is None:
        return None
    return next((path.parent for path in _upwards(device) if path.name.startswith("usb")), None)


def _upwards(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents


def _number(file: Path) -> float:
    try:
        return float(_text(file))
    except ValueError:
        return 0.0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
