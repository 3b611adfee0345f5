"""The home's rule files: read at the start and whenever they change, and the last good reading kept.

A home whose files were broken while its agent was off begins with the rules that it had: whoever edits a file over the
night's power cut finds lamps that light, and is told what is wrong.
"""

import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from hubagent.kept_whole import write_whole
from hubagent.rules.reading.rule_set import LETTERS_MAX, read_rule_set, rule_set_of
from hubagent.rules.rule_set import RuleSet
from hubagent.toml_lines import Mistakes, parse_document

_log = logging.getLogger(__name__)

KEPT: Final = "rules.kept.json"
"""Below the agent's state."""
KEPT_BYTES_MAX: Final = 8 * LETTERS_MAX
"""A letter takes at most so many bytes in JSON, and little is beside them."""
_VERSION: Final = 1

_Stamp = tuple[float, int]
_Texts = list[tuple[str, str]]
"""Paths, and what stood there."""


class RuleFiles:
    """`begin` comes first, and `keep` only when the state's folder is this agent's own."""

    def __init__(self, paths: Iterable[Path], http_hosts: frozenset[str], state_dir: Path) -> None:
        self._paths = tuple(paths)
        self._http_hosts = http_hosts
        self._kept_at = state_dir / KEPT
        self._stamps: list[_Stamp | None] = []
        self._good: _Texts | None = None
        """Of the last reading that was good; None before one."""
        self._kept: _Texts | None = None
        """What is known to be on disk."""
        self.problems: list[str] = []
        """What is wrong with the files as they are now; the rules are those of before."""

    def begin(self) -> RuleSet:
        """What the files say; where they cannot be read, what they said when they could be.

        Raises Mistakes where they never could.
        """
        try:
            return self.read()
        except Mistakes as wrong:
            before = self._rule_set_of_before()
            if before is None:
                raise
            self.complain(wrong, "the home begins with the rules that it had before, and has them until that is mended")
            return before

    def read(self) -> RuleSet:
        """Raises Mistakes."""
        self._stamps = self._stamps_now()
        rule_set = read_rule_set(self._paths, self._http_hosts)
        self._good = [(str(source.path), source.text) for source in rule_set.sources]
        self.problems = []
        return rule_set

    def complain(self, wrong: Mistakes, meanwhile: str) -> None:
        """Log what is wrong, and how it is meanwhile."""
        self.problems = [str(mistake) for mistake in wrong.mistakes]
        for problem in self.problems:
            _log.error("%s", problem)
        _log.error("%s", meanwhile)

    def have_changed(self) -> bool:
        """Since they were read last, well or not."""
        return self._stamps_now() != self._stamps

    def keep(self) -> None:
        """Write down what the last good reading read, where that is news."""
        if not self._good or self._good == self._kept:
            return
        content = json.dumps({"v": _VERSION, "files": self._good}, ensure_ascii=False).encode()
        try:
            if self._kept is None and self._load() == self._good:
                self._kept = self._good
                return
            write_whole(self._kept_at, content)
        except OSError as error:
            _log.error(
                "%s cannot be written: %s; where the rule files are broken at the next start, there are no others",
                self._kept_at,
                error.strerror,
            )
        else:
            self._kept = self._good

    def _rule_set_of_before(self) -> RuleSet | None:
        """None where nothing was kept of these files, or it is nothing that could run now."""
        kept = self._load()
        if kept is None or [path for path, _ in kept] != [str(path) for path in self._paths]:
            return None
        try:
            return rule_set_of([parse_document(Path(path), text) for path, text in kept], self._http_hosts)
        except Mistakes:  # of another version's language, or of a host that is not allowed any more
            return None

    def _load(self) -> _Texts | None:
        try:
            with self._kept_at.open("rb") as file:
                record: Any = json.loads(file.read(KEPT_BYTES_MAX))
            return [(str(path), str(text)) for path, text in record["files"]]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            _log.warning("%s cannot be read, and will be made anew: %s", self._kept_at, error)
            return None

    def _stamps_now(self) -> list[_Stamp | None]:
        return [_stamp(path) for path in self._paths]


def _stamp(file: Path) -> _Stamp | None:
    """When it was written, and how long it is; None where it is not there."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime, status.st_size
