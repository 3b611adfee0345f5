"""The tests that stand in the rule files of homes, played as a user plays them."""

import pytest

from hubagent.cli.main import run_command


@pytest.mark.parametrize(("home", "tests"), [("family_house", 6), ("flat", 2), ("worst_day", 2)])
def test_the_homes_own_tests_hold(home: str, tests: int, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_command(["rules", "test", "--home", home])
    said = capsys.readouterr()
    assert code == 0, said
    assert said.out.count("ok  ") == tests
