"""Times as people write them: `500ms`, `3s`, `1h30m`, `2d`."""

import re
from typing import Final

UNITS_S: Final = {"d": 86400.0, "h": 3600.0, "m": 60.0, "min": 60.0, "s": 1.0, "ms": 0.001}
DURATION_MAX_S: Final = 366 * 86400.0

_PART: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|min|[dhms])")
_WHOLE: Final = re.compile(rf"(?:{_PART.pattern}\s*)+")


def parse_duration(text: str) -> float:
    """Seconds; with `-` before it, negative ones. Raises ValueError, in words."""
    bare = text.strip()
    sign = -1.0 if bare.startswith("-") else 1.0
    bare = bare.removeprefix("-").removeprefix("+")
    if len(bare) > 40 or _WHOLE.fullmatch(bare) is None:
        hint = f"; say {bare}s, {bare}m or {bare}h" if re.fullmatch(r"\d{1,6}", bare) else ""
        raise ValueError(f'{text[:40]!r} is no duration, as "500ms", "3m" or "1h30m"{hint}')
    seconds = sum(float(number) * UNITS_S[unit] for number, unit in _PART.findall(bare))
    if seconds > DURATION_MAX_S:
        raise ValueError(f"{text!r} is longer than a year")
    return sign * seconds


def duration_text(seconds: float) -> str:
    """As short as it can be said: 90 is `1m30s`."""
    if seconds < 0:
        return f"-{duration_text(-seconds)}"
    milliseconds = round(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms" if milliseconds else "0s"
    text = ""
    for unit in ("d", "h", "m", "s", "ms"):
        count, milliseconds = divmod(milliseconds, round(UNITS_S[unit] * 1000))
        text += f"{count}{unit}" if count else ""
    return text
