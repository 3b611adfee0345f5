"""Actions: what each may say, and the flat program that they become."""

from pathlib import Path

import pytest

from hubagent.rules.actions.choice import ChooseAction, Option
from hubagent.rules.actions.http import HttpAction
from hubagent.rules.actions.loop import RepeatAction, WhileAction
from hubagent.rules.actions.mode import ModeAction
from hubagent.rules.actions.notify import NotifyAction
from hubagent.rules.actions.run import RunAction
from hubagent.rules.actions.scene import OnFailure, SceneAction
from hubagent.rules.actions.set import SetAction
from hubagent.rules.actions.stop import StopAction
from hubagent.rules.actions.table import ACTIONS, Action
from hubagent.rules.actions.variable import VariableAction
from hubagent.rules.actions.wait import OnTimeout, PauseAction, WaitAction
from hubagent.rules.expression.parse import parse
from hubagent.rules.expression.template import parse_template
from hubagent.rules.program import Await, Branch, Enter, Goto, Halt, Loop, Pause, Perform
from tests.helpers.rule_files import a_rule, mistakes, rule_set, rule_text, the_mistake

AROUND = '[variables]\nguests = 0\n[[scene]]\nname = "evening"\nset = [{ device = "lamp", on = true }]\n'
LAMP = SetAction(("lamp",), (("on", True),))
DARK = SetAction(("lamp",), (("on", False),))
ON = '{ set = "lamp", on = true }'
OFF = '{ set = "lamp", on = false }'
NIGHT = parse("home.mode == 'night'")

IF = "{ if = \"home.mode == 'night'\", do = [" + OFF + "], else = [" + ON + "] }"
CHOOSE = "{ choose = [{ if = \"home.mode == 'night'\", do = [" + OFF + "] }] }"

READ: list[tuple[str, Action]] = [
    (ON, LAMP),
    (
        '{ set = ["a", "b"], level = 40, transition = "2s", within = "500ms", retry = 3 }',
        SetAction(("a", "b"), (("level", 40),), 2.0, 0.5, 3),
    ),
    (
        '{ set = "a", level = "30% if sun.up else 80%" }',
        SetAction(("a",), (("level", parse("30% if sun.up else 80%")),)),
    ),
    ('{ set = "heater", mode = "heat" }', SetAction(("heater",), (("mode", "heat"),))),
    ('{ set = "dimmer", parameter_7 = 3 }', SetAction(("dimmer",), (("parameter_7", 3),))),
    ('{ scene = "evening" }', SceneAction("evening")),
    (
        '{ scene = "evening", atomic = true, fade = "2s", on_failure = "stop" }',
        SceneAction("evening", atomic=True, fade_s=2.0, on_failure=OnFailure.STOP),
    ),
    ('{ wait = "3m" }', PauseAction(180.0)),
    ('{ wait = "hall.motion is clear" }', WaitAction(parse("hall.motion is clear"))),
    (
        '{ wait = "sun.up", for = "3m", timeout = "1h", on_timeout = "stop" }',
        WaitAction(parse("sun.up"), 180.0, 3600.0, OnTimeout.STOP),
    ),
    (IF, ChooseAction((Option(NIGHT, (DARK,)),), (LAMP,))),
    (CHOOSE, ChooseAction((Option(NIGHT, (DARK,)),))),
    ("{ repeat = 3, do = [" + ON + "] }", RepeatAction(3, (LAMP,))),
    ("{ while = \"home.mode == 'night'\", at_most = 5, do = [" + ON + "] }", WhileAction(NIGHT, 5, (LAMP,))),
    ('{ variable = "guests", to = "var.guests + 1" }', VariableAction("guests", parse("var.guests + 1"))),
    ('{ variable = "guests", to = 3 }', VariableAction("guests", 3)),
    ('{ mode = "night" }', ModeAction("night")),
    ('{ notify = "owner", text = "{hall.lux} lx" }', NotifyAction("owner", parse_template("{hall.lux} lx"))),
    ('{ run = "a rule" }', RunAction("a rule")),
    ('{ stop = "enough" }', StopAction("enough")),
    ('{ http = "https://example.org/x" }', HttpAction("https://example.org/x")),
    (
        '{ http = "http://10.0.0.5:8080/x?y=1", method = "PUT", body = "{hall.lux}", timeout = "2s", retry = 2 }',
        HttpAction("http://10.0.0.5:8080/x?y=1", "PUT", parse_template("{hall.lux}"), 2.0, 2),
    ),
]


