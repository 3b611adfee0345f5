"""A check that complains when the home had a certain fault: what a bug looks like to those who look for it."""

from simulators.chaos.checks.check import Check


class HubIsKilled(Check):
    """It takes a hub that was killed for one that is wrong, a while after the last fault."""

    name = "never_killed"

    def begin(self) -> None:
        self.lives = self.site.hub.lives

    def end(self) -> list[str]:
        return self.told([f"there were {self.site.hub.lives} lives"] if self.site.hub.lives > self.lives else [])
