"""Where a key of a TOML document stands."""

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubagent.toml_lines import Document, Key, Mistakes, Source, dotted, parse_document, read_document
from hubagent.toml_positions import find_positions

TEXT = """\
# comment
title = "x"
[a]
one = 1
b.two = 2

[a.c]  # comment
"three x" = 3
[[rule]]
name = "first"
[[rule]]
name = "second"
  [rule.when]
  what = "x"
[[rule.do]]
set = 1
[[rule.do]]
set = 2
"""


@pytest.fixture
def document(tmp_path: Path) -> Document:
    path = tmp_path / "x.toml"
    path.write_text(TEXT, encoding="utf-8")
    return read_document(path)


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("title",), 2),
        (("a",), 3),
        (("a", "one"), 4),
        (("a", "b", "two"), 5),
        (("a", "c", "three x"), 8),
        (("rule", 0), 9),
        (("rule", 0, "name"), 10),
        (("rule", 1, "name"), 12),
        (("rule", 1, "when", "what"), 14),
        (("rule", 1, "do", 0, "set"), 16),
        (("rule", 1, "do", 1, "set"), 18),
    ],
)
def test_a_key_stands_at_its_line(document: Document, key: Key, line: int) -> None:
    assert document.line(key) == line


def test_a_key_that_is_missing_stands_where_its_table_begins(document: Document) -> None:
    assert document.line(("rule", 0, "when")) == 9
    assert document.line(("nothing",)) == 1


def test_items_are_counted_from_1_for_people() -> None:
    assert dotted(("rule", 1, "do", 0, "set")) == "rule[2].do[1].set"


def test_text_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Mistakes, match="is not UTF-8"):
        read_document(tmp_path / "x.toml")


POINTED_AT = """\
title = "x" # comment
[a]
list = [ 1,
  "two", { three = 'it' }, # "four"
]
"a b".c = { d.e = [[true]], f = 1979-05-27 07:32:00 }
long = \"\"\"
one "" two \\\"""\"\"\"
literal = '''
it''s'''
escaped = "a\\tb"
[[rule]]
do = [{ set = "lamp", on = true }, { set = "blind", position = 40 }]
"""


def pointed_at(key: Key, *, of_key: bool = False, column: int = 0, length: int = 0) -> tuple[str, str]:
    """The line, and what of it is underlined."""
    mistake = Source(Path("x.toml"), POINTED_AT).mistake(key, "", of_key=of_key, column=column, length=length)
    line, carets = mistake.excerpt.split("\n")
    start = carets.index("^")
    assert mistake.column == start - 4 + 1
    return mistake.place, line[start : len(carets)]


@pytest.mark.parametrize(
    ("key", "line", "text"),
    [
        (("title",), 1, '"x"'),
        (("a", "list"), 3, "[ 1,"),
        (("a", "list", 0), 3, "1"),
        (("a", "list", 1), 4, '"two"'),
        (("a", "list", 2, "three"), 4, "'it'"),
        (("a", "a b", "c", "d", "e", 0, 0), 6, "true"),
        (("a", "a b", "c", "f"), 6, "1979-05-27 07:32:00"),
        (("a", "long"), 7, '"""'),
        (("a", "literal"), 9, "'''"),
        (("a", "escaped"), 11, '"a\\tb"'),
        (("rule", 0), 12, "[[rule]]"),
        (("rule", 0, "do", 1), 13, '{ set = "blind", position = 40 }'),
        (("rule", 0, "do", 1, "position"), 13, "40"),
        (("rule", 0, "do", 1, "missing"), 13, '{ set = "blind", position = 40 }'),
    ],
)
def test_a_mistake_points_at_the_value(key: Key, line: int, text: str) -> None:
    assert pointed_at(key) == (f"x.toml:{line}", text)


def test_a_mistake_in_a_key_points_at_the_key() -> None:
    assert pointed_at(("rule", 0, "do", 1, "position"), of_key=True) == ("x.toml:13", "position")
    assert pointed_at(("a", "a b", "c", "d"), of_key=True) == ("x.toml:6", "d.e")


def test_a_mistake_in_a_part_of_a_text_points_at_the_part() -> None:
    assert pointed_at(("rule", 0, "do", 0, "set"), column=1, length=2) == ("x.toml:13", "am")


def test_a_part_of_a_text_that_stands_otherwise_in_the_file_is_not_guessed() -> None:
    assert pointed_at(("a", "escaped"), column=2, length=1) == ("x.toml:11", '"a\\tb"')


def test_of_a_long_line_the_part_around_is_shown() -> None:
    text = f"x = [{', '.join(str(number) for number in range(1000))}]"
    mistake = Source(Path("x.toml"), text).mistake(("x", 700), "")
    line, carets = mistake.excerpt.split("\n")
    assert len(line) <= 124
    assert line[carets.index("^") : len(carets)] == "700"


def test_what_nobody_writes_is_refused_before_it_takes_time(tmp_path: Path) -> None:
    hostile = {
        "a key of many parts": ".".join(["a"] * 100_000) + " = 1",
        "a table of many parts": f"[{'.'.join(['a'] * 100_000)}]",
        "lists in lists": "a = " + "[" * 100_000,
        "tables in tables": "a = " + "{a=" * 100_000,
        "a number of many digits": f"a = {'1' * 5000}",
        "quotes": '"' * 200_000,
        "dots": "." * 200_000,
        "letters": "a" * 200_000,
        "a day that there is not": "a = 2026-02-30",
    }
    for text in hostile.values():
        path = tmp_path / "x.toml"
        path.write_text(text, encoding="utf-8")
        start = time.process_time()
        with pytest.raises(Mistakes):
            read_document(path)
        assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a = 1\nb = [1,\n\n",
            "x.toml:2: is not TOML: Invalid value, at the end of the file\n    b = [1,\n           ^",
        ),
        ("[[rule", "x.toml:1: is not TOML: Expected ']]' at the end of an array declaration, at the end of the file"),
        ('a = """x\r\ny\r\n', "x.toml:2: is not TOML: Unterminated string, at the end of the file\n    y\n     ^"),
    ],
)
def test_what_ends_too_early_is_told_with_the_last_line(text: str, said: str) -> None:
    with pytest.raises(Mistakes) as wrong:
        parse_document(Path("x.toml"), text)
    assert str(wrong.value).startswith(said)


def test_a_number_of_many_digits_in_another_base_is_told_shortly(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(f"a = 0x{'f' * 100_000}", encoding="utf-8")
    assert read_document(tmp_path / "x.toml").tables["a"] > 1


@given(text=st.text(alphabet="[]{}\"'\\=#.,ab1 \n\t", max_size=60))
def test_positions_are_found_in_whatever_is_toml(text: str) -> None:
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    positions = find_positions(text)
    for key in keys(tables):
        found = positions.part(key, 0, 0)
        assert found is not None
        assert 0 <= found[0] < found[1] <= len(text)


def keys(value: object, above: Key = ()) -> Iterator[Key]:
    for part, below in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield (*above, part)
        yield from keys(below, (*above, part))
