"""What people say of a state, and which attribute has which value then: the one table of such words."""

from typing import Final

from hubagent.model.capability import Value

Meaning = tuple[str, Value]
"""An attribute and its value."""

WORDS: Final[dict[str, tuple[Meaning, ...]]] = {
    "on": (("on", True),),
    "off": (("on", False),),
    "occupied": (("occupied", True),),
    "clear": (("occupied", False), ("smoke", False), ("co", False), ("gas", False), ("alarm", False)),
    "open": (("open", True), ("door_open", True)),
    "closed": (("open", False), ("door_open", False)),
    "locked": (("locked", True),),
    "unlocked": (("locked", False),),
    "jammed": (("jammed", True),),
    "leak": (("leak", True),),
    "wet": (("leak", True),),
    "dry": (("leak", False),),
    "smoke": (("smoke", True),),
    "co": (("co", True),),
    "gas": (("gas", True),),
    "shaken": (("vibration", True),),
    "tampered": (("tamper", True),),
    "heating": (("running", "heating"),),
    "cooling": (("running", "cooling"),),
    "idle": (("running", "idle"),),
}
"""Where a word has several meanings, the first that the device has counts."""
