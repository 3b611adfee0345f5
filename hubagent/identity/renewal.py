"""Renewing in time, for as long as the agent runs: at two thirds of a certificate's life, each hub a little elsewhere.

A failure is tried again, slower each time; whatever happens here, the home and the present certificate go on.
"""

import asyncio
import logging
import math
import random
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Final, NoReturn

from cryptography import x509

from hubagent.clock import TrustedClock
from hubagent.identity.certificate import date_text, fingerprint, life_of
from hubagent.identity.enrolment import Enrolment, Proof
from hubagent.identity.est import EnrolmentFailed, NotAuthorised
from hubagent.identity.files import IdentityBusy
from hubagent.identity.identity import Identity
from hubagent.identity.notes import read_notes, shortened, write_notes
from hubagent.identity.trouble import IdentityUnusable

_log = logging.getLogger(__name__)

DUE: Final = 2 / 3
"""Of a certificate's life."""
JITTER: Final = 0.05
"""Of a certificate's life, before and after: a fleet that was made in one hour is not renewed in one."""
LOOK_S: Final = 3600.0
"""How often the dates are looked at, and the clock is written down."""
REFRESH_S: Final = 86_400.0
RETRY_FIRST_S: Final = 60.0
RETRY_MAX_S: Final = 6 * 3600.0
ASKED_S: Final = 60.0
"""The cloud's wishes for a renewal are heard so far apart: a cloud that asks each second gets none each second."""
ALERT_DAYS: Final = (30, 14, 7)
_DAY_S: Final = 86_400.0
_FAILURES: Final = (EnrolmentFailed, IdentityUnusable, IdentityBusy, OSError, ValueError)
"""What a try can end with: the cloud's trouble, ours, the disk's, a damaged file."""


class Need(Enum):
    """What a certificate needs."""

    NOTHING = "nothing"
    RENEWAL = "renewal"
    ANOTHER = "another"
    """It has expired: the present one proves nothing any more."""


def due_at(certificate: x509.Certificate) -> float:
    """When it is to be renewed, in Unix seconds: the same each time it is asked, so that a restart draws no other."""
    life = life_of(certificate)
    lot = int(fingerprint(certificate)[:8], 16) / 0xFFFFFFFF
    return life.begin + (life.end - life.begin) * (DUE + JITTER * (2 * lot - 1))


def need_of(certificate: x509.Certificate | None, clock: TrustedClock) -> Need:
    """Of none nothing: a hub that was never provisioned, or was reset, waits for a person.

    That it has expired counts only when it is proven. The machine's clock may be wrong, and asking costs nothing.
    """
    if certificate is None or clock.now()[0] < due_at(certificate):
        return Need.NOTHING
    return Need.ANOTHER if clock.floor >= life_of(certificate).end else Need.RENEWAL


def alert_days(certificate: x509.Certificate, now: float) -> int | None:
    """The alert that it has come to: 30, 14 or 7 days are left, or none (0). None while all is well.

    There is no alert before a renewal is overdue: certificates may live shorter than 30 days.
    """
    life = life_of(certificate)
    if now < due_at(certificate) + JITTER * (life.end - life.begin):
        return None
    left = (life.end - now) / _DAY_S
    return 0 if left <= 0 else next((days for days in reversed(ALERT_DAYS) if left <= days), None)


