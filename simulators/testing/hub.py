"""The hub of the home: what people do with it, what it believes, and what becomes of it."""

from collections.abc import Sequence
from typing import Final

from hubagent.model.capability import Value
from hubagent.model.event import CommandAnswered, Outcome
from hubagent.rules.duration import duration_text
from hubagent.rules.executor.items import Item, ModeSet, SceneWanted, VariableSet, WebhookCalled
from hubagent.rules.triggers.webhook import WebhookTrigger
from hubagent.toml_lines import did_you_mean
from hubagent.wishes import Refusal, Wishes, WishRefused, worst_of
from simulators.testing.beliefs import HUB
from simulators.testing.context import Context, Duration, seconds_of
from simulators.testing.doing import Doing
from simulators.testing.hidden import BecauseOf, speaks_for_itself
from simulators.testing.home_run import MAY_END_IT
from simulators.testing.on_the_loop import on_the_loop
from simulators.testing.to_await import to_be_awaited
from simulators.world import CannotBe

__tracebackhide__ = speaks_for_itself

WHO: Final = "test"
_ANSWERS_S: Final = 60.0
_STARTS_S: Final = 120.0


class HubNotBack(BecauseOf, AssertionError):
    """It did not come back in time, or ended by itself and never should; the cause says why."""


class Hub:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._wishes: tuple[object, Wishes] | None = None

    # --- what it believes

    def believes(self, text: str) -> Value:
        """What an expression is worth to it: `believes("hall.light.level")`. None is unknown. Raises BadExpectation."""
        return self._context.condition(text, HUB, None).value()

    @property
    def mode(self) -> str:
        """Raises HubIsOff."""
        return str(self._context.agent.automation.executor.picture.mode.value)

    @property
    def is_on(self) -> bool:
        """It runs, and its radios are up."""
        return self._context.site.hub.agent is not None

    @property
    def lives(self) -> int:
        """How often it was started."""
        return self._context.site.hub.lives

    @property
    def crashes(self) -> list[BaseException]:
        """What ended its process without anybody's doing. Where it starts without its stick or its disk that is in
        order, and it starts anew; anything else fails the test at its end."""
        return self._context.site.hub.crashes

    # --- what people do with it, as on the phone at home. All of these raise HubIsOff.

    @on_the_loop
    def set(self, /, device: str, **values: Value) -> Doing[Outcome]:
        """`set("hall.light", on=True, level=40)`. Awaited for how it ended. Raises WishRefused."""
        wishes = self._wishes_of_this_life()
        answers: list[Sequence[CommandAnswered]] = []
        wishes.set(device, values, answers.append)
        self._context.did(device, f"the hub is asked: {device} {_said(values)}")
        return Doing(lambda: self._answer(device, answers))

    def set_mode(self, mode: str) -> None:
        """Raises WishRefused for a mode that the rules do not have."""
        self._check("mode", mode, self._context.agent.automation.executor.rule_set.modes)
        self._feed(ModeSet(mode, WHO), f"the mode is set to {mode}")

    def set_variable(self, name: str, value: Value) -> None:
        self._check("variable", name, tuple(self._context.agent.automation.executor.rule_set.variables))
        self._feed(VariableSet(name, value, WHO), f"var.{name} is set to {value}")

    def scene(self, name: str) -> None:
        """Raises WishRefused for one that the rules do not have."""
        self._check("scene", name, tuple(self._context.agent.automation.executor.rule_set.scenes))
        self._feed(SceneWanted(name, WHO), f"the scene {name}")

    def webhook(self, name: str) -> None:
        """Raises WishRefused for one that no rule waits for."""
        rules = self._context.agent.automation.executor.rule_set.rules
        triggers = (trigger for rule in rules for trigger in rule.when)
        named = (trigger.name for trigger in triggers if isinstance(trigger, WebhookTrigger))
        self._check("webhook", name, tuple(dict.fromkeys(named)))
        self._feed(WebhookCalled(name), f"the webhook {name} is called")

    # --- what becomes of it

    @on_the_loop
    def kill(self, back_after: Duration | None = "5s") -> Doing[None]:
        """Its process, between any two of its steps. None: it stays away until `power_on`."""
        self._context.site.hub.kill(None if back_after is None else seconds_of(back_after))
        self._context.did("hub", "the hub's process is killed")
        return self._back(back_after)

    @on_the_loop
    def cut_power(self, back_after: Duration | None = "30s") -> Doing[None]:
        """What its disk had not synced may be gone. None: it stays off until `power_on`."""
        self._context.site.hub.cut_power(None if back_after is None else seconds_of(back_after))
        self._context.did("hub", "the hub's power is cut")
        return self._back(back_after)

    def cut_power_at_write(self, number: int, back_after: Duration | None = "30s") -> None:
        """In the middle of the write to its disk after so many others; 1 is the next. Raises CannotBe."""
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise CannotBe(f"the writes from now on are 1, 2, 3 and so on: there is none that is {number!r}")
        self._context.site.hub.cut_power_at(number, None if back_after is None else seconds_of(back_after))
        self._context.did("hub", f"the hub's power will be cut at write {number}")

    @on_the_loop
    def power_on(self) -> Doing[None]:
        self._context.site.hub.power_on()
        self._context.did("hub", "the hub is switched on")
        return Doing(self.ready)

    @to_be_awaited
    async def ready(self, within: Duration = _STARTS_S) -> None:
        """Until it is on and its radios are up. Raises HubNotBack."""
        hub = self._context.site.hub
        before = len(hub.crashes)

        def crashed() -> bool:
            return any(not isinstance(it, MAY_END_IT) for it in hub.crashes[before:])

        if not await self._context.comes_true(lambda: self.is_on or crashed(), seconds_of(within)):
            raise HubNotBack(f"the hub was not back within {duration_text(seconds_of(within))}")
        if not self.is_on:
            raise HubNotBack(f"the hub ended by itself: {hub.crashes[-1]!r}") from hub.crashes[-1]

    def step_clock(self, by: Duration) -> None:
        """Its wall clock is put forward, or with `-` before it back; what time it really is stays."""
        self._context.site.clock.step(seconds_of(by, back_too=True))
        self._context.did("hub", f"the hub's clock is stepped by {by}")

    def heal_clock(self) -> None:
        """As a time server does."""
        self._context.site.clock.heal()
        self._context.did("hub", "the hub's clock is right again")

    # --- inside

    def _back(self, after: Duration | None) -> Doing[None]:
        """It is away that long, and then starts."""
        return Doing(lambda: self.ready((0.0 if after is None else seconds_of(after)) + _STARTS_S))

    async def _answer(self, device: str, answers: list[Sequence[CommandAnswered]]) -> Outcome:
        if not await self._context.comes_true(lambda: bool(answers) or not self.is_on, _ANSWERS_S) or not answers:
            raise HubNotBack(f"nothing was answered about {device}: the hub ended, or took more than {_ANSWERS_S:g} s")
        return worst_of(answers[0]).outcome

    def _wishes_of_this_life(self) -> Wishes:
        agent = self._context.agent
        if self._wishes is None or self._wishes[0] is not agent:
            self._wishes = agent, Wishes(agent.home, agent.automation, agent.send, "api")
        return self._wishes[1]

    @on_the_loop
    def _feed(self, item: Item, text: str) -> None:
        self._context.agent.automation.feed(item)
        self._context.did("hub", text)

    def _check(self, what: str, name: str, known: Sequence[str]) -> None:
        if name not in known:
            near = did_you_mean(name, known) or f"; there are {', '.join(known) or 'none'}"
            raise WishRefused(Refusal.INVALID, f"there is no {what} {name!r}{near}")


def _said(values: dict[str, Value]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())
