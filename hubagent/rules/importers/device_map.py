"""What people say a device of another hub is called here: `--map ENTITY=DEVICE`, or a file of such lines."""

from collections.abc import Iterable

LINES_MAX = 20_000


class BadMap(ValueError):
    """A line that maps nothing; the text says which."""


def read_map(lines: Iterable[str], where: str) -> dict[str, str]:
    """Of `light.hall = hall.lamp`; what follows # is left out. Raises BadMap."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        bare = line.partition("#")[0].strip()
        if not bare:
            continue
        theirs, sign, ours = (part.strip() for part in bare.partition("="))
        if not sign or not theirs or not ours:
            raise BadMap(f"{where}:{number}: is no mapping, as `light.hall = hall.lamp`: {bare[:80]!r}")
        if theirs in found and found[theirs] != ours:
            raise BadMap(f"{where}:{number}: {theirs} is mapped twice, to {found[theirs]!r} and {ours!r}")
        if number > LINES_MAX or len(ours) > 120 or not ours.isprintable():
            raise BadMap(f"{where}:{number}: is longer than a mapping, or there are more than {LINES_MAX}")
        found[theirs] = ours
    return found
