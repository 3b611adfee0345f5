"""A hub from the box beside a cloud and a maker, all by one clock that a test moves."""

import random
from pathlib import Path

from cryptography import x509

from hubagent.clock import TrustedClock
from hubagent.identity.enrolment import Enrolled, Enrolment, Proof
from hubagent.identity.files import IdentityFiles
from hubagent.identity.identity import Identity
from hubagent.identity.manufacturer import take_over
from hubagent.identity.seal import SealSource, seal_source
from simulators.cloud.ca import DAY_S, Authority, Dates, Issued, new_authority
from simulators.cloud.est import EnrolmentServer
from tests.helpers.est_in_memory import InMemory

NOW = 1_800_000_000.0
YEAR_S = 365 * DAY_S
DEVICE = "device-0007"


class Time:
    """The world's; the hub's own wall clock is `wall`, and may be wrong."""

    def __init__(self) -> None:
        self.now = NOW
        self.wall_off = 0.0
        self.started = NOW
        """When the hub was switched on: its monotonic clock counts from there."""

    def wall(self) -> float:
        return self.now + self.wall_off

    def loop(self) -> float:
        return self.now - self.started


class AHub:
    """Folders, cloud and maker stay; the hub can be switched off and on."""

    def __init__(self, folder: Path) -> None:
        self.time = Time()
        self.folder = folder
        self.maker: Authority = new_authority(lambda: self.time.now, "maker")
        self.cloud = InMemory(folder / "cloud", self.new_server())
        self.state = folder / "state"
        self.source: SealSource = seal_source(f"file:{folder / 'config' / 'seal.key'}", {})
        self.files = IdentityFiles(self.state)
        self.files.prepare()
        self.identity = self.switched_on()

    def new_server(self, authority: Authority | None = None) -> EnrolmentServer:
        authority = authority or new_authority(lambda: self.time.now)
        return EnrolmentServer(authority, random.Random("est").randbytes, [self.maker.root, self.maker.issuing])

    @property
    def authority(self) -> Authority:
        return self.cloud.server.authority

    @property
    def anchors(self) -> list[x509.Certificate]:
        return [self.authority.root]

    @property
    def enrolment(self) -> Enrolment:
        return Enrolment(self.identity, self.cloud.est())

    def switched_on(self, built: float = NOW - YEAR_S) -> Identity:
        """As after a power cut: nothing of before but the files."""
        self.time.started = self.time.now
        clock = TrustedClock(self.time.wall, self.time.loop, self.files.clock, built)
        self.identity = Identity(self.files, self.source, clock)
        return self.identity

    def made_by_maker(self, dates: Dates | None = None) -> Issued:
        """The factory gives it its certificate."""
        device = self.maker.hub_with_key(DEVICE, dates or self.maker.dates(20 * YEAR_S))
        certificate, key = device.write(self.folder / "factory", "device")
        take_over(self.files, self.source, certificate, key)
        return device

    async def claimed(self, hub: str = "hub-00000001") -> Enrolled:
        """Provisioned with a claim code."""
        code = self.cloud.server.new_claim(hub)
        return await self.enrolment.enrol(Proof.CLAIM, self.anchors, code)

    def connects(self) -> str:
        """To a server of the cloud's, as the uplink would; what went wrong, or nothing."""
        from tests.helpers.connects import connects

        return connects(self.identity, self.authority, self.folder / "connect")
