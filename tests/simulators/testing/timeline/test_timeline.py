"""The picture of a real run: it is well-formed, shows what was so, and lets nothing in that is no text."""

import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from simulators.testing.artifacts import Kept, file_name, keep_timeline
from simulators.testing.failure import Unexpected
from simulators.testing.home import Home
from simulators.testing.home_run import HomeRun
from simulators.testing.record import Kind, Record
from simulators.testing.settings import home_settings
from simulators.testing.timeline import png
from simulators.testing.timeline.timeline import Timeline
from tests.simulators.testing.a_home import in_a_home

SVG = "{http://www.w3.org/2000/svg}"
EVIL = """<script>alert("1")</script>&'"""


def timeline_of(run: HomeRun) -> Timeline:
    return Timeline(run.there.recorder.record, run.site.setting.start, run.settings.zone)


async def an_evening(home: Home) -> None:
    await home.at("18:30")
    home.resident("sam").enters("studio")
    await home.expect("studio.light.on", within="500ms")
    with home.zwave.loss(0.2):
        await home.after("10m")
    await home.reboot("30s")
    home.resident("sam").leaves()
    await home.after("1m")
    with pytest.raises(Unexpected):
        await home.expect("studio.light.on", within="2s")


def test_the_picture_shows_people_faults_things_rules_and_where_it_went_wrong() -> None:
    svg = timeline_of(in_a_home(an_evening)).svg("t", "studio", passed=False)
    picture = ET.fromstring(svg)
    texts = [element.text for element in picture.iter(f"{SVG}text")]
    names = {element.get("data-name") for element in picture.iter(f"{SVG}g")}
    assert {
        "studio studio.light.on",
        "people sam",
        "hub and cloud hub",
        "faults faults",
        "rules dark when nobody is",
    } <= names
    assert "expected: studio.light.on within 2s" in texts
    assert [text for text in texts if text and text.startswith("failed · studio · Wed 2026-01-14 18:30:00 to 18:4")]
    assert "10m" in texts
    tips = [element.text or "" for element in picture.iter(f"{SVG}title")]
    assert any(tip.startswith("studio.light.on = true\n18:30:00.030 to ") for tip in tips)
    assert any("the hub believes studio.light.on = false" in tip for tip in tips)
    assert len(svg) < 100_000


def test_the_same_seed_is_the_same_picture() -> None:
    def picture() -> str:
        return timeline_of(in_a_home(an_evening, seed=4)).page("t", "", "", passed=True)

    assert picture() == picture()


def test_a_text_with_letters_that_xml_does_not_know_costs_no_picture(tmp_path: Path) -> None:
    odd = "bell \a, nothing \0, half a letter \ud800, no letter \uffff"

    async def says_odd_things(home: Home) -> None:
        await home.at("18:30")
        # As what is done to the hub is written down; no rule file could have such a name.
        home._context.did("hub", f"the webhook {odd} is called")

    kept = Kept(f"tests/test_it.py::test_it[{odd}]", odd, passed=True)
    paths, trouble = keep_timeline(in_a_home(says_odd_things), kept, tmp_path, with_png=False)
    assert trouble == ""
    picture = ET.fromstring(paths[0].read_bytes())
    tips = [element.text or "" for element in picture.iter(f"{SVG}title")]
    seen = "bell \\x07, nothing \\x00, half a letter \\ud800, no letter \\uffff"
    assert any(f"the webhook {seen} is called" in tip for tip in tips)
    assert f"the webhook {seen} is called" in paths[1].read_text("utf-8")


def test_names_and_texts_are_never_taken_for_anything_else() -> None:
    record = Record(began=0.0, ended=1.0)
    record.happened(0.5, Kind.FAILED, "test", EVIL)
    record.happened(0.5, Kind.RULE, EVIL, EVIL)
    timeline = Timeline(record, 0.0, ZoneInfo("UTC"))
    assert ET.fromstring(timeline.svg(EVIL, EVIL, passed=False)) is not None
    page = timeline.page(EVIL, EVIL, EVIL, passed=False)
    scripts: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "script":
                scripts.append(tag)
            assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs), attrs

    Reader().feed(page)
    assert scripts == ["script"]
    assert "$" not in page.replace("${picture", "")


def test_what_is_kept_of_a_test_has_its_name_and_seed(tmp_path: Path) -> None:
    run = in_a_home(an_evening)
    kept = Kept("tests/test_hall.py::test_light[a-b]", "pytest again", passed=True)
    paths, trouble = keep_timeline(run, kept, tmp_path / "new" / "folder", with_png=False)
    assert [path.name for path in paths] == [
        "tests-test_hall.py-test_light-a-b-seed1.svg",
        "tests-test_hall.py-test_light-a-b-seed1.html",
    ]
    assert trouble == ""
    assert "pytest again" in paths[1].read_text()
    assert run.there.recorder.record.ended > 0


def test_of_a_home_that_never_began_nothing_is_kept(tmp_path: Path) -> None:
    run = HomeRun(home_settings("studio", {}, 1, ()))
    assert keep_timeline(run, Kept("t", "", passed=False), tmp_path / "x", with_png=False) == ([], "")
    assert run.end(failed=False) == []
    assert not (tmp_path / "x").exists()


def test_names_that_are_too_long_are_cut_and_stay_different() -> None:
    one, other = (file_name(f"t.py::test_{'x' * 300}{end}", 1) for end in "ab")
    assert one != other
    assert len(one) <= 120


def test_a_png_needs_its_extra_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(png.NoPng, match=r"pip install 'hubagent\[png\]'"):
        png.png("<svg/>")
    run = in_a_home(an_evening)
    paths, trouble = keep_timeline(run, Kept("t", "", passed=True), tmp_path, with_png=True)
    assert [path.suffix for path in paths] == [".svg", ".html"]
    assert "hubagent[png]" in trouble


def test_a_png_is_what_the_converter_makes_of_the_picture() -> None:
    made = png.png('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><text>x</text></svg>')
    assert made.startswith(b"\x89PNG")
    assert (int.from_bytes(made[16:20], "big"), int.from_bytes(made[20:24], "big")) == (40, 20)


def test_a_text_that_is_longer_than_the_picture_is_wide_is_cut_off_where_that_is_seen() -> None:
    record = Record(began=0.0, ended=10.0)
    record.happened(9.0, Kind.FAILED, "test", "expected: " + "hall.light.on or " * 40)
    drawn = ET.fromstring(Timeline(record, 0.0, ZoneInfo("UTC")).svg("test_x[" + "y" * 300 + "]", "x", passed=False))
    for style in ("shout", "title"):
        (text,) = (it for it in drawn.iter(f"{SVG}text") if it.get("class") == style)
        assert text.text is not None
        assert text.text.endswith("…")
        assert len(text.text) * 6 < float(drawn.attrib["width"])
        (tip,) = text
        assert len(tip.text or "") > 300


def test_what_is_on_its_way_when_a_test_ends_is_drawn_as_far_as_it_came() -> None:
    async def happens(home: Home) -> None:
        await home.at("18:30")
        home["study.lamp"].set(level=80)
        await home.after("0.25s")

    run = in_a_home(happens, "demo", rooms=["study"], rules=())
    assert list(run.there.recorder.record.truth["study.lamp"]["level"])[-1] == (run.there.recorder.record.ended, 40)
    assert "study.lamp.level: 0 % at first, 40 % at last" in timeline_of(run).svg("t", "demo", passed=True)
