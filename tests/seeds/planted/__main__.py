"""`python -m tests.seeds.planted [NAME...]`: find the planted bugs anew, make each small, and print the table.

Without names all of them are looked for. What is found is written to `found.json`, from which the tests and CHAOS.md
have their numbers. `--only-table` looks for nothing. `--with NAME WORD...` is `hubagent sim chaos WORD...` with a bug.
"""

import sys

import pytest

from hubagent.cli.main import run_command
from tests.seeds.planted.finding import WITHIN, first_that_finds, shrunk
from tests.seeds.planted.planted import Found, Planted, found_before, write
from tests.seeds.planted.table import PLANTED
from tests.seeds.planted.telling import table_of

ONLY_TABLE = "--only-table"
WITH = "--with"


def main(words: list[str]) -> int:
    if words[:1] == [WITH]:
        return _chaos_with(words[1], words[2:])
    missed = 0 if ONLY_TABLE in words else _look(words)
    print("\n".join(table_of(PLANTED, found_before())))
    return 1 if missed else 0


def _chaos_with(name: str, words: list[str]) -> int:
    (planted,) = [it for it in PLANTED if it.name == name]
    with pytest.MonkeyPatch.context() as patch:
        planted.bug(patch)
        return run_command(["sim", "chaos", *words])


def _look(names: list[str]) -> int:
    missed = 0
    for planted in PLANTED:
        if names and planted.name not in names:
            continue
        found = _find(planted)
        if found is None:
            missed += 1
            continue
        # After each: whoever ends it early keeps what it had found.
        by_name = {**found_before(), planted.name: found}
        write({it.name: by_name[it.name] for it in PLANTED if it.name in by_name})
    return missed


def _find(planted: Planted) -> Found | None:
    verdict = first_that_finds(planted)
    if verdict is None:
        print(f"{planted.name}: {planted.check} does not find it in {WITHIN} seeds", file=sys.stderr)
        return None
    small = shrunk(planted, verdict)
    complaint = small.verdict.problems[0].text
    before = verdict.scenario
    print(
        f"{planted.name}: {planted.check} finds it in seed {before.seed}; {len(before.faults)} faults are"
        f" {len(small.scenario.faults)} after {small.runs} runs: {small.scenario.command()}\n  {complaint}",
        file=sys.stderr,
        flush=True,
    )
    return Found(before.seed, len(before.faults), small.runs, small.scenario)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
