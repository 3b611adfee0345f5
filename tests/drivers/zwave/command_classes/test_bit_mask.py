import pytest

from drivers.zwave.command_classes.bit_mask import fit, read_mask, write_mask


def test_the_low_bit_of_the_first_byte_is_the_first_number() -> None:
    assert read_mask(b"\x01\x80") == {0, 15}
    assert read_mask(b"\x01\x80", first=1) == {1, 16}


def test_a_mask_is_as_short_as_it_can_be() -> None:
    assert write_mask({1, 10}) == b"\x02\x04"
    assert write_mask(()) == b""


def test_a_mask_of_a_fixed_length_is_filled_with_zeros() -> None:
    assert write_mask({0}, length=2) == b"\x01\x00"


@pytest.mark.parametrize("number", [0, 9])
def test_a_number_without_a_bit_in_the_mask_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        write_mask({number}, first=1, length=1)


@pytest.mark.parametrize("value", [-1, 16])
def test_a_value_too_large_for_its_bits_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="4 bits"):
        fit(value, 4)
