"""No rule file, however it was made, hangs the executor, or takes more than it says: the bounds stand here.

Work is counted in calls of functions, which is the same on every computer.
"""

import json
import sys
from collections.abc import Callable

import pytest

from hubagent.http_call import BadUrl, check_url
from hubagent.rules.executor.calls import CALLS_MAX
from hubagent.rules.executor.effects import CallHttp
from hubagent.rules.executor.executor import DEPTH_MAX
from hubagent.rules.executor.items import WebhookCalled
from hubagent.rules.executor.limits import STORM
from hubagent.rules.executor.runs import RUNS_MAX
from hubagent.rules.executor.sending import TRACKED_MAX
from hubagent.rules.executor.timers import TIMERS_MAX
from hubagent.toml_lines import Mistakes
from tests.hubagent.rules.a_house import House, rules
from tests.hubagent.rules.oracle.made_up import made_up
from tests.hubagent.rules.oracle.test_made_up import happens

BUTTON = 'when = "sofa.remote button 1 single"'
ITEM_CALLS_MAX = 1_000_000
"""What one item may cost: less than a second."""


class TooMuch(Exception):
    """More calls than were allowed."""


def calls_of(act: Callable[[], object], most: int = ITEM_CALLS_MAX) -> int:
    """How many functions are called; ends with TooMuch where that is no end."""
    count = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"
        if count > most:
            raise TooMuch

    sys.setprofile(called)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def rule(name: str, when: str, *actions: str, more: str = "") -> str:
    return f'[[rule]]\nname = "{name}"\nwhen = {when}\n{more}\ndo = [{", ".join(actions)}]\n'


def webhook(house: House, name: str = "go") -> int:
    """What the executor alone does about it."""
    return calls_of(lambda: house.executor.receive(WebhookCalled(name), house.now))


GO = '{ webhook = "go" }'
NEVER = '{ webhook = "never" }'


def is_bounded(house: House) -> None:
    executor = house.executor
    assert len(executor.waiting) <= RUNS_MAX + 100
    assert len(executor._agenda.timers) <= TIMERS_MAX
    assert len(executor._agenda.timers._heap) <= 2 * TIMERS_MAX + 100


# Loops.


@pytest.mark.parametrize("mode", ["single", "restart", "queued", "parallel"])
def test_rules_that_run_one_another_a_hundred_times_each_end(mode: str) -> None:
    """A hundred to the power of sixteen, if nothing held them."""
    more = f'mode = "{mode}"\nmax = 100'
    runs = ", ".join(['{ run = "b" }'] * 100)
    house = House(
        rule("a", GO, runs.replace('"b"', '"a"'), more=more)
        + rule("b", GO, runs.replace('"b"', '"c"'), more=more)
        + rule("c", NEVER, runs, more=more)
    )
    webhook(house)
    is_bounded(house)


def test_many_rules_that_run_many_others_end() -> None:
    """No rule runs often; all together would go on for hours."""
    layers = 15
    text = rule("l0-0", GO, *(f'{{ run = "l1-{number}" }}' for number in range(50)))
    for layer in range(1, layers):
        below = [f'{{ run = "l{layer + 1}-{number}" }}' for number in range(50)]
        actions = below if layer < layers - 1 else ['{ notify = "owner", text = "x" }']
        text += "".join(rule(f"l{layer}-{number}", NEVER, *actions) for number in range(50))
    house = House(text)
    webhook(house)
    is_bounded(house)


def test_modes_that_set_one_another_end() -> None:
    house = House(
        rule("a", '{ mode = "night" }', '{ mode = "away" }', '{ mode = "home" }', more='mode = "parallel"')
        + rule("b", '{ mode = "away" }', '{ mode = "night" }', '{ mode = "home" }', more='mode = "parallel"')
        + rule("c", '{ mode = "home" }', '{ mode = "away" }', '{ mode = "night" }', more='mode = "parallel"')
    )
    assert calls_of(lambda: house.mode("night")) < ITEM_CALLS_MAX
    is_bounded(house)


