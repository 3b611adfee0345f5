"""Every check, in the order in which their problems are told: what was broken first, before what follows from it."""

from typing import Final

from simulators.chaos.checks.bounds import Bounds
from simulators.chaos.checks.check import Check
from simulators.chaos.checks.commands import Commands
from simulators.chaos.checks.leftovers import Leftovers
from simulators.chaos.checks.messages import Messages
from simulators.chaos.checks.picture import Picture
from simulators.chaos.checks.promptness import Promptness
from simulators.chaos.checks.restarts import Restarts
from simulators.chaos.checks.rules import Rules
from simulators.chaos.checks.secrets import Secrets
from simulators.chaos.checks.steps import Steps

CHECKS: Final[tuple[type[Check], ...]] = (
    Restarts,
    Messages,
    Commands,
    Rules,
    Picture,
    Secrets,
    Promptness,
    Bounds,
    Leftovers,
    Steps,
)
