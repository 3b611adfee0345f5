"""Which network the hub belongs to, and what happens when the stick belongs to another: nothing, before a person says.

A network that is formed anew is lost to every device in it, so it is formed without asking only where there has never
been one. Everything else stops with what differs and what to type. The keys are kept apart from the rest, and neither
is ever logged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from drivers.zigbee.network_identity import Network, NetworkWishes, differences
from drivers.zigbee.stack import NotACoordinator, Stack
from drivers.zigbee.wire import eui64_text
from hubagent.model.driver import DriverUnavailable, NotPossible, Records

log = logging.getLogger(__name__)

NETWORK_KEY: Final = "network"
SECRET_KEY: Final = "network.secret"  # noqa: S105 - the name under which it is kept
STICK_KEY: Final = "stick"
_COMMAND: Final = "hubagent radio zigbee"


_FORGOTTEN: Final = (
    "the stick is in no network, and what this hub kept of its own cannot be read any more; plug its old stick in "
    "again, or put a backup onto this one: hubagent restore --zigbee FILE; or begin a new network, and pair every "
    f"device again: {_COMMAND} form"
)


class WrongNetwork(DriverUnavailable):
    """The stick is not in the hub's network. The text says what differs and what to type."""


Carry = Callable[[Stack], Awaitable[Network]]


@dataclass(frozen=True, slots=True)
class RecordedStick:
    eui64: int
    network_counter: int
    as_of: float
    """Unix seconds."""

    def to_record(self) -> dict[str, Any]:
        return {"eui64": eui64_text(self.eui64), "network_counter": self.network_counter, "as_of": self.as_of}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        return cls(int(record["eui64"], 16), int(record["network_counter"]), float(record["as_of"]))


class Plan:
    """What a person has decided, to be carried out when the stick has been reset; `done` hears of it.

    Once it has `begun` it goes on to its end, whoever still waits for that.
    """

    def __init__(self, carry_out: Carry) -> None:
        self.carry_out = carry_out
        self.begun = asyncio.Event()
        self.done: asyncio.Future[Network] = asyncio.get_running_loop().create_future()

    def failed(self, error: DriverUnavailable | NotPossible) -> None:
        if self.done.done():
            log.warning("nobody waits any more for the change of network that failed: %s", error)
        else:
            self.done.set_exception(error)

    def succeeded(self, network: Network) -> None:
        if self.done.done():
            log.warning("the change of network that nobody waits for any more is done")
        else:
            self.done.set_result(network)