def test_scenes_and_outcomes_that_set_off_one_another_end() -> None:
    house = House(
        '[[scene]]\nname = "s"\nset = [{ device = "hall.light", on = true }]\n'
        + rule("a", f'[{GO}, {{ scene = "s" }}]', '{ scene = "s" }', '{ scene = "s" }', more='mode = "parallel"')
        + rule("b", '[{ rule = "a" }, { rule = "b" }, { rule = "b", outcome = "blocked" }]', '{ run = "a" }')
    )
    calls_of(lambda: house.do(WebhookCalled("go")))
    is_bounded(house)


def test_devices_that_set_one_another_are_cut_after_some_rules() -> None:
    house = House(
        rule("a", '"hall.light becomes on"', '{ set = "porch.light", on = "not porch.light.on" }')
        + rule("b", '{ state = "porch.light.on", changes = true }', '{ set = "hall.light", on = "not hall.light.on" }')
        + rule("c", '"hall.light becomes off"', '{ set = "porch.light", on = "not porch.light.on" }')
    )
    house.says("hall.light", on=False)
    house.says("porch.light", on=False)
    house.says("hall.light", on=True)
    assert len(house.sent) <= DEPTH_MAX + 1
    # A chain that waits is another chain each time, but no faster than its waits.
    house.wait(60)
    assert len(house.sent) <= DEPTH_MAX + 1


# Waits that wake one another.


def test_a_long_row_of_runs_that_wake_one_another_ends() -> None:
    """Each wakes the next, while it is itself not done: no deeper than the interpreter can go."""
    count = 900
    text = "[variables]\nn = 0\n" + "".join(
        rule(f"r{n}", GO, f'{{ wait = "var.n == {n}" }}', f'{{ variable = "n", to = {n + 1} }}')
        for n in range(1, count)
    )
    house = House(
        text + rule("first", NEVER, '{ variable = "n", to = 1 }') + rule("x", '{ mode = "night" }', '{ run = "first" }')
    )
    webhook(house)
    assert len(house.executor.waiting) == count - 1
    calls_of(lambda: house.mode("night"))
    house.wait(10)
    variable = house.executor.picture.variable("n")
    assert variable is not None
    assert variable.value == count
    assert house.executor.waiting == []


def test_two_runs_that_wake_each_other_for_ever_let_others_have_their_turn() -> None:
    text = "[variables]\nx = 0\ny = 1\n"
    for one, other in (("x", "y"), ("y", "x")):
        loop = [
            f'{{ wait = "var.{one} == 1" }}',
            f'{{ variable = "{one}", to = 0 }}',
            f'{{ variable = "{other}", to = 1 }}',
        ]
        text += rule(f"r{one}", GO, f"{{ repeat = 1000, do = [{', '.join(loop)}] }}")
    house = House(text)
    webhook(house)
    house.wait(10)
    assert house.executor.waiting == []


def test_queued_runs_that_end_at_once_do_not_go_deep() -> None:
    actions = '{ if = "var.n == 0", do = [{ wait = "10s" }] }', '{ variable = "n", to = 1 }'
    chain = "".join(
        rule(f"r{n}", GO, *actions, f'{{ run = "r{n + 1}" }}', more='mode = "queued"\nmax = 100') for n in range(15)
    )
    house = House("[variables]\nn = 0\n" + chain + rule("r15", NEVER, '{ notify = "owner", text = "x" }'))
    for _ in range(101):
        webhook(house)
    house.wait(60)
    is_bounded(house)
    assert house.executor.waiting == []


# Repeats, and many of everything.


