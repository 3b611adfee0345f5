"""Rule files together: modes, variables, names, bounds, and how mistakes are told."""

import time
from pathlib import Path

import pytest

from hubagent.rules.reading import rule_set as reader
from hubagent.rules.reading.rule_set import read_rule_set
from hubagent.rules.rule_set import MODES
from hubagent.toml_lines import DOCUMENT_BYTES_MAX, Mistakes
from tests.helpers.rule_files import mistakes, rule_set, rule_text, the_mistake, whole_mistakes

HOMES = Path(__file__).parents[4] / "simulators" / "homes"


@pytest.mark.parametrize("path", sorted(HOMES.glob("*.rules.toml")), ids=lambda path: path.name)
def test_the_bundled_homes_rules_are_read(path: Path) -> None:
    assert read_rule_set([path]).rules


def test_no_files_are_a_home_without_rules() -> None:
    assert read_rule_set([]).rules == ()
    assert read_rule_set([]).modes == MODES


def test_modes_and_variables_are_of_the_home(tmp_path: Path) -> None:
    found = rule_set(tmp_path, '[home]\nmodes = ["in", "out"]\n[variables]\nguests = 0\nholiday = false\nnote = ""\n')
    assert found.modes == ("in", "out")
    assert found.variables == {"guests": 0, "holiday": False, "note": ""}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[home]\nmodes = []", "is a list of at most 32 names"),
        ('[home]\nmodes = ["a", "a"]', "modes[2]: stands there twice"),
        ("[home]\nmods = []", "did you mean 'modes'?"),
        ("[variables]\na = [1]", "is true or false, a number or a text"),
        ('[variables]\n"a b" = 1', "is a word of letters"),
        ("[variables]\na = inf", "is true or false, a number or a text, not inf"),
        ("[variables]\na = 07:30:00", "is true or false, a number or a text, not 07:30:00"),
        ("home = 3", "is a table: [home]"),
        ("[rule]\nname = 'a'", "is written [[rule]], once for each"),
        ("rule = 3", "is written [[rule]], once for each"),
        ("rule = [3]", "is a table, not 3"),
        ("[[rules]]", "did you mean 'rule'?"),
    ],
)
def test_what_is_not_of_the_language_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    assert complaint in mistakes(tmp_path, text)[0]


def test_several_files_are_one_set(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(rule_text('do = [{ scene = "s" }]', name="a"))
    (tmp_path / "b.toml").write_text('[[scene]]\nname = "s"\nset = [{ device = "x", on = true }]\n')
    assert len(read_rule_set([tmp_path / "a.toml", tmp_path / "b.toml"]).rules) == 1


def test_names_are_unique_over_all_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text('[home]\nmodes = ["%s"]\n[variables]\nx = 1\n%s' % (name, rule_text()))  # noqa: UP031
    with pytest.raises(Mistakes) as caught:
        read_rule_set([tmp_path / "a.toml", tmp_path / "b.toml"])
    assert [mistake.key for mistake in caught.value.mistakes] == ["home.modes", "variables.x", "rule[1].name"]


def test_mistakes_of_all_files_are_told_those_that_cannot_be_read_first(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(rule_text("mode = 1", 'do = "x"', when="7"))
    with pytest.raises(Mistakes) as caught:
        read_rule_set([tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"])
    places = [(Path(mistake.place).name, mistake.key) for mistake in caught.value.mistakes]
    assert places == [
        ("a.toml", ""),
        ("c.toml", ""),
        ("b.toml:3", "rule[1].when"),
        ("b.toml:4", "rule[1].mode"),
        ("b.toml:5", "rule[1].do"),
    ]


def test_a_mistake_shows_the_line_and_what_in_it_is_wrong(tmp_path: Path) -> None:
    text = rule_text('do = [{ set = "lamp", on = true }, { set = "lamp", level = "hall.lux +* 3" }]')
    [told] = whole_mistakes(tmp_path, text)
    assert told.split("\n") == [
        "rules.toml:4:71: rule[1].do[2].level: '*' is not expected here",
        '    do = [{ set = "lamp", on = true }, { set = "lamp", level = "hall.lux +* 3" }]',
        "                                                                          ^",
    ]


def test_a_text_over_several_lines_is_told_by_its_line_alone(tmp_path: Path) -> None:
    [told] = whole_mistakes(tmp_path, rule_text('if = """\nhall.lux <\n"""'))
    assert told.startswith("rules.toml:5:6: rule[1].if: the expression ends too early\n")


def test_after_a_hundred_mistakes_it_is_read_no_further(tmp_path: Path) -> None:
    told = mistakes(tmp_path, "".join(rule_text("mode = 1", name=f"r{number}") for number in range(150)))
    assert len(told) == 101
    assert told[-1].endswith("after 100 mistakes it was read no further")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    told = the_mistake(tmp_path, "#" * (DOCUMENT_BYTES_MAX + 1))
    assert told == "rules.toml: is larger than 1 MB; split it"


def test_too_many_rules_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "RULES_MAX", 2)
    text = "".join(rule_text(name=str(number)) for number in range(3))
    assert the_mistake(tmp_path, text).endswith("there are more than 2 of these")


def test_ten_thousand_rules_are_read_in_seconds(tmp_path: Path) -> None:
    for file in range(2):
        rules = (
            rule_text(
                f"if = \"home.mode != 'away' and room{number}.lux < 30\"",
                f'do = [{{ set = "room{number}.light", on = true }}]',
                when=f'"room{number}.motion becomes occupied"',
                name=f"{file}.{number}",
            )
            for number in range(5000)
        )
        (tmp_path / f"{file}.toml").write_text("".join(rules))
    start = time.process_time()
    assert len(read_rule_set([tmp_path / "0.toml", tmp_path / "1.toml"]).rules) == 10_000
    assert time.process_time() - start < 6  # 1 s where nothing else runs
