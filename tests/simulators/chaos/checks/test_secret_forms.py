"""A key is found in whatever form it is written, and nothing else is taken for one."""

import base64
import random

import pytest

from simulators.chaos.checks.secret_forms import Forms

KEY = bytes.fromhex("00c3ff1d2a9bfeedbaddcafe0b1e7799")
SAID = {
    "hexadecimal": KEY.hex(),
    "large letters": KEY.hex().upper(),
    "colons": KEY.hex(":"),
    "spaces": KEY.hex(" "),
    "dashes": KEY.hex("-").upper(),
    "a list of C": ", ".join(f"0x{byte:02X}" for byte in KEY),
    "a list of numbers": str(list(KEY)),
    "numbers with spaces": " ".join(map(str, KEY)),
    "octets as Python shows them": repr(KEY),
    "a bytearray": repr(bytearray(KEY)),
    "raw": str(KEY, "latin-1"),
    "base64": base64.b64encode(KEY).decode(),
    "base64 of the web": base64.urlsafe_b64encode(KEY).decode(),
    "base64 in something longer": base64.b64encode(b"key=" + KEY + b";").decode(),
    "base64 in something else that is longer": base64.b64encode(b"key: " + KEY + b"....").decode(),
    "backwards": KEY[::-1].hex(),
    "backwards as a list": str(list(KEY[::-1])),
    "backwards by letters": KEY.hex()[::-1],
    "half": KEY.hex()[:16],
    "the other half": KEY.hex()[16:],
}


@pytest.fixture
def forms() -> Forms:
    forms = Forms()
    forms.add("the key", KEY)
    return forms


@pytest.mark.parametrize("said", SAID.values(), ids=SAID.keys())
def test_a_key_is_found(forms: Forms, said: str) -> None:
    assert list(forms.found_in(f"network {said} is up")) == ["the key"]


def test_other_keys_are_not(forms: Forms) -> None:
    rng = random.Random(5)
    for _ in range(500):
        other = rng.randbytes(16)
        assert list(forms.found_in(f"{other.hex()} {other!r} {list(other)} {base64.b64encode(other).decode()}")) == []


def test_each_of_several_is_named_once(forms: Forms) -> None:
    forms.add("another", b"Z" * 16)
    assert set(forms.found_in(f"{KEY.hex()} {KEY!r} ZZZZZZZZZZZZZZZZ")) == {"the key", "another"}