def test_a_run_of_ten_thousand_actions_lets_others_have_their_turn() -> None:
    house = House(
        "[variables]\nn = 0\n"
        + rule("a", GO, '{ repeat = 1000, do = [{ repeat = 5, do = [{ variable = "n", to = "var.n + 1" }] }] }')
    )
    assert webhook(house) < 50_000
    assert calls_of(lambda: house.wait(1)) < ITEM_CALLS_MAX
    variable = house.executor.picture.variable("n")
    assert variable is not None
    assert variable.value == 5000


def test_many_rules_that_never_rest_have_their_turns_one_after_the_other() -> None:
    loop = '{ repeat = 500, do = [{ variable = "n", to = "var.n + 1" }] }'
    house = House("[variables]\nn = 0\n" + "".join(rule(f"r{n}", GO, loop) for n in range(120)))
    webhook(house)
    assert len(house.executor.waiting) == 120
    due = house.executor.next_deadline()
    assert due == house.now
    assert calls_of(lambda: house.executor.handle_timeout(house.now)) < ITEM_CALLS_MAX
    house.wait(1)
    variable = house.executor.picture.variable("n")
    assert variable is not None
    assert variable.value == 60_000


@pytest.mark.parametrize(
    "actions",
    [
        '{ repeat = 1000, do = [{ repeat = 1000, do = [{ mode = "night" }] }] }',
        "{ repeat = 1000, do = [{ repeat = 1000, do = [] }] }",
        '{ while = "true", at_most = 1000, do = [{ repeat = 1000, do = [{ if = "false", do = [{ stop = "x" }] }] }] }',
        '{ repeat = 1001, do = [{ mode = "night" }] }',
        '{ wait = "2000d" }',
        "{ if = 'true', do = [" * 9 + '{ mode = "night" }' + "] }" * 9,
        '{ notify = "owner", text = "' + "x" * 1001 + '" }',
        '{ notify = "owner", text = "{' + "(" * 100 + "var.n" + ")" * 100 + '}" }',
        '{ variable = "n", to = "' + "var.n + " * 70 + '1" }',
        '{ http = "https://example.org/", body = "' + "x" * 8001 + '" }',
        '{ http = "https://evil.net/" }',
        '{ http = "https://example.org@evil.net/" }',
        '{ http = "https://{hall.light}.example.org/" }',
        '{ http = "http://169.254.169.254/latest" }',
        '{ http = "https://example.org/", timeout = "1h" }',
        '{ http = "https://example.org/", retry = 1000 }',
        '{ set = "hall.light", on = true, retry = 1000 }',
        '{ set = "hall.light", on = true, within = "1d" }',
        ", ".join(['{ mode = "night" }'] * 101),
    ],
)
def test_what_is_beyond_the_bounds_is_no_rule(actions: str) -> None:
    with pytest.raises(Mistakes):
        rules("[variables]\nn = 0\n" + rule("a", GO, actions))


def test_thousands_of_runs_do_not_wait() -> None:
    text = "".join(
        rule(f"r{n}", GO, '{ wait = "hall.motion is occupied" }', more='mode = "parallel"\nmax = 100')
        for n in range(30)
    )
    house = House(text)
    for _ in range(100):
        house.do(WebhookCalled("go"))
    assert len(house.executor.waiting) == RUNS_MAX
    assert len([one for one in house.disk | house.soon if one.startswith("run:")]) <= 3000
    house.reboot()
    assert len(house.executor.waiting) == RUNS_MAX
    house.says("hall.motion", occupied=False)
    assert calls_of(lambda: house.says("hall.motion", occupied=True)) < ITEM_CALLS_MAX
    assert house.executor.waiting == []
    assert house.executor._agenda.timers.next() is None or len(house.executor._agenda.timers) < 3


def test_a_storm_of_reports_runs_a_rule_so_often_and_no_oftener() -> None:
    house = House(
        rule("a", '{ state = "hall.lux", changes = true, for = "10m" }', '{ mode = "night" }')
        + rule("b", GO, '{ notify = "o", text = "x" }')
    )
    for number in range(5000):
        house.says("hall.lux", illuminance=number)
        house.do(WebhookCalled("go"))
    assert len(house.notes) == STORM.runs
    is_bounded(house)
    assert len(house.executor._agenda.timers._heap) < 300


