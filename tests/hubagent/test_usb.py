"""What stands beside a stick, on a sysfs that the test makes."""

from pathlib import Path

import pytest

from hubagent.usb import fast_neighbours


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    """Two controllers: a stick and a fast disk on the first, a fast disk on the second."""
    sys = tmp_path / "sys"
    _device(sys, "pci0/usb1/1-1", speed="12", product="a Zigbee stick")
    _device(sys, "pci0/usb2/2-1", speed="5000", product="a disk")
    _device(sys, "pci0/usb2", speed="5000", product="a root hub")
    _device(sys, "pci1/usb4/4-1", speed="10000", product="a disk elsewhere")
    interface = sys / "devices" / "pci0" / "usb1" / "1-1" / "1-1:1.0" / "ttyUSB0"
    interface.mkdir(parents=True)
    tty = sys / "class" / "tty" / "ttyUSB0"
    tty.mkdir(parents=True)
    (tty / "device").symlink_to(interface)
    return sys


def _device(sys: Path, place: str, *, speed: str, product: str) -> None:
    folder = sys / "devices" / place
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("speed", speed), ("product", product), ("busnum", "1")):
        (folder / name).write_text(f"{text}\n")
    links = sys / "bus" / "usb" / "devices"
    links.mkdir(parents=True, exist_ok=True)
    (links / folder.name).symlink_to(folder)


def test_a_fast_device_on_the_same_controller_is_named_and_one_elsewhere_is_not(sysfs: Path, tmp_path: Path) -> None:
    by_id = tmp_path / "usb-stick"
    by_id.symlink_to(tmp_path / "ttyUSB0")
    assert fast_neighbours(by_id, sysfs) == ["a disk"]


def test_a_slow_device_does_no_harm(sysfs: Path) -> None:
    (sysfs / "devices/pci0/usb2/2-1/speed").write_text("480\n")
    assert fast_neighbours(Path("/dev/ttyUSB0"), sysfs) == []


def test_a_port_that_is_not_on_usb_has_no_neighbours(sysfs: Path) -> None:
    assert fast_neighbours(Path("/dev/ttyAMA0"), sysfs) == []
    assert fast_neighbours(Path("/dev/ttyUSB0"), sysfs / "nowhere") == []
