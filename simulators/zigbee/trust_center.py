"""The stick as trust centre: who gets the network key, and what its host is told of those that come and go.

UG100 "Trust Center Frames" and EzspDecisionBitmask; 05-3474-22, §4.6.3.
"""

import hashlib
from typing import Final

from drivers.zigbee.ezsp.children import ChildJoinHandler
from drivers.zigbee.ezsp.messaging import IdConflictHandler
from drivers.zigbee.ezsp.security import KeyStatus, ZigbeeKeyEstablishmentHandler
from drivers.zigbee.ezsp.trust_center import TrustCenterJoinHandler
from drivers.zigbee.ezsp.types import (
    ANY_EUI64,
    ConfigurationId,
    CurrentSecurityBitmask,
    DecisionId,
    JoinDecision,
    PolicyId,
    TrustCenterDecision,
)
from simulators.zigbee.chip import CHILD_REMOVED, JOIN_INDICATION, Chip
from simulators.zigbee.memory import FormedNetwork, LinkKey
from simulators.zigbee.ncp import DeviceUpdate, Newcomer, Transport

KNOWN_MAX: Final = 64
"""Addresses that a trust centre remembers of those that joined."""


class TrustCenter:
    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    # --- children

    def associated(self, newcomer: Newcomer) -> bool:
        """Somebody wants to be the stick's own child; false: its child table is full."""
        chip = self._chip
        known = chip.memory.child_index(newcomer.eui64) is not None
        if not known and len(chip.memory.children) >= chip.size(ConfigurationId.MAX_END_DEVICE_CHILDREN):
            return False
        index = chip.memory.add_child(newcomer.eui64, newcomer.node_id, newcomer.node_type)
        chip.say(ChildJoinHandler(index, True, newcomer.node_id, newcomer.eui64, newcomer.node_type))
        return True

    def child_left(self, newcomer: Newcomer) -> None:
        index = self._chip.memory.remove_child(newcomer.eui64)
        if index is not None:
            self._chip.count(CHILD_REMOVED)
            self._chip.say(ChildJoinHandler(index, False, newcomer.node_id, newcomer.eui64, newcomer.node_type))

    # --- the network key

    def admit(self, newcomer: Newcomer) -> Transport | None:
        network = self._chip.formed
        if network is None:
            return None
        decision, transport = self._decide(newcomer, network)
        if newcomer.update is DeviceUpdate.UNSECURED_JOIN:
            self._chip.count(JOIN_INDICATION)
        if transport is not None:
            self._remember(newcomer.eui64, newcomer.node_id)
            self._chip.memory.count_aps()
        self._tell(newcomer, decision)
        return transport

    def left(self, newcomer: Newcomer) -> None:
        self._chip.known.pop(newcomer.eui64, None)
        self._tell(newcomer, JoinDecision.NO_ACTION)

    def link_key_wanted(self, eui64: int) -> bytes | None:
        """A node that is in asks for a link key of its own, proves that it has it, and the host hears of it."""
        chip, network = self._chip, self._chip.formed
        if network is None:
            return None
        match chip.policy(PolicyId.TC_KEY_REQUEST):
            case DecisionId.ALLOW_TC_KEY_REQUESTS_AND_SEND_CURRENT_KEY:
                key = device_key(network, eui64)
            case DecisionId.ALLOW_TC_KEY_REQUEST_AND_GENERATE_NEW_KEY:
                key = chip.rng.randbytes(16)
                if not self._keep(eui64, key):
                    return None
            case _:
                return None
        for status in (KeyStatus.TC_RESPONDED_TO_KEY_REQUEST, KeyStatus.TC_REQUESTER_VERIFY_KEY_SUCCESS):
            chip.say(ZigbeeKeyEstablishmentHandler(eui64, status))
        return key

    def address_conflict(self, node_id: int) -> None:
        self._chip.say(IdConflictHandler(node_id))

    # --- inside

    def _decide(self, newcomer: Newcomer, network: FormedNetwork) -> tuple[JoinDecision, Transport | None]:
        policy = self._chip.policy(PolicyId.TRUST_CENTER)
        key = network.network_key
        match newcomer.update:
            case DeviceUpdate.SECURED_REJOIN:
                return JoinDecision.NO_ACTION, Transport(key, None)
            case DeviceUpdate.UNSECURED_REJOIN if policy & TrustCenterDecision.ALLOW_UNSECURED_REJOINS:
                return JoinDecision.USE_PRECONFIGURED_KEY, Transport(key, self._rejoin_key(newcomer.eui64, network))
            case DeviceUpdate.UNSECURED_REJOIN if policy & TrustCenterDecision.IGNORE_UNSECURED_REJOINS:
                return JoinDecision.NO_ACTION, None
            case DeviceUpdate.UNSECURED_JOIN if policy & TrustCenterDecision.ALLOW_JOINS:
                if policy & TrustCenterDecision.SEND_KEY_IN_CLEAR:
                    return JoinDecision.SEND_KEY_IN_THE_CLEAR, Transport(key, None)
                link_key = self._join_key(newcomer.eui64, network, policy)
                if link_key is not None:
                    return JoinDecision.USE_PRECONFIGURED_KEY, Transport(key, link_key)
        return JoinDecision.DENY_JOIN, None

    def _join_key(self, eui64: int, network: FormedNetwork, policy: int) -> bytes | None:
        """Its install code's, else what anybody may join with, else the trust centre's own where all share that."""
        now = self._chip.now()
        transient = {it.eui64: it.key for it in self._chip.transient_keys if it.expires_at > now}
        if eui64 in transient:
            return transient[eui64]
        if policy & TrustCenterDecision.JOINS_USE_INSTALL_CODE_KEY:
            return None
        if ANY_EUI64 in transient:
            return transient[ANY_EUI64]
        return device_key(network, eui64)

    def _rejoin_key(self, eui64: int, network: FormedNetwork) -> bytes:
        """What the device and the trust centre agreed upon; the key table goes before what follows from one key."""
        kept = next((it.key for it in self._chip.memory.keys.values() if it.eui64 == eui64), None)
        return kept or device_key(network, eui64)

    def _keep(self, eui64: int, key: bytes) -> bool:
        memory = self._chip.memory
        places = range(self._chip.size(ConfigurationId.KEY_TABLE_SIZE))
        found = [index for index in places if index in memory.keys and memory.keys[index].eui64 == eui64]
        index = next(iter(found or [index for index in places if index not in memory.keys]), None)
        if index is None:
            return False
        memory.keys[index] = LinkKey(eui64, key)
        memory.save()
        return True

    def _remember(self, eui64: int, node_id: int) -> None:
        known = self._chip.known
        known.pop(eui64, None)
        known[eui64] = node_id
        if len(known) > KNOWN_MAX:
            del known[next(iter(known))]

    def _tell(self, newcomer: Newcomer, decision: JoinDecision) -> None:
        self._chip.say(
            TrustCenterJoinHandler(newcomer.node_id, newcomer.eui64, newcomer.update, decision, newcomer.parent)
        )


def device_key(network: FormedNetwork, eui64: int) -> bytes:
    """The trust centre's link key, or where that is hashed, what of it is this device's alone.

    The stack takes an HMAC of AES-MMO; only stick and device ever compute it, so any keyed hash tells the same story.
    """
    if network.security_bitmask & CurrentSecurityBitmask.TRUST_CENTER_USES_HASHED_LINK_KEY != (
        CurrentSecurityBitmask.TRUST_CENTER_USES_HASHED_LINK_KEY
    ):
        return network.link_key
    return hashlib.blake2b(eui64.to_bytes(8, "little"), key=network.link_key, digest_size=16).digest()
