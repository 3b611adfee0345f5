"""Which keys can do what. The bytes themselves are in tests/vectors/zwave/central_scene.toml."""

import pytest

from drivers.zwave.command_classes.central_scene import CentralSceneSupportedReport, KeyAttribute
from drivers.zwave.command_classes.command import MalformedCommand

ONCE = frozenset({KeyAttribute.PRESSED_1_TIME})
HELD = frozenset({KeyAttribute.RELEASED, KeyAttribute.HELD_DOWN})


def test_identical_scenes_share_one_set_of_keys() -> None:
    report = CentralSceneSupportedReport(4, (HELD,), identical=True)
    assert [report.keys_of(scene) for scene in (1, 4)] == [HELD, HELD]


def test_other_scenes_have_a_set_each() -> None:
    report = CentralSceneSupportedReport(2, (ONCE, HELD))
    assert [report.keys_of(scene) for scene in (1, 2)] == [ONCE, HELD]


def test_version_1_does_not_say() -> None:
    assert CentralSceneSupportedReport.from_bytes(bytes.fromhex("5b0204")).keys_of(1) is None


def test_a_mask_for_each_scene_must_be_there() -> None:
    with pytest.raises(MalformedCommand):
        CentralSceneSupportedReport.from_bytes(bytes.fromhex("5b0203020101"))
