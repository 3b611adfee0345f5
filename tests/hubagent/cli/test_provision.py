"""`hubagent provision` and `hubagent identity` as a person types them, against an enrolment server over real TLS."""

import asyncio
import base64
import json
import os
import random
import stat
import threading  # noqa: TID251 - commands have a loop of their own, and the cloud another
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from hubagent.cli.main import run_command
from hubagent.runtime import real_runtime
from simulators.cloud.ca import Authority, new_authority
from simulators.cloud.est import EnrolmentServer, Response
from tests.helpers.bad_certificates import der_of, loaded, with_an_extension_twice
from tests.helpers.est_over_tls import Served, served_over_tls

pytestmark = pytest.mark.real_time


def _clock() -> float:
    return real_runtime(None).wall()  # type: ignore[arg-type]  # no port is opened


class Place:
    """A hub's folders, a cloud and a maker; commands run in this process, the cloud in a thread of its own."""

    def __init__(self, folder: Path, served: Served, maker: Authority, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.served = served
        self.maker = maker
        self._capsys = capsys
        self.config = folder / "hub.toml"
        self.config.write_text('[hub]\nstate_dir = "state"\n', encoding="utf-8")
        self.root = folder / "root.pem"
        self.root.write_bytes(served.server.authority.anchors_pem)

    def say(self, *arguments: str) -> tuple[int, str, str]:
        code = run_command(["--config", str(self.config), *arguments])
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err

    def provision(self, *arguments: str) -> tuple[int, str, str]:
        return self.say("provision", "--cloud", self.served.url, *arguments)

    def claim(self, hub: str = "hub-00000001") -> str:
        return self.served.server.new_claim(hub)

    def provisioned(self) -> "Place":
        code, _, err = self.provision("--claim", self.claim(), "--anchor", str(self.root))
        assert code == 0, err
        return self

    def shown(self) -> dict[str, Any]:
        code, out, err = self.say("identity", "--json")
        assert code == 0, err
        found: dict[str, Any] = json.loads(out)
        return found

    def factory(self) -> tuple[str, str]:
        certificate, key = self.maker.hub_with_key("device-0007").write(self.folder / "factory", "device")
        return str(certificate), str(key)


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    maker = new_authority(_clock, "maker")
    server = EnrolmentServer(new_authority(_clock), random.Random("cli").randbytes, [maker.root, maker.issuing])
    started: list[Served] = []
    loops: list[asyncio.AbstractEventLoop] = []
    ended = asyncio.Event()
    ready = threading.Event()

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with served_over_tls(tmp_path / "cloud", server) as served:
            started.append(served)
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    try:
        yield Place(tmp_path, started[0], maker, capsys)
    finally:
        loops[0].call_soon_threadsafe(ended.set)
        thread.join(20)


def test_a_hub_is_provisioned_with_a_claim_code_and_tells_who_it_is(place: Place) -> None:
    code, out, err = place.provision("--claim", place.claim(), "--anchor", str(place.root))
    assert (code, out) == (0, "")
    assert "this hub is hub-00000001" in err
    code, out, _ = place.say("identity")
    assert code == 0
    assert out.splitlines()[0].split() == ["hub", "hub-00000001"]
    assert "89 days left" in out or "90 days left" in out


def test_the_identity_for_programs(place: Place) -> None:
    shown = place.provisioned().shown()
    assert shown["v"] == 1
    assert shown["hub"] == "hub-00000001"
    assert set(shown["certificate"]) == {
        "serial",
        "issuer",
        "from",
        "until",
        "days_left",
        "renewal",
        "renewal_failures",
    }
    assert [one["name"] for one in shown["anchors"]] == ["hubagent development root"]
    assert shown["cloud"] == place.served.url
    assert shown["manufacturer"] is None
    assert shown["seal"] == f"file:{place.folder / 'config' / 'hubagent' / 'seal.key'}"


def test_the_fingerprint_is_enough_and_may_have_colons(place: Place) -> None:
    digits = place.served.server.authority.root.fingerprint(hashes.SHA256()).hex().upper()
    colons = ":".join(digits[at : at + 2] for at in range(0, 64, 2))
    code, out, err = place.provision("--claim", place.claim(), "--anchor-sha256", colons, "--json")
    assert code == 0, err
    assert json.loads(out)["hub"] == "hub-00000001"


def test_the_code_may_come_by_stdin(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(place.claim() + "\n"))
    assert place.provision("--claim", "-", "--anchor", str(place.root))[0] == 0


def test_the_makers_certificate_is_taken_over_and_serves_after_a_reset(place: Place) -> None:
    certificate, key = place.factory()
    arguments = ("--manufacturer-cert", certificate, "--manufacturer-key", key, "--anchor", str(place.root))
    assert place.provision(*arguments)[0] == 0
    first = place.shown()
    assert first["manufacturer"]["issuer"] == "maker issuing"
    assert place.say("identity", "reset", "--yes")[0] == 0
    assert place.shown()["hub"] is None
    assert place.provision()[0] == 0
    again = place.shown()
    assert again["hub"] == first["hub"]
    assert again["certificate"]["serial"] != first["certificate"]["serial"]


def test_a_certificate_is_renewed_at_a_persons_wish(place: Place) -> None:
    before = place.provisioned().shown()["certificate"]["serial"]
    code, out, err = place.say("identity", "renew", "--json")
    assert code == 0, err
    assert json.loads(out)["certificate"]["serial"] != before


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("--claim", "WRONG", "--anchor", "ROOT"), 4, "this claim code is wrong, too old, or was used"),
        (("--claim", "CODE"), 7, "whom shall the hub trust? give the cloud's anchor (--anchor FILE)"),
        (("--claim", "CODE", "--anchor-sha256", "00" * 32), 7, "has no anchor with the fingerprint"),
        (("--claim", "CODE", "--anchor-sha256", "12"), 1, "is no SHA-256"),
        (("--claim", "CODE", "--anchor", "STRANGER"), 7, "nobody whom the hub trusts issued its certificate"),
        (("--claim", "CODE", "--anchor", "NOWHERE"), 1, "no such file or directory"),
        (("--claim", "CODE", "--anchor", "hub.toml"), 1, "no certificate in PEM form"),
        (("--claim", "CODE", "--anchor", "ROOT", "--anchor-sha256", "00" * 32), 2, "not both"),
        (("--anchor", "ROOT"), 1, "give --claim CODE"),
        (("--manufacturer-cert", "ROOT"), 2, "go together"),
        (("--claim", "", "--anchor", "ROOT"), 1, "this is no claim code"),
    ],
)
def test_a_mistake_is_told_with_its_code_and_leaves_no_identity(
    place: Place, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    stranger = place.folder / "stranger.pem"
    stranger.write_bytes(new_authority(_clock).anchors_pem)
    words = {
        "CODE": place.claim(),
        "ROOT": str(place.root),
        "STRANGER": str(stranger),
        "NOWHERE": str(place.folder / "nowhere.pem"),
        "hub.toml": str(place.config),
    }
    said = place.provision(*(words.get(word, word) for word in arguments))
    assert (said[0], said[1]) == (code, "")
    assert complaint in said[2]
    assert place.shown()["hub"] is None


def test_no_cloud_is_a_usage_error(place: Place) -> None:
    code, _, err = place.say("provision", "--claim", "X")
    assert (code, "which cloud?" in err) == (2, True)
    code, _, err = place.say("provision", "--cloud", "http://localhost:1", "--claim", "X")
    assert (code, "is not https://HOST:PORT" in err) == (2, True)


def test_the_cloud_in_hub_toml_is_enough(place: Place) -> None:
    with place.config.open("a", encoding="utf-8") as file:
        file.write(f'[identity]\ncloud = "{place.served.url}"\n')
    assert place.say("provision", "--claim", place.claim(), "--anchor", str(place.root))[0] == 0


def test_a_cloud_that_is_not_there_is_unreachable(place: Place) -> None:
    code, _, err = place.say("provision", "--cloud", "https://localhost:1", "--claim", "X", "--anchor", str(place.root))
    assert code == 3
    assert "localhost:1 cannot be reached: connection refused" in err


def test_a_sealing_key_that_others_may_read_is_refused_with_the_command_to_mend_it(place: Place) -> None:
    seal = place.folder / "config" / "hubagent" / "seal.key"
    seal.parent.mkdir(parents=True)
    seal.write_bytes(bytes(range(32)))
    seal.chmod(0o644)
    code, _, err = place.provision("--claim", place.claim(), "--anchor", str(place.root))
    assert code == 7
    assert f"mend it: chmod 600 {seal}" in err
    seal.chmod(0o600)
    assert place.provision("--claim", place.claim(), "--anchor", str(place.root))[0] == 0


def test_a_sealing_key_in_the_state_folder_is_refused(place: Place) -> None:
    with place.config.open("a", encoding="utf-8") as file:
        file.write('[identity]\nseal = "file:state/seal.key"\n')
    code, _, err = place.provision("--claim", place.claim(), "--anchor", str(place.root))
    assert (code, "a backup of that would have both" in err) == (7, True)


def test_what_is_made_is_its_owners_only(place: Place) -> None:
    place.provisioned()
    for path in (place.folder / "state" / "identity", place.folder / "config" / "hubagent"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        for file in path.iterdir():
            if file.name != "lock":
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_reset_asks_first_and_scripts_say_yes(place: Place) -> None:
    place.provisioned()
    code, _, err = place.say("identity", "reset")
    assert (code, "say that you mean it: --yes" in err) == (2, True)
    assert place.shown()["hub"] == "hub-00000001"
    code, _, err = place.say("identity", "reset", "--yes")
    assert (code, "the identity is destroyed" in err) == (0, True)


def test_a_reset_that_cannot_destroy_the_sealing_key_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_SEAL", "x" * 40)
    with place.config.open("a", encoding="utf-8") as file:
        file.write('[identity]\nseal = "env:HUB_SEAL"\n')
    place.provisioned()
    code, _, err = place.say("identity", "reset", "--yes")
    assert (code, "an old backup of the state can still be opened" in err) == (0, True)


def test_renewing_what_is_not_there_says_what_to_do(place: Place) -> None:
    code, _, err = place.say("identity", "renew")
    assert (code, "hubagent provision" in err) == (1, True)


def test_a_person_who_has_to_approve_is_waited_for(place: Place) -> None:
    place.served.server.wait_s = 1.0
    code, _, err = place.provision("--claim", place.claim(), "--anchor", str(place.root))
    assert code == 0, err
    assert "wants to be asked again in 1 s" in err
    place.served.server.wait_s = 3600.0
    code, _, err = place.provision("--claim", place.claim("hub-00000002"), "--timeout", "1")
    assert (code, "wants to be asked again" in err) == (3, True)


@pytest.mark.parametrize(
    ("answer", "code", "complaint"),
    [
        (Response(302, b"", {"Location": "https://evil.example/"}), 1, "sends the hub elsewhere"),
        (Response(500, b"", {}), 3, "it has trouble of its own"),
        (Response(404, b"", {}), 1, "there is no enrolment server"),
        (Response(200, b"no pkcs7 at all", {}), 1, "and sent something else"),
        (Response(200, b"", {}), 1, "and sent something else"),
        (b"SSH-2.0-OpenSSH\r\n", 1, "does not speak HTTP as it should"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000, 1, "more than 1048576 bytes"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 100_000, 1, "does not speak HTTP as it should"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx", 1, "does not speak HTTP as it should"),
        (b"", 3, "closed the connection"),
    ],
)
def test_an_answer_that_is_none_is_told_in_plain_words(
    place: Place, answer: Response | bytes, code: int, complaint: str
) -> None:
    place.served.trick = lambda _method, _path: answer
    said = place.provision("--claim", place.claim(), "--anchor", str(place.root))
    assert said[0] == code, said
    assert complaint in said[2]
    assert "Traceback" not in said[2]


def test_a_stranger_whose_certificate_troubles_its_reader_is_told_in_plain_words(place: Place) -> None:
    root = with_an_extension_twice(der_of(place.served.server.authority.root))
    authorities = base64.b64encode(pkcs7.serialize_certificates([loaded(root)], Encoding.DER))
    place.served.trick = lambda _method, _path: Response(200, authorities, {})
    digits = loaded(root).fingerprint(hashes.SHA256()).hex()
    code, _, err = place.provision("--claim", place.claim(), "--anchor-sha256", digits)
    assert (code, "it names none" in err) == (7, True)


def test_the_claim_code_is_in_no_header_but_one_and_in_no_output(place: Place) -> None:
    code = place.claim()
    said = place.provision("--claim", code, "--anchor", str(place.root), "--json")
    assert code not in "".join(map(str, said))
    with_it = [path for _, path, headers in place.served.asked if "authorization" in headers]
    assert with_it == ["/.well-known/est/simpleenroll"]
    assert not any(code.encode() in file.read_bytes() for file in place.folder.rglob("*") if file.is_file())


def test_provisioning_works_where_only_the_environment_says_where_things_are(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBAGENT_IDENTITY__CLOUD", place.served.url)
    monkeypatch.setenv("HUBAGENT_IDENTITY__SEAL", f"file:{place.folder / 'elsewhere.key'}")
    assert place.say("provision", "--claim", place.claim(), "--anchor", str(place.root))[0] == 0
    assert os.path.getsize(place.folder / "elsewhere.key") == 32


def test_a_sealing_key_that_only_the_hubs_process_is_given_is_no_reason_to_reset_the_identity(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell is not given systemd's credentials, nor the service's variables."""
    given = place.folder / "credentials"
    given.mkdir()
    (given / "hub-seal").write_bytes(bytes(32))
    (given / "hub-seal").chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    with place.config.open("a", encoding="utf-8") as file:
        file.write('[uplink]\nurl = "mqtts://localhost:8883"\n[identity]\nseal = "systemd:hub-seal"\n')
    place.provisioned()
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    _, out, _ = place.say("doctor", "--json")
    seal, certificate = [one for one in json.loads(out)["findings"] if one["about"] == "identity"]
    assert (seal["grade"], "reset" in seal["fix"]) == ("warning", False)
    assert seal["text"].startswith("whether the hub can open its key cannot be seen from here: systemd:hub-seal: ")
    assert "systemd-run" in seal["text"]
    assert certificate["grade"] == "ok"


def test_doctor_tells_of_an_identity_where_there_is_an_uplink(place: Place) -> None:
    def said() -> list[dict[str, Any]]:
        _, out, _ = place.say("doctor", "--json")
        return [one for one in json.loads(out)["findings"] if one["about"] == "identity"]

    assert said() == []
    with place.config.open("a", encoding="utf-8") as file:
        file.write('[uplink]\nurl = "mqtts://localhost:8883"\n')
    [none_yet] = said()
    assert (none_yet["grade"], "hubagent provision" in none_yet["fix"]) == ("warning", True)
    place.provisioned()
    [good] = said()
    assert (good["grade"], good["fix"]) == ("ok", "")
    assert "hub-00000001: certificate for another" in good["text"]
    seal = place.folder / "config" / "hubagent" / "seal.key"
    seal.chmod(0o640)
    bad = said()[0]
    assert (bad["grade"], bad["fix"]) == ("error", f"chmod 600 {seal}")
    seal.unlink()
    assert said()[0]["fix"] == "put the sealing key back, or hubagent identity reset"
