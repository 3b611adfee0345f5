"""Tables written as TOML are read back as they were, whatever is in them."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hubagent.rules.importers.toml_text import comment, table_lines

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers(-(2**50), 2**50), st.integers(-1000, 1000).map(lambda n: n / 4)),
    lambda below: st.one_of(st.lists(below, max_size=5), st.dictionaries(TEXTS, below, max_size=5)),
    max_leaves=30,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=6))
def test_a_table_is_read_back(table: dict[str, Any]) -> None:
    assert tomllib.loads("\n".join(table_lines("[[rule]]", table)))["rule"] == [table]


@given(st.text(max_size=60))
def test_a_comment_is_left_out_by_the_reader(text: str) -> None:
    assert tomllib.loads("\n".join([*comment([text]), "x = 1"])) == {"x": 1}
    assert "\n".join(comment([text])).encode("utf-8")