def read(folder: Path, *actions: str) -> tuple[Action, ...]:
    text = AROUND + rule_text(f"do = [{', '.join(actions)}]")
    return rule_set(folder, text).rules[0].do


@pytest.mark.parametrize(("written", "action"), READ)
def test_an_action_is_understood(tmp_path: Path, written: str, action: Action) -> None:
    assert read(tmp_path, written) == (action,)


def test_every_kind_is_among_these_tests() -> None:
    assert {written.split()[1] for written, _ in READ} == set(ACTIONS)


def test_the_host_is_as_hub_toml_has_it() -> None:
    assert HttpAction("http://10.0.0.5:8080/x?y=1").host == "10.0.0.5:8080"
    assert HttpAction("https://example.org").host == "example.org"


def test_with_a_body_the_method_is_post() -> None:
    assert HttpAction("https://example.org", body=parse_template("x")).method == "POST"
    assert HttpAction("https://example.org").method == "GET"


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ('{ set = "lamp" }', "sets nothing"),
        ('{ set = "lamp", on = 3 }', "on is true or false, not 3"),
        ('{ set = "lamp", level = 300 }', "level is between 0 and 100 (%), not 300"),
        ('{ set = "lamp", level = nan }', "is true or false, a number or a text, not nan"),
        ('{ set = "lamp", temperature = 20 }', "temperature: is measured by the device and cannot be set"),
        ('{ set = "lamp", levle = 20 }', "levle: there is no such attribute; did you mean 'level'?"),
        ('{ set = "lamp", hue = 20 }', "hue and saturation are set together; saturation has no value"),
        ('{ set = "lamp", on = "sun up" }', "on: "),
        ('{ set = "heater", mode = "haet" }', "did you mean 'heat'?"),
        ('{ set = ["a", "a"], on = true }', "names a device twice"),
        ('{ set = "lamp", on = true, retry = 11 }', "is between 0 and 10, not 11"),
        ('{ set = "lamp", on = true, transition = 2 }', 'is a duration, as "3m"'),
        ('{ scene = "evning" }', "there is no scene 'evning'; did you mean 'evening'?"),
        ('{ wait = "3 bananas" }', "is no duration"),
        ('{ wait = "3m", timeout = "1h" }', "waits for a time"),
        ('{ wait = "sun.up", timeout = "0s" }', "is between 1ms and"),
        ('{ if = "sun.up" }', "do is missing"),
        ('{ if = "sun.up", do = [] }', "is a list of actions"),
        ('{ choose = [{ do = [{ mode = "night" }] }] }', "if is missing"),
        ('{ choose = "x" }', "is a list of { if = .., do = [..] }"),
        ('{ choose = ["x"] }', "is { if = .., do = [..] }, not 'x'"),
        ('{ repeat = 1001, do = [{ mode = "night" }] }', "is between 1 and 1000, not 1001"),
        ('{ while = "sun.up", do = [{ mode = "night" }] }', "at_most is missing"),
        ('{ variable = "gests", to = 1 }', "there is no variable 'gests'; did you mean 'guests'?"),
        ('{ mode = "nihgt" }', "there is no mode 'nihgt'; did you mean 'night'?"),
        ('{ notify = "owner", text = "{hall.lux" }', "the brace is never closed"),
        ('{ run = "a rul" }', "there is no rule 'a rul'; did you mean 'a rule'?"),
        ('{ http = "ftp://example.org" }', "is an address"),
        ('{ http = "https://example.org", body = "x", method = "GET" }', "has no body with GET"),
        ('{ http = "https://example.org", method = "TRACE" }', "is one of GET, POST"),
        ('{ st = "lamp" }', "is no action that there is; did you mean 'set'?"),
        ('"lamp on"', "is an action, as"),
    ],
)
def test_an_action_is_refused_with_the_reason(tmp_path: Path, written: str, complaint: str) -> None:
    told = the_mistake(tmp_path, AROUND + rule_text(f"do = [{written}]"))
    assert complaint in told


