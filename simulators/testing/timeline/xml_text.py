"""Texts as the picture and its page have them: nothing in them is markup, and everything in them can be in XML.

What rules say, what tests type and what a device is called may have any letter in it, and a picture with a single one
that XML does not know is no picture.
"""

import re
from html import escape
from typing import Final

# XML 1.0 (Fifth Edition), production 2, Char: all others are in no document, not even as references.
_NO_CHAR: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """What XML cannot hold is shown as Python would write it: `\\x00`."""
    return escape(_NO_CHAR.sub(lambda found: repr(found[0])[1:-1], text))
