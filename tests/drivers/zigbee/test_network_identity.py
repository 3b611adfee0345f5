"""Which network it is, what is wished of it, and how two differ: never with a key in the words."""

import random

import pytest
from pydantic import SecretStr, ValidationError

from drivers.zigbee.aes_mmo import AesMmo, aes_mmo, encrypt
from drivers.zigbee.kind import KIND, NetworkSettings, ZigbeeSettings
from drivers.zigbee.network_identity import CHANNELS, Network, NetworkWishes, differences

KEY, OTHER_KEY = bytes(range(16)), bytes(range(16, 32))
NETWORK = Network(15, 0x1A62, 0x00124B0001020304, KEY, OTHER_KEY, 2, 3)


def test_a_network_is_read_as_it_was_kept() -> None:
    assert Network.from_records(NETWORK.to_record(), NETWORK.to_secret_record()) == NETWORK
    assert KEY.hex() not in str(NETWORK.to_record())


def test_a_network_keeps_its_name_on_another_channel_and_not_with_another_key() -> None:
    moved = Network(20, 0x1111, NETWORK.extended_pan_id, KEY, OTHER_KEY)
    assert NETWORK.is_same_as(moved)
    assert not NETWORK.is_same_as(Network(15, 0x1A62, NETWORK.extended_pan_id, OTHER_KEY, OTHER_KEY))
    assert not NETWORK.is_same_as(Network(15, 0x1A62, 1, KEY, OTHER_KEY))


def test_what_differs_is_said_without_a_key() -> None:
    other = Network(20, 0x2222, 0x99, OTHER_KEY, KEY)
    told = "; ".join(differences(other, NETWORK))
    assert told == (
        "extended PAN identifier 0000000000000099 instead of 00124b0001020304; PAN identifier 2222 instead of 1a62; "
        "channel 20 instead of 15; another network key"
    )
    for text in (told, repr(other)):
        assert OTHER_KEY.hex() not in text
        assert repr(OTHER_KEY) not in text


def test_wishes_are_met_or_deviated_from_or_contradicted() -> None:
    assert NetworkWishes().contradictions(NETWORK) == []
    assert NetworkWishes(channel=20).contradictions(NETWORK) == []
    assert NetworkWishes(channel=20, pan_id=1).deviations(NETWORK) == [
        "channel 15 instead of 20",
        "PAN identifier 1a62 instead of 0001",
    ]
    assert NetworkWishes(extended_pan_id=5).contradictions(NETWORK)
    assert NetworkWishes(network_key=OTHER_KEY).contradictions(NETWORK) == ["another network key"]


@pytest.mark.parametrize("seed", range(50))
def test_a_new_network_is_drawn_and_may_be(seed: int) -> None:
    network = NetworkWishes().new_network(random.Random(seed).randbytes)
    assert network.channel in CHANNELS
    assert 0 < network.pan_id < 0xFFF0
    assert network.extended_pan_id not in (0, 0xFFFF_FFFF_FFFF_FFFF)
    assert len({network.network_key, network.link_key, bytes(16)}) == 3


def test_entropy_that_gives_what_may_not_be_is_asked_again() -> None:
    drawn = iter([b"\x00\x00", b"\xff\xff", b"\x34\x12", bytes(8), b"\xff" * 8, bytes(range(8))])

    def entropy(size: int) -> bytes:
        value = next(drawn, bytes(range(1, size + 1)))
        assert len(value) == size
        return value

    network = NetworkWishes(channel=11).new_network(entropy)
    assert (network.pan_id, network.extended_pan_id) == (0x1234, int.from_bytes(bytes(range(8)), "little"))


# The keys of hub.toml


def test_the_settings_are_read_in_the_ways_that_people_write_them() -> None:
    wishes = NetworkSettings(
        channel=15,
        pan_id=0x1A62,
        extended_pan_id="0xDDDDDDDDDDDDDDD1",
        network_key=SecretStr("01:03:05:07:09:0b:0d:0f:00:02:04:06:08:0a:0c:0d"),
    ).wishes()
    assert wishes.extended_pan_id == 0xDDDDDDDDDDDDDDD1
    assert wishes.network_key == bytes.fromhex("01030507090b0d0f00020406080a0c0d")


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": 10},
        {"channel": 27},
        {"pan_id": 0},
        {"pan_id": 0xFFFF},
        {"extended_pan_id": "00" * 8},
        {"extended_pan_id": "ff" * 8},
        {"extended_pan_id": "12"},
        {"network_key": "topsecret"},
        {"network_key": "00" * 15},
        {"colour": "red"},
    ],
)
def test_a_wrong_setting_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NetworkSettings(**wrong)  # type: ignore[arg-type]


def test_a_key_is_shown_neither_by_settings_nor_by_their_mistakes() -> None:
    settings = ZigbeeSettings(port="x", network=NetworkSettings(network_key=SecretStr(KEY.hex())))
    assert KEY.hex() not in repr(settings)
    with pytest.raises(ValidationError) as caught:
        NetworkSettings(network_key=SecretStr(KEY.hex()[:-1] + "x"))
    assert all(KEY.hex()[:-1] not in error["msg"] for error in caught.value.errors())


def test_the_kind_is_what_the_agent_looks_for() -> None:
    assert KIND.name == "zigbee"
    assert KIND.settings is ZigbeeSettings
    assert KIND.disturbed_by_usb_3


# AES-MMO


def test_aes_encrypts_as_fips_197_says() -> None:
    """FIPS 197, Appendix C.1."""
    key, block = bytes(range(16)), bytes.fromhex("00112233445566778899aabbccddeeff")
    assert encrypt(key, block).hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        # Zigbee Specification 05-3474-22, C.5.1 to C.5.6.
        (bytes((0xC0,)), "ae3a102a28d43ee0d4a09e22788b206c"),
        (bytes(range(0xC0, 0xD0)), "a7977e88bc0b61e8210827109a228f2d"),
        (bytes(at & 0xFF for at in range(8191)), "24ec2fe75bbffcb34789bc0610e7f165"),
        (bytes(at & 0xFF for at in range(8192)), "dc6b0687f09f8607131c170b3bd31591"),
        (bytes(at & 0xFF for at in range(8201)), "72c9b15e178aa843e4a16c58e33643a3"),
        (bytes(at & 0xFF for at in range(8202)), "bc9828d59b2aa323daf20be5f2e66511"),
    ],
)
def test_the_hash_is_that_of_the_specification(message: bytes, digest: str) -> None:
    assert aes_mmo(message).hex() == digest


def test_the_hash_of_pieces_is_that_of_the_whole_and_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = AesMmo()
    for piece in (b"", bytes(7), bytes(40), b"x"):
        hashed.update(piece)
    assert hashed.digest() == aes_mmo(bytes(47) + b"x")
    monkeypatch.setattr("drivers.zigbee.aes_mmo.MESSAGE_MAX", 100)
    with pytest.raises(ValueError, match="up to 100 bytes"):
        aes_mmo(bytes(101))