class Renewal:
    """`enrolment()` is asked for at each try: the cloud's address may have changed; None while none is known."""

    def __init__(self, identity: Identity, enrolment: Callable[[], Enrolment | None], rng: random.Random) -> None:
        self._identity = identity
        self._enrolment = enrolment
        self._rng = rng
        self._alerted: int | None = None
        self._renewed_at = -math.inf
        self._wake = asyncio.Event()
        self._asked = False
        """The cloud wants it, however young the certificate is; until it has succeeded."""
        self._asked_at = -math.inf
        self._under_way = False

    def now(self) -> None:
        """At the cloud's wish: renew at once. What fails is tried again as ever; what is under way is the wish's own.

        Wishes within ASKED_S of one that was heard are that one.
        """
        now = asyncio.get_running_loop().time()
        if self._under_way or now - self._asked_at < ASKED_S:
            return
        self._asked, self._asked_at = True, now
        self._wake.set()

    async def run(self) -> NoReturn:
        """Until cancelled; writes the time down then, too."""
        loop, clock = asyncio.get_running_loop(), self._identity.clock
        # What was not due by a clock that nobody believed may be due by the cloud's.
        clock.on_sure = self._wake.set
        retry_s, next_try = 0.0, loop.time()
        try:
            while True:
                if self._wake.is_set() or loop.time() >= next_try:
                    self._wake.clear()
                    retry_s = await self._look(retry_s)
                    next_try = loop.time() + (retry_s or LOOK_S)
                clock.save()
                await self._wait(min(LOOK_S, next_try - loop.time()))
        finally:
            clock.on_sure = lambda: None
            clock.save()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _look(self, before_s: float) -> float:
        """Do what is due; in how many seconds to try again, 0 where nothing failed."""
        try:
            enrolment = self._enrolment()
        except ValueError as error:
            _log.error("the hub's certificate cannot be renewed: the enrolment server is not known: %s", error)
            return 0.0
        if enrolment is None:
            return 0.0
        try:
            await self._renew(enrolment)
            await self._refresh(enrolment)
        except _FAILURES as error:
            asked_s = getattr(error, "retry_after_s", None) or 0.0
            ceiling = min(RETRY_MAX_S, max(RETRY_FIRST_S, 2 * before_s))
            # Half of it is certain, so that a failure is never tried again at once.
            return max(asked_s, ceiling / 2 + self._rng.uniform(0, ceiling / 2))
        finally:
            self._alert()
        return 0.0

    async def _renew(self, enrolment: Enrolment) -> None:
        """If it is due. Raises one of _FAILURES."""
        try:
            certificate = self._identity.certificate()
            if certificate is None or (need := self._need(certificate)) is Need.NOTHING:
                return
            self._under_way = True
            await renew(self._identity, enrolment, need)
        except _FAILURES as error:
            failures = read_notes(self._identity.files).failures + 1
            _log.warning("the hub's certificate could not be renewed (try %d): %s", failures, error)
            self._note(failures, str(error))
            raise
        finally:
            self._under_way = False
        self._alerted = None
        self._asked = False
        self._renewed_at = asyncio.get_running_loop().time()
        self._note(0, "")

    def _need(self, certificate: x509.Certificate) -> Need:
        need = need_of(certificate, self._identity.clock)
        if self._asked:
            return Need.RENEWAL if need is Need.NOTHING else need
        return Need.NOTHING if self._renewed_lately(certificate) else need

    def _renewed_lately(self, certificate: x509.Certificate) -> bool:
        """By a clock that is wrong a certificate may look old on its first day: it is not renewed each hour then."""
        life = life_of(certificate)
        return asyncio.get_running_loop().time() - self._renewed_at < min(_DAY_S, (life.end - life.begin) / 3)

    async def _refresh(self, enrolment: Enrolment) -> None:
        """If it was not done today. Raises one of _FAILURES."""
        since = self._identity.clock.now()[0] - read_notes(self._identity.files).refreshed
        if self._identity.certificate() is None or 0 <= since < REFRESH_S:
            return
        try:
            await enrolment.refresh()
        except _FAILURES as error:
            _log.info("the cloud's anchors and revoked certificates could not be fetched: %s", error)
            raise

    def _note(self, failures: int, failed: str) -> None:
        files = self._identity.files
        try:
            files.prepare()
            write_notes(files, replace(read_notes(files), failures=failures, failed=shortened(failed)))
        except OSError as error:
            _log.error("%s: %s", files.notes, error)

    def _alert(self) -> None:
        try:
            certificate = self._identity.certificate()
        except IdentityUnusable:
            return
        days = alert_days(certificate, self._identity.clock.now()[0]) if certificate is not None else None
        if certificate is not None and days is not None and days != self._alerted:
            _log.error(
                "the hub's certificate ends on %s and is not renewed yet; local control goes on. See hubagent doctor",
                date_text(life_of(certificate).end),
            )
        self._alerted = days


async def renew(identity: Identity, enrolment: Enrolment, need: Need) -> None:
    """By the best proof that counts: the present certificate, else the manufacturer's. Raises what `enrol` does."""
    anchors = identity.anchors()
    maker = identity.files.manufacturer.exists()
    if need is Need.ANOTHER and maker:
        await enrolment.enrol(Proof.MANUFACTURER, anchors)
        return
    try:
        # Whether it has expired is the cloud's to judge: our clock may have been told a wrong time.
        await enrolment.enrol(Proof.OPERATIONAL, anchors)
    except (NotAuthorised, IdentityUnusable) as error:
        # It has expired or was revoked, or its key is gone. The manufacturer's word may still count.
        if maker:
            await enrolment.enrol(Proof.MANUFACTURER, anchors)
        elif need is Need.ANOTHER:
            raise NotAuthorised(
                "the hub's certificate has expired, and there is none of its manufacturer's to get another with; "
                "get a claim code from the cloud's page, and use it: hubagent provision --claim CODE"
            ) from error
        else:
            raise


async def renew_now(identity: Identity, enrolment: Enrolment | None) -> None:
    """At a person's wish. Raises what `renew` does."""
    certificate = identity.certificate()
    if certificate is None or enrolment is None:
        raise IdentityUnusable("the hub has no certificate to renew; get one: hubagent provision --cloud https://...")
    expired = identity.clock.floor >= life_of(certificate).end
    try:
        await renew(identity, enrolment, Need.ANOTHER if expired else Need.RENEWAL)
    except OSError as error:
        raise IdentityUnusable(f"{identity.files.folder}: {error}; the present certificate stays") from error
    identity.clock.save()