def test_commands_and_calls_that_nobody_answers_are_bounded() -> None:
    house = House(
        rule(
            "a",
            GO,
            '{ repeat = 100, do = [{ set = ["hall.light", "porch.light"], on = true, retry = 10, within = "10m" }] }',
            more='mode = "parallel"',
        )
        + rule(
            "b", GO, '{ repeat = 100, do = [{ http = "https://example.org/", retry = 5 }] }', more='mode = "parallel"'
        )
    )
    for _ in range(50):
        house.executor.receive(WebhookCalled("go"), house.now)
    calls = [effect for effect in house.executor.take_effects() if isinstance(effect, CallHttp)]
    assert len(calls) == CALLS_MAX
    assert len(house.executor._sending._tracked) == TRACKED_MAX
    is_bounded(house)


def test_a_thousand_rules_on_one_report_cost_little() -> None:
    house = House(
        "".join(
            rule(f"r{n}", '"hall.motion becomes occupied"', '{ mode = "night" }', more='if = "hall.lux < 10"')
            for n in range(1000)
        )
    )
    house.says("hall.lux", illuminance=20)
    house.says("hall.motion", occupied=False)
    assert calls_of(lambda: house.says("hall.motion", occupied=True)) < 20_000


@pytest.mark.parametrize("seed", range(1000, 1040))
def test_whatever_is_made_up_costs_little(seed: int) -> None:
    one = made_up(seed)
    house = House(one.text)
    for happening in one.stream:
        assert calls_of(lambda happening=happening: happens(house, happening)) < ITEM_CALLS_MAX  # type: ignore[misc]
        calls_of(lambda happening=happening: house.wait(happening.after_s))  # type: ignore[misc]
        is_bounded(house)


# Hosts and paths.

HOSTS = frozenset({"example.org"})
SPELLINGS = [
    "https://example.org.",
    "https://example.org%2eevil.net/",
    "https://example.org%00.evil.net/",
    "https://example.org\t.evil.net/",
    "https://evil.net\\.example.org/",
    "https://evil.net/\\@example.org",
    "https://example.org:443@evil.net/",
    "https://:@example.org/",
    "https://example.org:80/",
    "https://example.org:0443x/",
    "https://example.org:-1/",
    "https://example.org:+443/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://127.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://[example.org]/",
    "https://\uff45xample.org/",
    "https://xn--exmple-cua.org/",
    "javascript://example.org/",
    "https:example.org",
    "https:///example.org",
    "http s://example.org",
    " https://example.org",
    "file://example.org/etc/passwd",
    "gopher://example.org/",
    "",
]


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_leads_to_a_host_that_is_not_allowed(url: str) -> None:
    with pytest.raises(BadUrl):
        check_url(url, HOSTS)
    with pytest.raises(Mistakes):
        rules(rule("a", GO, f"{{ http = {json.dumps(url)} }}"))


@pytest.mark.parametrize("url", ["HTTPS://EXAMPLE.ORG/", "https://example.org:443/a/../../b?c=//evil.net#@evil.net"])
def test_what_is_allowed_leads_there_and_nowhere_else(url: str) -> None:
    assert check_url(url, HOSTS).hostname == "example.org"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\u0000b", "run:1", "x" * 200, "\\u202e"])
def test_a_name_is_no_path_and_no_key_of_another(name: str) -> None:
    """Names come into keys of records only, behind what they are of."""
    try:
        house = House(rule(name, GO, '{ wait = "1m" }', '{ notify = "owner", text = "x" }', more='limit = "9/1m"'))
    except Mistakes:
        return
    house.do(WebhookCalled("go"))
    house.reboot()
    house.wait(61)
    assert house.notes == ["x"]
    assert all(key.split(":")[0] in ("run", "limit") for key in house.disk)