class Membership:
    def __init__(self, records: Records, wishes: NetworkWishes, entropy: Callable[[int], bytes]) -> None:
        self._records = records
        self._wishes = wishes
        self._entropy = entropy
        self.network: Network | None = None
        """Where the stick is; None until it has entered."""
        self._plan: Plan | None = None

    @property
    def recorded(self) -> Network | None:
        """The hub's network, as it was when the stick was last in it."""
        records = self._records.load()
        record, secret = records.get(NETWORK_KEY), records.get(SECRET_KEY)
        if record is None or secret is None:
            return None
        try:
            return Network.from_records(record, secret)
        except (KeyError, TypeError, ValueError):
            log.warning("what was kept of the network cannot be read; the stick's own word is taken")
            return None

    @property
    def has_had_one(self) -> bool:
        """There has been a network, even where it cannot be read any more which."""
        records = self._records.load()
        return NETWORK_KEY in records or SECRET_KEY in records

    @property
    def recorded_stick(self) -> "RecordedStick | None":
        """The stick that was last in the hub's network."""
        record = self._records.load().get(STICK_KEY)
        try:
            return None if record is None else RecordedStick.from_record(record)
        except (KeyError, TypeError, ValueError):
            log.warning("what was kept of the stick cannot be read; how far it had counted is not known")
            return None

    def keep_stick(self, stick: "RecordedStick") -> None:
        """How far it has counted, so that another can go on."""
        self._records.put(STICK_KEY, stick.to_record())

    def deviations(self) -> list[str]:
        """What hub.toml asks for and the network, although the right one, has otherwise."""
        return [] if self.network is None else self._wishes.deviations(self.network)

    async def enter(self, stack: Stack) -> Network:
        """Into the hub's network; the first time there is none, a new one. Raises WrongNetwork, DriverUnavailable."""
        self.network = None
        plan, self._plan = self._plan, None
        if plan is not None and (found := await self._carry_out(plan, stack)) is not None:
            return found
        recorded = self.recorded
        if not await stack.resume():
            if recorded is not None:
                raise WrongNetwork(self._stick_is_empty(recorded))
            if self.has_had_one:
                raise WrongNetwork(_FORGOTTEN)
            return await self._form(stack)
        try:
            found = await stack.read()
        except NotACoordinator as error:
            raise WrongNetwork(f"{error}; to leave that and begin one of our own: {_COMMAND} form") from error
        if recorded is not None and not found.is_same_as(recorded):
            raise WrongNetwork(self._stick_is_elsewhere(found, recorded))
        wrong = self._wishes.contradictions(found)
        if wrong:
            raise WrongNetwork(self._hub_toml_says_otherwise(found, wrong))
        self._keep(found)
        return found

    def plan(self, carry_out: Carry) -> Plan:
        """Into a network in this way, at the next start of the stick; once, and then as ever."""
        self._plan = Plan(carry_out)
        return self._plan

    def withdraw(self, plan: Plan) -> None:
        """Nobody waits for it any more: what was not begun is not done."""
        if self._plan is plan:
            self._plan = None
        plan.done.cancel()

    async def _carry_out(self, plan: Plan, stack: Stack) -> Network | None:
        """The network that the stick is in then; None where that failed, and `plan.done` says how."""
        plan.begun.set()
        try:
            found = await plan.carry_out(stack)
            self._keep(found)
            plan.succeeded(found)
        except (DriverUnavailable, NotPossible) as error:
            plan.failed(error)
            return None
        finally:
            if not plan.done.done():
                plan.failed(DriverUnavailable("the driver stopped before the stick was in its new network"))
        return found

    async def adopt(self, stack: Stack) -> Network:
        """The stick's network is the hub's from now on. Raises DriverUnavailable or NotPossible."""
        if not await stack.resume():
            raise NotPossible("the stick is in no network that could be adopted")
        found = await stack.read()
        wrong = self._wishes.contradictions(found)
        if wrong:
            raise NotPossible(f"hub.toml asks for another one: {'; '.join(wrong)}; correct it there first")
        self._keep(found)
        return found

    async def form(self, stack: Stack, instead_of: str | None) -> Network:
        """A new network, and whatever there was is lost: `instead_of` shows that this is known. As `may_form`."""
        if await self.may_form(stack, instead_of):
            await stack.leave()
        return await self._form(stack)

    async def may_form(self, stack: Stack, instead_of: str | None) -> bool:
        """Whether the stick is in a network now. Raises NotPossible where one would be lost that is not named."""
        joined = await stack.resume()
        lost = await self._lost_by_forming(stack, joined=joined)
        if lost is not None and (instead_of or "").lower() != lost:
            raise NotPossible(
                f"every device of network {lost} would have to be paired again; if that is meant: "
                f"{_COMMAND} form instead_of={lost}"
            )
        return joined

    async def _lost_by_forming(self, stack: Stack, *, joined: bool) -> str | None:
        """By its extended PAN identifier, the network that would be no more."""
        if joined:
            try:
                return eui64_text((await stack.read()).extended_pan_id)
            except NotACoordinator:
                return None
        recorded = self.recorded
        return None if recorded is None else eui64_text(recorded.extended_pan_id)

    async def _form(self, stack: Stack) -> Network:
        network = self._wishes.new_network(self._entropy)
        await stack.form(network)
        found = await stack.read()
        self._keep(found)
        log.info("formed a Zigbee network on channel %d, PAN %04x", found.channel, found.pan_id)
        return found

    def moved(self, network: Network) -> None:
        """It is the same network, on another channel or under another PAN identifier."""
        self._keep(network)

    def _keep(self, network: Network) -> None:
        self.network = network
        records = self._records.load()
        for key, record in ((NETWORK_KEY, network.to_record()), (SECRET_KEY, network.to_secret_record())):
            if records.get(key) != record:
                self._records.put(key, record)
        self._records.flush()

    # What to tell a person.

    def _stick_is_empty(self, recorded: Network) -> str:
        name = eui64_text(recorded.extended_pan_id)
        return (
            f"the stick is in no network, and this hub's is {name} on channel {recorded.channel}; plug its old stick "
            f"in again, or put the network onto this one: hubagent restore --zigbee FILE with a backup, or {_COMMAND} "
            f"restore with what the hub recalls; or begin a new one: {_COMMAND} form instead_of={name}"
        )

    def _stick_is_elsewhere(self, found: Network, recorded: Network) -> str:
        return (
            f"the stick is in another network than this hub's: {'; '.join(differences(found, recorded))}; "
            f"to use the stick's: {_COMMAND} adopt; to put the hub's onto this stick: {_COMMAND} restore "
            f"instead_of={eui64_text(found.extended_pan_id)}"
        )

    def _hub_toml_says_otherwise(self, found: Network, wrong: list[str]) -> str:
        name = eui64_text(found.extended_pan_id)
        return (
            f"the stick is in another network than [drivers.zigbee] asks for: {'; '.join(wrong)}; correct hub.toml "
            f"to keep the stick's, or begin the one of hub.toml, and pair every device again: "
            f"{_COMMAND} form instead_of={name}"
        )
