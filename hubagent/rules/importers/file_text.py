"""An import as the text of a rule file, every rule of which the project's own reader has accepted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hubagent.rules.importers.imported import Import, ImportedRule, Share, Table, stub
from hubagent.rules.importers.reason import Reason
from hubagent.rules.importers.toml_text import comment, table_lines, value_text
from hubagent.rules.reading.form import NAME_LENGTH_MAX
from hubagent.rules.reading.rule_set import rule_set_of
from hubagent.toml_lines import DOCUMENT_BYTES_MAX, Mistakes, parse_document

_HERE: Final = Path("imported.toml")
_SOURCE_LINES_MAX: Final = 400


class TooMuch(Exception):
    """The file would be larger than a rule file may be."""


def checked(found: Import) -> Import:
    """With rules that the reader refuses turned into disabled ones; names made different."""
    names: dict[str, int] = {}
    for rule in found.rules:
        rule.table["name"] = _unique(str(rule.table["name"]), names)
    for number, wrong in _refused(range(len(found.rules)), found):
        rule = found.rules[number]
        reasons = (*rule.reasons, Reason("beyond what a rule may have", wrong))
        refused = stub(rule.table["name"], reasons[-1:])
        found.rules[number] = ImportedRule(refused, Share.NOT, reasons, rule.notes, rule.place, rule.source)
    return found


def file_text(found: Import, head: Sequence[str]) -> str:
    """Raises TooMuch."""
    lines = comment(head)
    if found.differences:
        lines += ["#", *comment(["What is different here:"]), *comment(found.differences, "# - ")]
    if found.table:
        width = max(len(theirs) for theirs in found.table)
        lines += ["#", *comment(["Names there, and the devices here. Correct them with --map, or with --map-file:"])]
        lines += comment((f"{theirs:<{width}} = {ours}" for theirs, ours in sorted(found.table.items())), "#   ")
    lines += ["", *_beside(found)]
    for rule in found.rules:
        lines += ["", *_rule(rule)]
    text = "\n".join(lines) + "\n"
    if len(text.encode()) > DOCUMENT_BYTES_MAX:
        raise TooMuch(f"the rules are larger than {DOCUMENT_BYTES_MAX >> 20} MB; import the file in parts")
    return text


def _beside(found: Import) -> list[str]:
    lines = ["[home]", f"modes = {value_text(list(found.modes))}"]
    if found.variables:
        lines += ["", *comment(["What they are at first. What they are over there does not stand in its files."])]
        lines += table_lines("[variables]", found.variables)
    for scene in found.scenes.values():
        lines += ["", *table_lines("[[scene]]", scene)]
    return lines


def _rule(rule: ImportedRule) -> list[str]:
    lines = comment([f"From {rule.place}."])
    lines += comment((f"Note: {note}" for note in rule.notes), "# ")
    if rule.share is not Share.FULLY:
        lines += comment([f"Translated {rule.share.value}:"])
        lines += comment((str(reason) for reason in rule.reasons), "# - ")
        lines += comment(rule.source[:_SOURCE_LINES_MAX], "# | ")
        if len(rule.source) > _SOURCE_LINES_MAX:
            lines += comment([f"... and {len(rule.source) - _SOURCE_LINES_MAX} lines more"], "# | ")
    return lines + table_lines("[[rule]]", rule.table)


def _refused(numbers: range, found: Import) -> list[tuple[int, str]]:
    """Which rules the reader refuses, and why: all are tried together, and halves only where it refuses something."""
    wrong = _refusal([found.rules[number].table for number in numbers], found)
    if wrong is None:
        return []
    if len(numbers) == 1:
        return [(numbers[0], wrong)]
    half = len(numbers) // 2
    return [*_refused(numbers[:half], found), *_refused(numbers[half:], found)]


def _refusal(tables: Sequence[Table], found: Import) -> str | None:
    text = "\n".join([*_beside(found), *(line for table in tables for line in table_lines("[[rule]]", table))])
    try:
        rule_set_of([parse_document(_HERE, text)])
    except Mistakes as mistakes:
        first = mistakes.mistakes[0]
        return f"{first.key}: {first.what}"
    return None


def _unique(name: str, names: dict[str, int]) -> str:
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    name = name[: NAME_LENGTH_MAX - 8].strip() or "without a name"
    wanted, count = name, names.get(name, 0)
    while wanted in names:
        count += 1
        wanted = f"{name} ({count + 1})"
    names[name] = count
    names.setdefault(wanted, 0)
    return wanted
