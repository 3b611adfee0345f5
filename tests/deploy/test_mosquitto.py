"""The broker of one machine: the configuration is the tested one, and a real mosquitto takes it."""

import re
import select
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest

from simulators.cloud.broker import CONSUMER_ACL, HUB_ACL, BrokerConf, BrokerFiles, Listener, render_conf
from simulators.cloud.ca import new_authority
from tests.deploy.files import DEPLOY, text
from tests.interop.peers import mosquitto

CERTIFICATES: Final = Path("/etc/mosquitto/certs")
CONF: Final = BrokerConf(
    BrokerFiles(
        anchor=CERTIFICATES / "hubs-ca.pem",
        certificate=CERTIFICATES / "broker.pem",
        key=CERTIFICATES / "broker.key",
        crl=CERTIFICATES / "hubs.crl",
        hub_acl=Path("/etc/mosquitto/hubs.acl"),
        consumer_acl=Path("/etc/mosquitto/consumers.acl"),
        persistence=Path("/var/lib/mosquitto"),
    ),
    hubs=(Listener(8883), Listener(443)),
    consumers=(Listener(8884, "127.0.0.1"),),
)
START_S: Final = 20.0


def test_the_configuration_is_the_one_that_is_tested() -> None:
    comment, _, found = text("mosquitto/mosquitto.conf").partition("\n\n")
    assert all(line.startswith("#") for line in comment.splitlines())
    assert found == render_conf(CONF)


def test_who_installs_it_reads_how_its_user_may_open_the_lowest_port() -> None:
    """It is that user before it opens one (mosquitto.org, Migrating from 1.x to 2.0, "Use of root/privileged user")."""
    lowest = min(listener.port for listener in (*CONF.hubs, *CONF.consumers))
    for where in ("README.md", "mosquitto/mosquitto.conf"):
        assert f"net.ipv4.ip_unprivileged_port_start={lowest}" in text(where)


def test_the_acls_are_the_ones_that_are_tested() -> None:
    assert text("mosquitto/hubs.acl") == HUB_ACL
    assert text("mosquitto/consumers.acl") == CONSUMER_ACL


@pytest.mark.real_time
@pytest.mark.interop
def test_mosquitto_takes_it(tmp_path: Path) -> None:
    program = mosquitto()
    _write_certificates(tmp_path)
    configuration = text("mosquitto/mosquitto.conf").replace("/etc/mosquitto/certs", str(tmp_path))
    configuration = configuration.replace("/etc/mosquitto", str(DEPLOY / "mosquitto"))
    configuration = configuration.replace("/var/lib/mosquitto", str(tmp_path))
    configuration = configuration.replace("user mosquitto", "user root")
    for port in (8883, 443, 8884):
        configuration = re.sub(
            rf"^listener {port}\b.*", f"listener {_free_port()} 127.0.0.1", configuration, flags=re.MULTILINE
        )
    path = tmp_path / "mosquitto.conf"
    path.write_text(configuration, encoding="utf-8")
    broker = subprocess.Popen([program, "-c", str(path)], stderr=subprocess.PIPE)
    try:
        assert b" running" in _said(broker)
    finally:
        # Not terminate: mosquitto loses a SIGTERM that comes before its main loop begins.
        broker.kill()
        broker.wait(10)
        assert broker.stderr is not None
        broker.stderr.close()


def _said(broker: "subprocess.Popen[bytes]") -> bytes:
    """Until it runs, ends, or has had time enough."""
    assert broker.stderr is not None
    said, until = b"", time.monotonic() + START_S  # noqa: TID251 - a real process
    while b" running" not in said and time.monotonic() < until:  # noqa: TID251
        ready, _, _ = select.select([broker.stderr], [], [], 0.5)
        if ready:
            got = broker.stderr.read1(4096)  # type: ignore[attr-defined]
            if not got:
                break
            said += got
    return said


def _write_certificates(folder: Path) -> None:
    authority = new_authority(time.time)  # noqa: TID251
    server = authority.server(["localhost"])
    (folder / "hubs-ca.pem").write_bytes(authority.anchors_pem)
    (folder / "broker.pem").write_bytes(server.certificate_pem)
    (folder / "broker.key").write_bytes(server.key_pem)
    (folder / "hubs.crl").write_bytes(authority.crl_pem())


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
