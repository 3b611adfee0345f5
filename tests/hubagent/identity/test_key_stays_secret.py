"""The hub's private key is nowhere in the clear: not on disk, in a log, a backup, a temporary file or an error."""

import base64
import copy
import io
import logging
import pickle
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hubagent.identity.enrolment import Proof
from hubagent.identity.est import EnrolmentFailed
from hubagent.identity.findings import described, findings
from hubagent.identity.key import OPERATIONAL, HubKey, KeySealed, new_key, open_key, read_plain_key
from hubagent.identity.seal import Seal, seal_source
from hubagent.identity.trouble import IdentityUnusable
from hubagent.runtime import real_runtime
from hubagent.store.store import open_store
from simulators.cloud.ca import DAY_S
from tests.hubagent.identity.a_hub import AHub


class Spy:
    """Keeps the scalars of all keys that the hub makes or opens, and knows them in every dress."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scalars: list[bytes] = []
        self._dresses: list[bytes] = []
        real = HubKey.__init__

        def spied(hub_key: HubKey, key: ec.EllipticCurvePrivateKey) -> None:
            self.plant(key)
            real(hub_key, key)

        monkeypatch.setattr(HubKey, "__init__", spied)

    def plant(self, key: ec.EllipticCurvePrivateKey) -> None:
        scalar = key.private_numbers().private_value
        raw = scalar.to_bytes(32, "big")
        if raw in self.scalars:
            return
        self.scalars.append(raw)
        self._dresses += [raw, raw[::-1], raw.hex().encode(), raw.hex().upper().encode(), str(scalar).encode()]
        self._dresses += [repr(raw)[2:-1].encode(), raw.hex(":").encode(), base64.b64encode(raw).rstrip(b"=")]
        for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
            der = key.private_bytes(Encoding.DER, form, NoEncryption())
            self._dresses.append(der)
            at = der.index(raw)
            # Base64 goes by three bytes: wherever the scalar falls, most of it is here as that encoding has it.
            for shift in range(3):
                start = at + shift
                self._dresses.append(base64.b64encode(der[start : start + 30]))

    def found_in(self, content: bytes) -> bool:
        flat = content.replace(b"\n", b"").replace(b"\r", b"")
        return any(dress in content or dress in flat for dress in self._dresses)


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    return Spy(monkeypatch)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that any logger says, at debug level."""
    text = io.StringIO()
    handler, root = logging.StreamHandler(text), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(before)


def files_below(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_the_spy_sees_a_key_in_every_dress(spy: Spy) -> None:
    key = new_key()
    plain = key._key
    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        for encoding in (Encoding.PEM, Encoding.DER):
            assert spy.found_in(b"x" * 7 + plain.private_bytes(encoding, form, NoEncryption()))
    assert spy.found_in(f"private value {plain.private_numbers().private_value}".encode())
    assert spy.found_in(repr(spy.scalars[0]).encode())
    assert spy.found_in(spy.scalars[0].hex().encode())
    assert not spy.found_in(plain.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


async def test_no_key_is_in_the_clear_anywhere_after_a_hubs_whole_life(
    hub: AHub, spy: Spy, logged: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    hub.made_by_maker()
    texts: list[str] = []
    await hub.claimed()
    assert hub.connects() == ""
    hub.cloud.loses_answers = 1
    with pytest.raises(EnrolmentFailed) as lost:
        await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)
    texts += traceback.format_exception(lost.value)
    backup_while_asking = {path: path.read_bytes() for path in files_below(hub.state)}
    hub.time.now += 60 * DAY_S
    await hub.enrolment.enrol(Proof.OPERATIONAL, hub.anchors)
    await hub.enrolment.refresh()
    store = open_store(hub.state, real_runtime(None))  # type: ignore[arg-type]  # no port is opened
    store.keep_backup()
    store.close()
    texts += [str(described(hub.identity)), str(findings(hub.identity)), repr(hub.identity), repr(vars(hub.identity))]

    assert len(spy.scalars) == 3
    places = files_below(hub.state, hub.folder / "config", hub.folder / "cloud", temporary)
    assert hub.files.operational in places
    assert hub.state / "hub.db.backup" in places
    for path in places:
        assert not spy.found_in(path.read_bytes()), path
    assert not any(spy.found_in(content) for content in backup_while_asking.values())
    assert not spy.found_in("\n".join([*texts, logged.getvalue()]).encode())


async def test_what_is_on_disk_is_encrypted_and_opens_with_the_sealing_key_only(hub: AHub, spy: Spy) -> None:
    await hub.claimed()
    content = hub.files.operational.read_bytes()
    assert content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    opened = load_pem_private_key(content, hub.source.open().password(OPERATIONAL))
    assert isinstance(opened, ec.EllipticCurvePrivateKey)
    assert opened.private_numbers().private_value.to_bytes(32, "big") == spy.scalars[-1]
    with pytest.raises(KeySealed):
        open_key(content, Seal(b"another key, of 32 bytes or more"), OPERATIONAL)


async def test_a_copy_of_the_state_is_nothing_without_the_sealing_key(hub: AHub, tmp_path: Path) -> None:
    await hub.claimed()
    hub.source.destroy()
    with pytest.raises(IdentityUnusable, match="the sealing key cannot be read"):
        hub.identity.client_context()
    hub.source.make()
    with pytest.raises(IdentityUnusable, match="does not open it, or it is damaged"):
        hub.identity.client_context()


def test_a_key_is_not_printed_not_pickled_and_not_copied(spy: Spy) -> None:
    key = new_key()
    assert not spy.found_in(f"{key} {key!r} {dir(key)}".encode())
    for make in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="a private key is not written anywhere but sealed"):
            make(key)


@pytest.mark.parametrize(
    "damage", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_one_error_without_the_content(spy: Spy, damage: bytes) -> None:
    seal = Seal(bytes(32))
    for content in (damage, damage + new_key().sealed(seal, OPERATIONAL)[:-60]):
        with pytest.raises(KeySealed) as caught:
            open_key(content, seal, OPERATIONAL)
        text = "".join(traceback.format_exception(caught.value))
        assert caught.value.__cause__ is None
        assert not spy.found_in(text.encode())


def test_a_plain_key_that_is_damaged_is_not_quoted(spy: Spy) -> None:
    plain = new_key()._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KeySealed) as caught:
        read_plain_key(plain.replace(b"\n-----END", b"!\n-----END"))
    assert not spy.found_in("".join(traceback.format_exception(caught.value)).encode())


def test_keys_are_not_drawn_from_a_seed() -> None:
    """A simulation's entropy is; a key that can be drawn again is none."""
    scalars = {new_key()._key.private_numbers().private_value for _ in range(20)}
    assert len(scalars) == 20


def test_a_seal_from_the_environment_is_in_no_text(spy: Spy) -> None:
    source = seal_source("env:HUB_SEAL", {"HUB_SEAL": "s3cret-" * 8})
    assert "s3cret" not in f"{source} {source!r} {source.open()!r}"
    assert isinstance(new_key(), HubKey)
