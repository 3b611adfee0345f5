"""What the box and its host say to each other: lines of ASCII at 9,600 baud, each ended by a line feed.

host   ?             how is everything?
       VALVE ON      also OFF
box    VALVE ON      the valve is open now; after each command, and when somebody turns it by hand
       SOIL 31       how wet the soil is, in percent; when that changes
"""

BAUD = 9600
LINE_MAX = 32
"""A line that is longer is noise."""
ASK = b"?\n"


def valve(on: bool) -> bytes:
    return b"VALVE ON\n" if on else b"VALVE OFF\n"


def parse(line: bytes) -> tuple[str, bool | int] | None:
    """`("on", True)` or `("soil_moisture", 31)`; None for noise."""
    match line.strip().split():
        case [b"VALVE", (b"ON" | b"OFF") as state]:
            return "on", state == b"ON"
        case [b"SOIL", percent] if percent.isdigit() and int(percent) <= 100:
            return "soil_moisture", int(percent)
    return None
