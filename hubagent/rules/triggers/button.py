"""`{ button = "sofa.remote", number = 1, press = "double" }`, `"sofa.remote button 1 double"`."""

from dataclasses import dataclass, field

from hubagent.model.capabilities.switch import Press
from hubagent.toml_lines import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class ButtonTrigger:
    device: str
    number: int = 1
    press: Press = Press.SINGLE
    id: str | None = None
    place: Spot = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
