"""The forms in which a secret may stand in a text: as octets, hexadecimal, base64, decimal; whole or half, either way
round, in either case, with whatever between the digits."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

SEPARATORS: Final = str.maketrans("", "", " :-_,.;[]()'\"\n\t")
"""What may stand between two digits."""


class Forms:
    """Of several secrets. `found_in` is quick where there is none."""

    def __init__(self) -> None:
        self._digits: dict[str, str] = {}
        """To be found where only digits are left: the name of the secret by each form."""
        self._texts: dict[str, str] = {}

    def add(self, name: str, secret: bytes) -> None:
        for one in (secret, secret[::-1]):
            half = len(one) // 2
            for part in (one, one[:half], one[half:]) if half >= 8 else (one,):
                self._digits[part.hex()] = name
            self._digits["".join(map(str, one))] = name
            self._texts |= dict.fromkeys(_texts(one), name)
        self._digits[secret.hex()[::-1]] = name

    def found_in(self, text: str) -> Iterator[str]:
        """The names of those that stand in it, each once."""
        text = text.lower()
        digits = text.replace("0x", "").translate(SEPARATORS)
        return iter(dict.fromkeys([*_named(self._digits, digits), *_named(self._texts, text)]))


def _named(forms: Mapping[str, str], text: str) -> Iterable[str]:
    return [name for form, name in forms.items() if form in text]


def _texts(secret: bytes) -> Iterator[str]:
    yield repr(secret)[2:-1].lower()
    yield str(secret, "latin-1").lower()
    for skipped in range(3):
        # Inside a longer text its octets may begin anywhere among the three that make four letters.
        inside = base64.b64encode(bytes(skipped) + secret).decode().rstrip("=").lower()
        core = inside[(0, 2, 3)[skipped] : -1]
        yield core
        yield core.replace("+", "-").replace("/", "_")
