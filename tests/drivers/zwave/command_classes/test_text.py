from drivers.zwave.command_classes.text import read_text


def test_bytes_that_are_not_utf_8_become_question_marks() -> None:
    assert read_text(b"a\xff\xc3") == "a??"


def test_a_text_is_never_longer_than_its_bytes() -> None:
    assert all(len(read_text(bytes((first, 0xFF))).encode()) <= 2 for first in range(256))
