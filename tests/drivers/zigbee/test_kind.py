"""`[drivers.zigbee]` of hub.toml."""

from pathlib import Path

import pytest

from drivers.zigbee.kind import KIND
from hubagent.config import load_config
from hubagent.toml_lines import Mistakes

KEY = "10112233445566778899aabbccddee"


def write(folder: Path, text: str) -> Path:
    path = folder / "hub.toml"
    path.write_text(f'[drivers.zigbee]\nport = "/dev/x"\n{text}', encoding="utf-8")
    return path


def test_the_folder_with_firmware_is_relative_to_the_file(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, 'ota_dir = "firmware"'), {}, {"zigbee": KIND})
    assert config.drivers["zigbee"].ota_dir == str(tmp_path / "firmware")


@pytest.mark.parametrize("key", [f'"{KEY}"', f'"{KEY}zz"', KEY[:8]])
def test_a_network_key_is_not_shown_however_wrong_it_is(tmp_path: Path, key: str) -> None:
    path = write(tmp_path, f"[drivers.zigbee.network]\nnetwork_key = {key}")
    with pytest.raises(Mistakes) as caught:
        load_config(path, {}, {"zigbee": KIND})
    assert "drivers.zigbee.network.network_key" in str(caught.value)
    assert KEY[:8] not in str(caught.value)


def test_a_network_key_is_not_shown_by_who_prints_the_settings(tmp_path: Path) -> None:
    path = write(tmp_path, f'[drivers.zigbee.network]\nnetwork_key = "{KEY}ff"')
    settings = load_config(path, {}, {"zigbee": KIND}).drivers["zigbee"]
    assert settings.network.wishes().network_key == bytes.fromhex(f"{KEY}ff")
    assert KEY not in repr(settings)
    assert KEY not in repr(settings.network.wishes())