@pytest.mark.parametrize(
    "url",
    [
        "https://allowed.org@evil.org/",
        "https://allowed.org\\\\@evil.org/",
        "https://allowed.org#@evil.org/",
        "https://evil.org/\\nHost: allowed.org",
        "https:///evil.org",
        "https://ALLOWED.org.evil.org/",
        "https://allowed.org:80:90/",
        "file:///etc/passwd",
        "https://[::1]/",
    ],
)
def test_an_address_that_two_readers_could_take_for_two_hosts_is_refused(tmp_path: Path, url: str) -> None:
    assert "is an address" in the_mistake(tmp_path, rule_text(f'do = [{{ http = "{url}" }}]'))


def test_a_host_that_hub_toml_does_not_allow_is_refused(tmp_path: Path) -> None:
    text = rule_text('do = [{ http = "https://example.org/x" }]')
    assert rule_set(tmp_path, text, frozenset({"example.org"})).rules
    [told] = mistakes(tmp_path, text, frozenset({"example.com"}))
    assert "example.org is none of the hosts that hub.toml allows" in told


def test_long_lists_are_written_one_by_one(tmp_path: Path) -> None:
    rule = a_rule(tmp_path, '[[rule.do]]\nset = "lamp"\non = true', '[[rule.do]]\nwait = "1s"')
    assert rule.do == (LAMP, PauseAction(1.0))


def test_actions_are_counted_with_those_below(tmp_path: Path) -> None:
    nested = f"{{ repeat = 2, do = [{', '.join([ON] * 50)}] }}"
    assert read(tmp_path, nested, *[ON] * 49)
    assert "a rule has at most 100 actions" in the_mistake(
        tmp_path, rule_text(f"do = [{', '.join([nested] + [ON] * 50)}]")
    )


def test_actions_stand_8_deep_at_most(tmp_path: Path) -> None:
    def nested(depth: int) -> str:
        return ON if depth == 1 else f'{{ if = "sun.up", do = [{nested(depth - 1)}] }}'

    assert read(tmp_path, nested(8))
    assert "actions stand at most 8 deep in one another" in the_mistake(tmp_path, rule_text(f"do = [{nested(9)}]"))


def test_a_choice_becomes_branches(tmp_path: Path) -> None:
    rule = a_rule(tmp_path, f'do = [{{ if = "sun.up", do = [{ON}], else = [{OFF}] }}, {{ wait = "1s" }}]')
    assert rule.program.instructions == (
        Branch(parse("sun.up"), 3),
        Perform(LAMP),
        Goto(4),
        Perform(DARK),
        Pause(1.0),
    )


def test_a_choice_without_else_goes_on_behind_it(tmp_path: Path) -> None:
    options = f'[{{ if = "sun.up", do = [{ON}] }}, {{ if = "true", do = [{{ stop = "x" }}] }}]'
    assert a_rule(tmp_path, f"do = [{{ choose = {options} }}]").program.instructions == (
        Branch(parse("sun.up"), 3),
        Perform(LAMP),
        Goto(5),
        Branch(parse("true"), 5),
        Halt("x"),
    )


def test_loops_count_in_slots_of_their_own(tmp_path: Path) -> None:
    rule = a_rule(tmp_path, f'do = [{{ repeat = 2, do = [{{ while = "sun.up", at_most = 3, do = [{ON}] }}] }}]')
    assert rule.program.slots == 2
    assert rule.program.instructions == (
        Enter(0),
        Loop(0, 2, 8),
        Enter(1),
        Branch(parse("sun.up"), 7),
        Loop(1, 3, 7, bounded=True),
        Perform(LAMP),
        Goto(3),
        Goto(1),
    )


def test_a_wait_for_a_condition_is_one_instruction(tmp_path: Path) -> None:
    rule = a_rule(tmp_path, 'do = [{ wait = "sun.up", for = "3m", timeout = "1h" }]')
    assert rule.program.instructions == (Await(parse("sun.up"), 180.0, 3600.0, OnTimeout.CONTINUE),)
