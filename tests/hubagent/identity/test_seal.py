"""Where the sealing key may be, and where not."""

import os
import pickle
import stat
from pathlib import Path

import pytest

from hubagent.identity.seal import Seal, SealMissing, SealRefused, refuse_beside, seal_source

SECRET = bytes(range(32))


def test_the_default_is_a_file_of_32_bytes_made_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "config" / "hubagent" / "seal.key"
    source = seal_source(f"file:{path}", {})
    made = source.make()
    assert path.stat().st_size == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert source.open().password("x") == source.make().password("x") == made.password("x")


def test_two_hubs_have_two_sealing_keys(tmp_path: Path) -> None:
    first, second = (seal_source(f"file:{tmp_path / name}", {}).make() for name in "ab")
    assert first.password("x") != second.password("x")


def test_each_purpose_has_its_own_password() -> None:
    seal = Seal(SECRET)
    assert seal.password("operational") != seal.password("manufacturer")
    assert SECRET not in seal.password("operational")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o610, 0o602, 0o777])
def test_a_file_that_others_may_use_is_refused_with_the_command_to_mend_it(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "seal.key"
    path.write_bytes(SECRET)
    path.chmod(mode)
    with pytest.raises(SealRefused, match=f"mend it: chmod 600 {path}"):
        seal_source(f"file:{path}", {}).open()


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        SealMissing, match=r"no such file.*put it back, or make a new identity: hubagent identity reset"
    ):
        seal_source(f"file:{tmp_path / 'nowhere'}", {}).open()


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 31, b"x" * 1025])
def test_a_key_of_the_wrong_length_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seal.key"
    path.touch(mode=0o600)
    path.write_bytes(content)
    with pytest.raises(SealMissing, match="has 32 to 1024 bytes"):
        seal_source(f"file:{path}", {}).open()


def test_a_folder_or_a_pipe_is_no_key(tmp_path: Path) -> None:
    with pytest.raises((SealRefused, SealMissing)):
        seal_source(f"file:{tmp_path}", {}).open()


def test_a_variable_of_the_environment_is_taken() -> None:
    source = seal_source("env:HUB_SEAL", {"HUB_SEAL": "x" * 32})
    assert source.open().password("a") == Seal(b"x" * 32).password("a")
    with pytest.raises(SealMissing, match="the variable HUB_SEAL is not set"):
        seal_source("env:HUB_SEAL", {}).make()


def test_a_credential_of_systemd_is_taken_with_its_access_list(tmp_path: Path) -> None:
    path = tmp_path / "hub-seal"
    path.touch(mode=0o440)
    path.chmod(0o600)
    path.write_bytes(SECRET)
    path.chmod(0o440)
    source = seal_source("systemd:hub-seal", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert source.open().password("a") == Seal(SECRET).password("a")
    with pytest.raises(SealMissing, match="CREDENTIALS_DIRECTORY is not set"):
        seal_source("systemd:hub-seal", {}).open()


def test_a_credential_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hub-seal").write_bytes(SECRET)
    (tmp_path / "hub-seal").chmod(0o444)
    with pytest.raises(SealRefused):
        seal_source("systemd:hub-seal", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).open()


@pytest.mark.parametrize("text", ["", "seal.key", "file:", "env:", "tpm:x", "systemd:../x", "env:a/b"])
def test_what_names_no_place_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match=r"is file:/path, env:NAME or systemd:NAME|is no name"):
        seal_source(text, {})


@pytest.mark.parametrize("place", ["state/seal.key", "state/identity/seal.key", "link/seal.key"])
def test_a_key_beside_its_lock_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "state" / "identity").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "state")
    with pytest.raises(SealRefused, match="a backup of that would have both"):
        refuse_beside(seal_source(f"file:{tmp_path / place}", {}), tmp_path / "state")
    refuse_beside(seal_source(f"file:{tmp_path / 'elsewhere'}", {}), tmp_path / "state")


def test_a_destroyed_key_is_overwritten_and_gone(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    source = seal_source(f"file:{path}", {})
    source.make()
    before = path.read_bytes()
    with path.open("rb") as still_open:
        assert source.destroy()
        assert before not in still_open.read()
    assert not path.exists()
    assert source.destroy()


def test_a_variable_is_not_the_hubs_to_destroy() -> None:
    assert not seal_source("env:HUB_SEAL", {"HUB_SEAL": "x" * 32}).destroy()


def test_a_sealing_key_is_not_shown_and_not_pickled() -> None:
    seal = Seal(b"geheim" * 6)
    assert "geheim" not in f"{seal!r} {seal} {seal.__class__.__slots__}"
    with pytest.raises(TypeError):
        pickle.dumps(seal)
    source = seal_source("env:HUB_SEAL", {"HUB_SEAL": "geheim" * 6})
    assert "geheim" not in f"{source!r} {source}"
    with pytest.raises(TypeError):
        pickle.dumps(source)


def test_a_key_of_another_users_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seal.key"
    seal_source(f"file:{path}", {}).make()
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    if path.stat().st_uid == 0:
        os.chown(path, 12345, 12345)
        monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(SealRefused, match="is another user's"):
        seal_source(f"file:{path}", {}).open()
