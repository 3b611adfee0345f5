"""`hubagent rules rename` on the files of a hub, without an agent."""

from pathlib import Path

import pytest

from hubagent.cli.main import run_command
from tests.helpers.hub_process import write_hub

RULES = """\
[[rule]]
name = "hall light"
when = "hall.light becomes on"
do = [{ wait = "3m" }, { set = "hall.light", on = false }]

[[test]]
name = "off again"
given = { "hall.light.on" = false }
steps = [
  { at = "22:00", event = "hall.light = on" },
  { at = "22:04", expect = "not hall.light.on" },
]
"""


def rename(folder: Path, *arguments: str, rules: str = RULES) -> tuple[int, str]:
    config = write_hub(folder, rules=rules)
    code = run_command(["--config", str(config), "rules", "rename", *arguments])
    return code, (folder / "rules.toml").read_text(encoding="utf-8")


def test_the_files_say_the_new_name_and_what_is_left_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = rename(tmp_path, "hall.light", "lamp")
    said = capsys.readouterr()
    assert code == 0
    assert text == RULES.replace("hall.light", "lamp").replace('"lamp.on" = false', '"hall.light.on" = false')
    assert said.out == f"{tmp_path}/rules.toml: 4 places\n"
    assert said.err == (f"{tmp_path}/rules.toml:8: a key names it, of what a test is given; change it there by hand\n")


def test_with_dry_run_nothing_is_written(tmp_path: Path) -> None:
    assert rename(tmp_path, "--dry-run", "hall.light", "lamp") == (0, RULES)


def test_files_that_could_not_be_read_any_more_are_left_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rename(tmp_path, "hall.light", "lamp" * 40) == (2, RULES)
    assert "error: nothing was changed: with 'lamplamp" in capsys.readouterr().err
