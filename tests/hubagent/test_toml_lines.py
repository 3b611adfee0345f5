"""Where a key of a TOML document stands."""

from pathlib import Path

import pytest

from hubagent.toml_lines import Document, Key, Mistakes, dotted, read_document

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
