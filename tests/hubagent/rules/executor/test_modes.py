"""Run modes beside a model of them: whatever the order of being set off, waits, restarts, and devices that are away."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from hubagent.rules.executor.modes import TABLE
from hubagent.rules.rule import RunMode
from tests.hubagent.rules.a_house import House

RULE = """
[[rule]]
name = "a"
when = "sofa.remote button 1 single"
mode = "{mode}"
max = {most}
do = [{{ notify = "o", text = "begins" }}, {{ wait = "10s" }}, {{ notify = "o", text = "ends" }}]
[[rule]]
name = "b"
when = {{ rule = "a", outcome = "blocked" }}
do = [{{ notify = "o", text = "blocked" }}]
"""
RUN_S = 10


@dataclass
class Model:
    """What RULES.md says of the modes, and no more."""

    mode: str
    most: int
    now: int = 0
    going: list[int] = field(default_factory=list)
    """When each run ends."""
    queued: int = 0
    notes: list[str] = field(default_factory=list)

    def set_off(self) -> None:
        busy = bool(self.going)
        if self.mode == "restart":
            self.going = []
            self.begin()
        elif self.mode == "queued" and busy and self.queued < self.most:
            self.queued += 1
        elif (self.mode in ("single", "queued") and busy) or (self.mode == "parallel" and len(self.going) == self.most):
            self.notes.append("blocked")
        else:
            self.begin()

    def begin(self) -> None:
        self.notes.append("begins")
        self.going.append(self.now + RUN_S)

    def pass_time(self, seconds: int) -> None:
        end = self.now + seconds
        while self.going and self.going[0] <= end:
            self.now = self.going.pop(0)
            self.notes.append("ends")
            if self.queued:
                self.queued -= 1
                self.begin()
        self.now = end

    def is_off(self, seconds: int) -> None:
        """What came due meanwhile comes now, each when it is its turn."""
        self.now += seconds
        due = [end for end in self.going if end <= self.now]
        self.going = [self.now] * len(due) + self.going[len(due) :]
        self.pass_time(0)

    def is_away(self, seconds: int) -> None:
        """A device of the rule: a wait that is over meanwhile is its run's end; who is queued waits for it."""
        self.now += seconds
        self.going = [end for end in self.going if end > self.now]
        if self.queued and not self.going:
            self.queued -= 1
            self.begin()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("press"), st.integers(1, 7)),
        st.tuples(st.just("wait"), st.integers(1, 25)),
        st.tuples(st.just("reboot"), st.integers(0, 30)),
        st.tuples(st.just("away"), st.integers(1, 25)),
        st.just(("reload", 0)),
    ),
    max_size=25,
)


@settings(max_examples=150)
@given(st.sampled_from([mode.value for mode in RunMode]), st.integers(1, 4), STEPS)
def test_runs_begin_end_and_are_blocked_as_the_model_says(mode: str, most: int, steps: list[tuple[str, int]]) -> None:
    text = RULE.format(mode=mode, most=most)
    house, model = House(text), Model(mode, most)
    for what, number in steps:
        if what == "press":
            for _ in range(number):
                house.presses("sofa.remote")
                model.set_off()
        elif what == "wait":
            house.wait(number)
            model.pass_time(number)
        elif what == "reboot":
            house.reboot(number)
            house.wait(0)
            model.is_off(number)
        elif what == "away":
            house.left("sofa.remote")
            house.wait(number)
            house.joins(house.find("sofa.remote"))
            model.is_away(number)
        else:
            house.reload(f"# the same\n{text}")
        assert house.notes == model.notes
        assert len(house.executor.waiting) == len(model.going) + model.queued
        if mode != "parallel":
            assert len(model.going) <= 1
    house.wait(1000)
    model.pass_time(1000)
    assert house.notes == model.notes
    assert house.disk == {}


@given(st.sampled_from(list(RunMode)), st.integers(0, 6), st.integers(0, 6), st.integers(1, 4))
def test_the_table_answers_for_every_mode_and_number(mode: RunMode, going: int, queued: int, most: int) -> None:
    assert TABLE[mode](going, queued, most) is not None
