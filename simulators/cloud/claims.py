"""Claim codes: what a person types at a hub to make it theirs. Each lets one hub in, once, and not for ever.

Codes are kept as hashes. Somebody who guesses meets a limit on wrong codes, for each address and for all together.
"""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

CODE_LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that people confuse; 30 of them."""
CODE_LENGTH: Final = 16
"""78 bits; shown in fours."""
CODE_LIFE_S: Final = 24 * 3600.0
CODES_MAX: Final = 10_000
WRONG_MAX: Final = 5
"""Wrong codes in a minute from one address, and ten times as many from all."""
WRONG_OF_ALL_MAX: Final = 10 * WRONG_MAX
MINUTE_S: Final = 60.0
ADDRESSES_MAX: Final = 1024


class TooManyTries(Exception):
    """Whoever this is may try again in `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"too many wrong codes; again in {wait_s:.0f} s")
        self.wait_s = wait_s


@dataclass(slots=True)
class Claim:
    """A code's record."""

    hub: str
    """Whose id it gives."""
    until: float
    key: str = ""
    """The fingerprint of the key that used it; the same key may ask again, because an answer can be lost."""


class Claims:
    """All codes that are known. `entropy` gives random bytes."""

    def __init__(self, clock: Callable[[], float], entropy: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._entropy = entropy
        self._claims: dict[str, Claim] = {}
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()
        self._wrong_of_all: list[float] = []

    def new(self, hub: str, life_s: float = CODE_LIFE_S) -> str:
        """A code that gives one hub the id `hub`. It is shown here and never again."""
        self._forget_old()
        drawn = [self._letter() for _ in range(CODE_LENGTH)]
        code = "-".join("".join(drawn[at : at + 4]) for at in range(0, CODE_LENGTH, 4))
        self._claims[_hash(code)] = Claim(hub, self._clock() + life_s)
        while len(self._claims) > CODES_MAX:
            del self._claims[next(iter(self._claims))]
        return code

    def redeem(self, code: str, key: str, address: str) -> str | None:
        """The hub's id for this code; None for a wrong, old or used one. Raises TooManyTries."""
        self._refuse_guessing(address)
        wanted, found = _hash(code), None
        # All are compared, each in the same time: how long it takes tells nothing of what is there.
        for kept, claim in self._claims.items():
            if hmac.compare_digest(kept, wanted):
                found = claim
        if found is None or found.until < self._clock() or found.key not in ("", key):
            self._count_wrong(address)
            return None
        found.key = key
        return found.hub

    def kept(self) -> dict[str, dict[str, Any]]:
        """As JSON has it."""
        return {code: asdict(claim) for code, claim in self._claims.items()}

    def restore(self, kept: dict[str, dict[str, Any]]) -> None:
        """Raises TypeError."""
        self._claims = {code: Claim(**claim) for code, claim in kept.items()}

    def _letter(self) -> str:
        # Bytes from 240 on would make some letters likelier than others.
        while True:
            byte = self._entropy(1)[0]
            if byte < 256 - 256 % len(CODE_LETTERS):
                return CODE_LETTERS[byte % len(CODE_LETTERS)]

    def _forget_old(self) -> None:
        now = self._clock()
        self._claims = {code: claim for code, claim in self._claims.items() if claim.until >= now}

    def _refuse_guessing(self, address: str) -> None:
        for times, most in ((self._wrong.get(address, []), WRONG_MAX), (self._wrong_of_all, WRONG_OF_ALL_MAX)):
            times[:] = [at for at in times if at > self._clock() - MINUTE_S]
            if len(times) >= most:
                raise TooManyTries(times[0] + MINUTE_S - self._clock())

    def _count_wrong(self, address: str) -> None:
        self._wrong.setdefault(address, []).append(self._clock())
        self._wrong.move_to_end(address)
        self._wrong_of_all.append(self._clock())
        while len(self._wrong) > ADDRESSES_MAX:
            self._wrong.popitem(last=False)


def _hash(code: str) -> str:
    """However it was typed."""
    return hashlib.sha256("".join(code.upper().split()).replace("-", "").encode()).hexdigest()
