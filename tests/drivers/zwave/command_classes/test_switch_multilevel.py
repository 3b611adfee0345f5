import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.switch_multilevel import SwitchMultilevelStartLevelChange


def test_a_reserved_direction_is_malformed() -> None:
    with pytest.raises(MalformedCommand, match="reserved"):
        SwitchMultilevelStartLevelChange.from_bytes(b"\x26\x04\x80\x00")
