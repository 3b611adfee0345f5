"""What a house file says of those who live in it: a routine that goes round, or habits by the day."""

from typing import Annotated, Final

from pydantic import Field

from simulators.action import OF_RESIDENTS
from simulators.house_table import DAY_NAMES, NAME, DayName, HouseTable, TimeOfDay

OCCASION: Final = "^(wakes|sleeps|leaves|returns)$"
WORKDAYS: Final = list(DAY_NAMES[:5])
Chance = Annotated[float, Field(ge=0, le=1)]
Span = Annotated[list[TimeOfDay], Field(min_length=2, max_length=2)]


def words_of(do: str, resident: str) -> list[str]:
    """The words of an action, with the resident put in where it is about one."""
    verb, *others = do.split() or [""]
    return [verb, resident, *others] if verb in OF_RESIDENTS else [verb, *others]


class StepPlan(HouseTable):
    do: str = Field(min_length=1, description="what `sim do` does, without the resident's own name")
    after: float | None = Field(None, ge=0, le=86_400, description="seconds after the step before")
    at: TimeOfDay | None = Field(None, description="a time of day, HH:MM on the home's clock")

    def words(self, resident: str) -> list[str]:
        return words_of(self.do, resident)


class ErrandPlan(HouseTable):
    """Something small that a day has besides."""

    at: TimeOfDay | None = Field(None, description="about when")
    when: str | None = Field(
        None,
        pattern=OCCASION,
        description="or on which occasion: `wakes`, `sleeps`, `leaves`, `returns`",
    )
    do: str = Field(min_length=1, description="what `sim do` does, without the resident's own name")
    chance: Chance = Field(1.0, description="on how many days of all")


class DayPlan(HouseTable):
    """What a day has; `weekend` says it anew for days without work."""

    wakes: TimeOfDay = Field("07:00", description="gets up")
    sleeps: TimeOfDay = Field("22:45", description="goes to bed; may be after midnight")
    works: Span | None = Field(None, description="out of the house to work, from when to when")
    out: list[Span] = Field(default_factory=list, max_length=20, description="other times out, each from when to when")
    out_chance: Chance = Field(0.6, description="how often those are")
    showers: TimeOfDay | None = Field(None, description="about when; in the bath")
    cooks: list[TimeOfDay] = Field(default_factory=list, max_length=20, description="about when; in the kitchen")
    meals: list[TimeOfDay] = Field(default_factory=list, max_length=20, description="about when; in the room `dining`")
    watches: Span | None = Field(None, description="television, from when to when")
    airs: TimeOfDay | None = Field(None, description="about when the bedroom is aired for ten minutes")
    does: list[ErrandPlan] = Field(default_factory=list, max_length=100, description="errands")
    spends: dict[str, Annotated[float, Field(gt=0, le=100_000)]] = Field(
        default_factory=dict, description="free time, by rooms and their weights"
    )


class HabitsPlan(DayPlan):
    weekend: DayPlan | None = Field(None, description="the keys from above that are different on days without work")
    work_days: list[DayName] = Field(
        default_factory=lambda: list(WORKDAYS), description="on which days is work; the others are the weekend"
    )
    varies: float = Field(12.0, ge=0, le=60, description="minutes by which times differ from day to day, at most")
    up_at_night: Chance = Field(0.3, description="how often a night has a walk to the bath")
    bed: str | None = Field(None, description="the room to sleep in; default: the resident's `room`")
    bath: str | None = Field(None, description="default: the room `bath`, if there is one")
    kitchen: str | None = Field(None, description="default: the room `kitchen`, if there is one")
    dining: str | None = Field(None, description="where meals are; default: the kitchen")
    television: str | None = Field(None, description="a `plug` with a television on it, watched in its room")
    lights: bool = Field(True, description="switches lamps by hand where it is dark")
    locks: bool = Field(True, description="locks the door on leaving and at night")

    def on(self, day_name: str) -> DayPlan:
        """What a day of this name has."""
        if day_name in self.work_days:
            return self
        said = () if self.weekend is None else sorted(self.weekend.model_fields_set)
        return self.model_copy(update={"works": None, **{key: getattr(self.weekend, key) for key in said}})


class ResidentPlan(HouseTable):
    name: str = Field(pattern=NAME, max_length=16, description="what the resident is called")
    room: str = Field(description="where the resident begins; with habits, where the bed is")
    routine: list[StepPlan] = Field(default_factory=list, max_length=500, description="done over and over again")
    habits: HabitsPlan | None = Field(None, description="what the days are like")
