"""How long virtual time took."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Took:
    who: str
    what: str
    virtual_s: float
    took_s: float
    events: int
    """What the home heard meanwhile."""

    @property
    def times_real(self) -> float:
        return self.virtual_s / self.took_s

    @property
    def us_per_event(self) -> float | None:
        return self.took_s / self.events * 1e6 if self.events else None
