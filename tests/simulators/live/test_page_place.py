import pytest

from simulators.live.page_place import PagePlace, page_place


def test_a_place_is_a_host_and_a_port() -> None:
    assert page_place("127.0.0.1:8090") == PagePlace("127.0.0.1", 8090, insists=True)
    assert page_place("[::1]:0") == PagePlace("::1", 0, insists=True)
    assert page_place("off") is None
    assert page_place("auto") == PagePlace("127.0.0.1", 8090, insists=False)


@pytest.mark.parametrize("text", ["", "8090", ":8090", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1"])
def test_anything_else_is_refused_with_how_it_is_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:8090"):
        page_place(text)


@pytest.mark.parametrize(
    ("place", "only_here"),
    [("127.0.0.1:1", True), ("localhost:1", True), ("[::1]:1", True), ("0.0.0.0:1", False), ("home.example:1", False)],
)
def test_loopback_is_told_from_everywhere(place: str, only_here: bool) -> None:
    found = page_place(place)
    assert found is not None
    assert found.only_here is only_here
