"""Opening the network to a newcomer and closing it again, for certain.

The network's key is given to who knows a key to have it sent with: the one that everybody knows, or one device's
install code. A device that is in then asks for a link key of its own (Base Device Behavior 16-02828-012 §7), with a
message that it encrypts with the key that it joined with: that one the stick keeps for this device alone until it is
done. All of this is allowed for the time of a pairing only; a stick that restarts has forgotten it, and starts closed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from drivers.zigbee.coordinator import Coordinator
from drivers.zigbee.endpoints import ZDO_PROFILE
from drivers.zigbee.exchange import Priority, StickStatus
from drivers.zigbee.ezsp.configuration import SetPolicy
from drivers.zigbee.ezsp.networking import PermitJoining
from drivers.zigbee.ezsp.security import ClearTransientLinkKeys, ImportTransientKey
from drivers.zigbee.ezsp.types import (
    ANY_EUI64,
    BROADCAST_ROUTERS,
    DecisionId,
    PolicyId,
    TrustCenterDecision,
)
from drivers.zigbee.install_code import InstallCode
from drivers.zigbee.network_setup import CLOSED_TRUST_CENTER, Refused, do
from drivers.zigbee.node import Node
from drivers.zigbee.questions import Questions
from drivers.zigbee.radio import Address, Radio
from drivers.zigbee.zdo.management import MgmtPermitJoiningReq, MgmtPermitJoiningRsp
from drivers.zigbee.zdo.message import ZdoStatus
from drivers.zigbee.zdo.table import encode
from hubagent.model.driver import DeviceUnreachable, DriverUnavailable, NotPossible

log = logging.getLogger(__name__)

WELL_KNOWN_KEY: Final = b"ZigBeeAlliance09"
"""Base Device Behavior §6.3.1, the default link key: no secret at all."""
PERMIT_MAX_S: Final = 254
"""Longer than that, a router takes for ever or not at all (Zigbee Specification 05-3474-22 §2.4.3.3.7)."""
CLOSE_ATTEMPTS: Final = 3
CLOSE_S: Final = 10.0
CLOSE_AGAIN_S: Final = 30.0
"""Where all the attempts have failed."""
CLOSE_AT_END_S: Final = 2.0
"""How long the end of the driver may be held up; the stick itself forgets the keys after five minutes."""
_PERMIT: Final = Address(ZDO_PROFILE, MgmtPermitJoiningReq.CLUSTER, 0, 0)


class TrustCenter:
    def __init__(self, coordinator: Coordinator, radio: Radio, questions: Questions) -> None:
        self._coordinator = coordinator
        self._radio = radio
        self._questions = questions
        self._sequence = 0
        self.openings = 0
        """How often it was opened."""
        self._turn = asyncio.Lock()
        """Held by who opens or closes: one that closes late must not do it half before and half after an opening."""
        self._is_open = False
        self._gives_keys = False
        self._join_key = b""
        """What newcomers join with; while somebody may."""
        self._told: set[str] = set()
        """Why it could not be closed since it was opened, as far as the log has it."""

    @property
    def is_closed(self) -> bool:
        """Nobody joins, and nobody gets a key."""
        return not self._is_open and not self._gives_keys

    async def open(self, duration_s: float, via: Node | None, code: InstallCode | None) -> None:
        """Let somebody in. Raises DriverUnavailable, DeviceUnreachable or NotPossible; `close` is due all the same."""
        async with self._turn:
            self._is_open = self._gives_keys = True
            self.openings += 1
            self._told.clear()
            await self._open(code)
            await self.go_on(duration_s, via, code)

    async def _open(self, code: InstallCode | None) -> None:
        ask = self._coordinator.ask
        decision = TrustCenterDecision.ALLOW_JOINS | TrustCenterDecision.ALLOW_UNSECURED_REJOINS
        # Nobody gets in with what was left from last time.
        await ask(ClearTransientLinkKeys())
        if code is not None and code.eui64 is not None:
            decision |= TrustCenterDecision.JOINS_USE_INSTALL_CODE_KEY
        await do(ask, SetPolicy(PolicyId.TC_KEY_REQUEST, DecisionId.ALLOW_TC_KEY_REQUESTS_AND_SEND_CURRENT_KEY))
        await do(ask, SetPolicy(PolicyId.TRUST_CENTER, decision))

    async def go_on(self, duration_s: float, via: Node | None, code: InstallCode | None) -> None:
        """The stick keeps the keys to join with for five minutes, routers stay open for four. Raises as `open`."""
        # With a code, whoever it is has to know its key: not even the one that everybody knows helps.
        self._join_key = WELL_KNOWN_KEY if code is None else code.link_key
        eui64 = ANY_EUI64 if code is None or code.eui64 is None else code.eui64
        await do(self._coordinator.ask, ImportTransientKey(eui64, self._join_key))
        await self._permit(duration_s, via)

    async def _permit(self, duration_s: float, via: Node | None) -> None:
        """Radios let devices associate: all of them, or those of one router."""
        duration = min(PERMIT_MAX_S, max(1, round(duration_s)))
        if via is None:
            await do(self._coordinator.ask, PermitJoining(duration))
            await self._tell_routers(duration)
            return
        request = MgmtPermitJoiningReq(duration)
        answer = await self._questions.ask_zdo(via, request, MgmtPermitJoiningRsp, Priority.CONTROLLER)
        if answer is None or answer.status != ZdoStatus.SUCCESS:
            raise DeviceUnreachable(f"{via.device} does not let devices join through it")

    async def shut_door(self, but_for: int | None = None) -> None:
        """Nobody else joins; the device `but_for`, which has just joined, may still ask for its key.

        Raises DriverUnavailable.
        """
        ask = self._coordinator.ask
        await do(ask, SetPolicy(PolicyId.TRUST_CENTER, CLOSED_TRUST_CENTER))
        await ask(ClearTransientLinkKeys())
        if but_for is not None:
            await do(ask, ImportTransientKey(but_for, self._join_key))
        await do(ask, PermitJoining(0))
        await self._tell_routers(0)
        self._is_open = False

    async def refuse_keys(self) -> None:
        """Nobody asks for a key any more. Raises DriverUnavailable."""
        await do(self._coordinator.ask, SetPolicy(PolicyId.TC_KEY_REQUEST, DecisionId.DENY_TC_KEY_REQUESTS))
        await self._coordinator.ask(ClearTransientLinkKeys())
        self._join_key = b""
        self._gives_keys = False

    async def close(self, but_for: int | None = None) -> None:
        """As it was before `open`, whatever happened meanwhile. A stick that is away comes back closed.

        The device `but_for` may ask for a link key all the same.
        """
        openings = self.openings
        if self._is_open:
            await self._surely(lambda: self.shut_door(but_for), openings)
        if but_for is None and self._gives_keys:
            await self._surely(self.refuse_keys, openings)

    async def close_at_end(self) -> None:
        """The driver ends, and nobody could close the network later."""
        try:
            async with asyncio.timeout(CLOSE_AT_END_S):
                await self.close()
        except TimeoutError:
            log.warning("the network may be open for five minutes more: the stick does not answer")

    async def close_at_last(self, openings: int) -> None:
        """What could not be closed: until it is, or somebody has opened it for the next time."""
        while openings == self.openings and not self.is_closed:
            await self.close()
            await asyncio.sleep(CLOSE_AGAIN_S)

    async def _surely(self, act: Callable[[], Awaitable[None]], openings: int) -> None:
        """Unless it was opened anew meanwhile: then that is for whoever did so."""
        for _ in range(CLOSE_ATTEMPTS):
            if self._coordinator.status is not StickStatus.READY:
                return
            try:
                async with self._turn, asyncio.timeout(CLOSE_S):
                    if openings == self.openings:
                        await act()
            except TimeoutError:
                self._tell(logging.WARNING, f"the stick did not do so within {CLOSE_S:g} s")
            except (Refused, NotPossible) as error:
                self._tell(logging.WARNING, str(error))
            except DriverUnavailable as error:
                self._tell(logging.INFO, str(error))
                return
            else:
                return

    def _tell(self, level: int, why: str) -> None:
        """Each reason once, however often it is tried in vain."""
        if why not in self._told:
            self._told.add(why)
            log.log(level, "the network could not be closed yet: %s", why)

    async def _tell_routers(self, duration: int) -> None:
        self._sequence = (self._sequence + 1) & 0x7F
        message = encode(self._sequence, MgmtPermitJoiningReq(duration))
        await self._radio.broadcast(BROADCAST_ROUTERS, _PERMIT, message)
