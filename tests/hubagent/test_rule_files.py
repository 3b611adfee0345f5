"""A home whose rule files are broken at the start goes on with the rules that it had; one that had none says so."""

import json
from pathlib import Path

import pytest

from hubagent import rule_files
from hubagent.rule_files import KEPT, RuleFiles
from hubagent.toml_lines import Mistakes
from tests.helpers.an_agent import HALL_LIGHT, a_config, an_agent
from tests.helpers.fake_driver import FakeKind
from tests.hubagent.test_automation import reports, sent

CALLS = """
[[rule]]
name = "calls"
when = "hall.motion becomes occupied"
do = [{ http = "https://example.com/" }]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(HALL_LIGHT, encoding="utf-8")
    return path


def files(rules: Path, *more: Path, hosts: frozenset[str] = frozenset()) -> RuleFiles:
    return RuleFiles((rules, *more), hosts, rules.parent)


def kept(rules: Path) -> RuleFiles:
    """Of a start at which all was well."""
    read = files(rules)
    read.begin()
    read.keep()
    return read


@pytest.mark.parametrize("broken", ["[[rule]]\nname = 3\n", "[[rule", None])
async def test_a_home_whose_files_were_broken_meanwhile_begins_with_the_rules_it_had(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str | None
) -> None:
    config = a_config(tmp_path, rules=HALL_LIGHT)
    path = tmp_path / "rules.toml"
    async with an_agent(tmp_path, FakeKind(), config):
        pass
    if broken is None:
        path.unlink()
    else:
        path.write_text(broken, encoding="utf-8")
    kind = FakeKind()
    async with an_agent(tmp_path, kind, config) as agent:
        assert str(path) in agent.automation.problems[0]
        assert agent.automation.problems[0] in caplog.text
        assert "begins with the rules that it had before" in caplog.text
        reports(kind, occupied=False)
        reports(kind, occupied=True)
        assert len(sent(kind)) == 2
        path.write_text(HALL_LIGHT.replace("40", "60"), encoding="utf-8")
        assert agent.automation.reload() == []
        assert agent.automation.problems == []
        reports(kind, occupied=False)
        reports(kind, occupied=True)
        assert sent(kind)[-1][1] == {"level": 60}


async def test_what_was_read_again_while_the_agent_ran_is_what_the_next_begins_with(tmp_path: Path) -> None:
    config = a_config(tmp_path, rules=HALL_LIGHT)
    path = tmp_path / "rules.toml"
    async with an_agent(tmp_path, FakeKind(), config) as agent:
        path.write_text(HALL_LIGHT.replace("hall light", "other"), encoding="utf-8")
        agent.automation.reload()
        path.write_text("[[rule", encoding="utf-8")
        agent.automation.reload()
    async with an_agent(tmp_path, FakeKind(), config) as agent:
        assert [rule.name for rule in agent.automation.executor.rule_set.rules] == ["other"]


def test_files_that_were_never_read_have_no_rules_of_before(rules: Path) -> None:
    rules.write_text("[[rule", encoding="utf-8")
    with pytest.raises(Mistakes):
        files(rules).begin()


def test_rules_of_before_are_those_of_the_same_files(rules: Path) -> None:
    kept(rules)
    other = rules.with_name("other.toml")
    other.write_text("[[rule", encoding="utf-8")
    with pytest.raises(Mistakes):
        files(rules, other).begin()


def test_rules_of_before_may_not_do_what_is_not_allowed_any_more(rules: Path) -> None:
    rules.write_text(CALLS, encoding="utf-8")
    allowed = files(rules, hosts=frozenset({"example.com"}))
    allowed.begin()
    allowed.keep()
    with pytest.raises(Mistakes):
        files(rules).begin()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"files": 3}', b'{"files": [["a"]]}', b'{"files": [3]}', b"\xff", b"[" * 100_000]
)
def test_a_record_that_is_damaged_is_none_and_made_anew(rules: Path, content: bytes) -> None:
    (rules.parent / KEPT).write_bytes(content)
    kept(rules)
    assert json.loads((rules.parent / KEPT).read_bytes())["files"] == [[str(rules), HALL_LIGHT]]
    (rules.parent / KEPT).write_bytes(content)
    rules.write_text("[[rule", encoding="utf-8")
    with pytest.raises(Mistakes):
        files(rules).begin()


def test_what_is_no_news_is_not_written(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(rules)
    monkeypatch.setattr(rule_files, "write_whole", lambda *_: pytest.fail("written"))
    again = kept(rules)
    again.read()
    again.keep()


def test_a_disk_that_takes_nothing_costs_the_record_alone(rules: Path, caplog: pytest.LogCaptureFixture) -> None:
    (rules.parent / KEPT).mkdir()
    read = files(rules)
    assert len(read.begin().rules) == 1
    read.keep()
    assert f"{rules.parent / KEPT} cannot be written" in caplog.text


def test_only_its_owner_reads_the_record(rules: Path) -> None:
    kept(rules)
    assert (rules.parent / KEPT).stat().st_mode & 0o777 == 0o600
