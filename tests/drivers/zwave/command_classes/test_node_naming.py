import pytest

from drivers.zwave.command_classes.command import MalformedCommand
from drivers.zwave.command_classes.node_naming import NodeNamingNodeNameReport, NodeText, Presentation


@pytest.mark.parametrize("text", ["Hall lamp", "Küche", "灯"])
def test_a_text_that_fits_is_read_as_it_was_written(text: str) -> None:
    assert NodeText.of(text).text == text


def test_a_text_that_is_not_ascii_has_room_for_eight_characters() -> None:
    assert NodeText.of("Küchenlampe").text == "Küchenla"


def test_a_character_of_two_halves_is_not_cut_in_two() -> None:
    assert NodeText.of("sieben💡!").text == "sieben💡"
    assert NodeText.of("sieben_💡").text == "sieben_"


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert NodeText(Presentation.ASCII, b"a\xff").text == "a\ufffd"
    assert NodeText(7, b"a").text == "a"


def test_a_text_of_17_bytes_is_malformed() -> None:
    with pytest.raises(MalformedCommand, match="17 bytes"):
        NodeNamingNodeNameReport.from_bytes(b"\x77\x03\x00" + b"x" * 17)
