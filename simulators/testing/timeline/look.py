"""How the picture looks: measures in pixels, colours, and what its signs mean."""

from typing import Final

LEFT: Final = 236.0
"""Where names end."""
RIGHT: Final = 28.0
TOP: Final = 104.0
ROW: Final = 22.0
BAND: Final = 14.0
GROUP: Final = 24.0
BOTTOM: Final = 84.0
LETTER: Final = 6.2
"""Roughly how wide one is in a band."""
NARROWEST: Final = 1.5

STYLE: Final = """
text { font: 12px -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #263238 }
.title { font-size: 17px; font-weight: 600 }
.sub { fill: #546e7a }
.tick { font-size: 10.5px; fill: #546e7a }
.gap { font-size: 10px; fill: #90a4ae }
.group { font-size: 11px; font-weight: 700; fill: #455a64; letter-spacing: .05em }
.in { font-size: 10.5px; fill: #fff }
.dark { fill: #263238 }
.number { font-size: 9.5px; fill: #546e7a }
.paper { fill: #fff }
.stripe { fill: #f5f7f8 }
.line { stroke: #d5dde1 }
.silent { fill: #e9eef0; opacity: .75 }
.light { fill: #f6b73c }
.motion { fill: #4f86f7 }
.opening { fill: #8e6bd8 }
.lock { fill: #2a9d8f }
.alarm { fill: #d62839 }
.word { fill: #7d8f9b }
.off { fill: #37474f }
.fault { fill: #e4572e }
.waited { fill: #f3c2c2 }
.room0 { fill: #5c7cfa }
.room1 { fill: #2b9a66 }
.room2 { fill: #c06c2c }
.room3 { fill: #9b5de5 }
.room4 { fill: #b5446e }
.room5 { fill: #0f7c90 }
.outside { fill: #c3ced4 }
.shade { fill: #e4572e; opacity: .08 }
.edge { stroke: #e4572e; opacity: .4; stroke-dasharray: 3 3 }
.thin { stroke-width: 2.5 }
.hub { stroke: #c2185b }
.cloud { stroke: #00838f }
.unknown { stroke-dasharray: 2 2 }
.curve { fill: none; stroke: #455a64; stroke-width: 1.4 }
.under { fill: #f6b73c; opacity: .35 }
.expected { fill: #2e7d32 }
.failed { fill: #c62828 }
.deed { fill: #263238 }
.command { fill: #1565c0 }
.press { fill: #6a1b9a }
.fired { fill: #1565c0 }
.rule { fill: #90a4ae }
.notice { fill: #ef6c00 }
.cross { stroke: #c62828; stroke-width: 1.5 }
.shout { fill: #c62828; font-weight: 600; font-size: 11px }
"""
DARK_TEXT: Final = frozenset(("light", "outside", "waited"))
"""Bands whose text is dark, for their colour is light."""

LEGEND_DOTS: Final = (
    ("expected", "as expected"),
    ("failed", "not as expected"),
    ("deed", "somebody's doing"),
    ("press", "a button was heard"),
    ("fired", "a rule ran"),
    ("rule", "what it did, or why not"),
    ("command", "a command left"),
    ("notice", "a message to somebody"),
)
LEGEND_LINES: Final = (
    ("hub", "the hub believed otherwise"),
    ("cloud", "the cloud believed otherwise"),
    ("hub unknown", "it did not know"),
)

# By style, around the middle (0, 0).
SIGNS: Final = {
    "expected": "M-4.5,0 L-1.5,3.5 L5,-4 L3.4,-5 L-1.6,1 L-3.2,-1.4 Z",
    "failed": "M-4,-5 L0,-1 L4,-5 L5,-4 L1,0 L5,4 L4,5 L0,1 L-4,5 L-5,4 L-1,0 L-5,-4 Z",
    "deed": "M-4,-4 L4,-4 L0,4 Z",
    "press": "M-4,0 A4,4 0 1 0 4,0 A4,4 0 1 0 -4,0 Z",
    "fired": "M0,-5 L5,0 L0,5 L-5,0 Z",
    "rule": "M0,-3 L3,0 L0,3 L-3,0 Z",
    "command": "M-4,-4 L4,0 L-4,4 L-2,0 Z",
    "notice": "M-5,-4 L5,-4 L5,3 L0,3 L-3,6 L-2.4,3 L-5,3 Z",
}
