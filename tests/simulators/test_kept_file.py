from pathlib import Path

import pytest

from simulators.kept_file import CannotKeep, read_kept, write_kept


@pytest.mark.parametrize("synced", [False, True])
def test_what_is_written_is_read(tmp_path: Path, synced: bool) -> None:
    file = tmp_path / "kept.json"
    write_kept(file, {"a": 1}, synced=synced)
    assert read_kept(file, "a memory", dict) == {"a": 1}
    assert [it.name for it in tmp_path.iterdir()] == ["kept.json"]


def test_what_the_disk_does_not_take_is_said_with_the_file_and_why(tmp_path: Path) -> None:
    (tmp_path / "kept.json.new").mkdir()
    with pytest.raises(CannotKeep, match=r"kept\.json cannot be written: Is a directory"):
        write_kept(tmp_path / "kept.json", {}, synced=False)
    with pytest.raises(CannotKeep, match=r"nowhere/kept\.json cannot be written: No such file"):
        write_kept(tmp_path / "nowhere" / "kept.json", {}, synced=False)


def test_what_cannot_be_read_is_said_with_the_file_and_why(tmp_path: Path) -> None:
    with pytest.raises(CannotKeep, match="cannot be read: Is a directory"):
        read_kept(tmp_path, "a memory", dict)


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a"'])
def test_what_is_damaged_is_said_with_the_file_and_what_it_should_be(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kept.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"kept\.json is not a memory"):
        read_kept(file, "a memory", lambda document: document["a"])
