"""Where the rules keep what is: a cell for each attribute and variable, and the mode; compiled conditions read them."""

from hubagent.model.capability import Value


class Cell:
    """One value that changes. Only the executor writes it."""

    __slots__ = ("as_of", "changed_at", "fresh", "name", "value")

    def __init__(self, name: str, value: Value = None) -> None:
        self.name = name
        """As people say it: `hall.light.on`."""
        self.value = value
        """None while nobody knows."""
        self.as_of: float | None = None
        """Unix seconds of the last report."""
        self.changed_at: float | None = None
        """Unix seconds of the report that made it what it is."""
        self.fresh = False
        """Reported since the start and since the device was last silent: what comes next may be an edge."""

    def __repr__(self) -> str:
        return f"Cell({self.name} = {self.value!r})"
