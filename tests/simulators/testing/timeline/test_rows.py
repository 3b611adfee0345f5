from hubagent.model.capability import Value
from simulators.testing.record import Attributes, Kind, Record, Series, Span
from simulators.testing.timeline.marks import Band, Curve, Dot, Row, Thin
from simulators.testing.timeline.rows import Rows


def series(*points: tuple[float, Value]) -> Series:
    made = Series()
    for at, value in points:
        made.add(at, value)
    return made


def a_record() -> Record:
    truth: dict[str, Attributes] = {
        "hall.light": {"on": series((0.0, False), (2.0, True), (8.0, False)), "level": series((0.0, 0.0), (2.0, 40.0))},
        "hall.door": {"open": series((0.0, False))},
        "hall.air": {"temperature": series((0.0, 20.0), (5.0, 20.1))},
        "hall.heating": {"mode": series((0.0, "heat"), (4.0, "off"))},
    }
    places = dict.fromkeys(truth, "hall")
    return Record(began=0.0, ended=10.0, truth=truth, places=places)


def rows_of(record: Record) -> dict[str, Row]:
    return {row.label: row for row in Rows(record, lambda at: f"{at:.1f}").all()}


def test_what_is_true_is_a_band_with_its_word_and_its_time() -> None:
    row = rows_of(a_record())["hall.light.on"]
    assert row.marks == [Band(2.0, 8.0, "on", "light", "hall.light.on = true\n2.0 to 8.0 (6s)")]
    assert row.group == "hall"


def test_what_did_not_change_and_nobody_asked_for_has_no_row() -> None:
    record = a_record()
    assert "hall.door.open" not in rows_of(record)
    assert "hall.air.temperature" not in rows_of(record)
    record.mentioned |= {("hall.door", "open"), ("hall.air", "temperature")}
    assert {"hall.door.open", "hall.air.temperature"} <= rows_of(record).keys()


def test_words_are_bands_side_by_side_and_numbers_a_curve() -> None:
    rows = rows_of(a_record())
    bands = [mark for mark in rows["hall.heating.mode"].marks if isinstance(mark, Band)]
    assert [(band.begin, band.end, band.text) for band in bands] == [(0.0, 4.0, "heat"), (4.0, 10.0, "off")]
    (curve,) = rows["hall.light.level"].marks
    assert isinstance(curve, Curve)
    assert (curve.points[-1], curve.low, curve.high, curve.moves) == ((10.0, 40.0), 0.0, 100.0, True)


def test_what_hub_and_cloud_believe_is_shown_where_it_is_not_so() -> None:
    record = a_record()
    record.hub["hall.light"] = {"on": series((0.0, False), (2.5, True), (8.0, False))}
    record.cloud["hall.light"] = {"on": series((0.0, None), (3.0, True))}
    thin = [mark for mark in rows_of(record)["hall.light.on"].marks if isinstance(mark, Thin)]
    assert [(it.begin, it.end, it.style) for it in thin] == [
        (2.0, 2.5, "hub"),
        (0.0, 2.0, "cloud unknown"),
        (2.0, 3.0, "cloud unknown"),
        (8.0, 10.0, "cloud"),
    ]
    assert "the hub believes hall.light.on = false" in thin[0].tip


def test_a_hub_that_is_off_believes_nothing_which_its_own_row_says() -> None:
    record = a_record()
    record.hub["hall.door"] = {"open": series((0.0, False), (3.0, None), (6.0, False))}
    record.spans.append(Span(Kind.HUB, "the hub is off", "", 3.0, 6.0))
    rows = rows_of(record)
    assert "hall.door.open" not in rows
    assert rows["hub"].marks == [Band(3.0, 6.0, "off", "off", "the hub is off\n3.0 to 6.0 (3s)")]


def test_faults_at_the_same_time_lie_in_lanes_and_shade_the_whole_picture() -> None:
    record = a_record()
    for begin, end in ((0.0, 5.0), (1.0, None), (5.0, 6.0)):
        record.spans.append(Span(Kind.FAULT, "air.loss", "zwave", begin, end))
    rows = [row for row in Rows(record, str).all() if row.group == "faults"]
    assert [len(row.marks) for row in rows] == [2, 1]
    assert [(shade.begin, shade.end) for shade in Rows(record, str).shades()] == [(0.0, 5.0), (1.0, 10.0), (5.0, 6.0)]


def test_people_who_do_something_have_a_row_of_rooms_and_the_others_none() -> None:
    record = a_record()
    record.residents = {"anna": series((0.0, "outside"), (1.0, "hall")), "ben": series((0.0, "outside"))}
    record.happened(1.0, Kind.HAND, "anna", "anna is in hall")
    rows = rows_of(record)
    assert "ben" not in rows
    assert [mark.text for mark in rows["anna"].marks if isinstance(mark, Band)] == ["outside", "hall"]
    assert [mark.style for mark in rows["anna"].marks if isinstance(mark, Band)] == ["outside", "room0"]


def test_the_test_rules_commands_and_messages_stand_where_they_belong() -> None:
    record = a_record()
    record.happened(1.0, Kind.EXPECTED, "test", "as expected: hall.light.off")
    record.happened(2.0, Kind.COMMAND, "hall.light", "sent to hall.light: on = true")
    record.happened(2.1, Kind.COMMAND, "hall.light", "hall.light answered: confirmed")
    record.happened(2.0, Kind.RULE, "light", "rule 'light' was set off by hall.motion")
    record.happened(2.5, Kind.NOTICE, "light", "owner was told: hello")
    record.happened(3.0, Kind.FAILED, "test", "expected: hall.light.off")
    rows = rows_of(record)
    assert [mark.style for mark in rows["the test"].marks if isinstance(mark, Dot)] == ["expected", "failed"]
    assert [mark.style for mark in rows["hall.light.on"].marks if isinstance(mark, Dot)] == ["command"]
    assert [mark.style for mark in rows["light"].marks if isinstance(mark, Dot)] == ["fired", "notice"]
    assert [it.text for it in Rows(record, str).failures()] == ["expected: hall.light.off"]


def test_what_was_waited_for_in_vain_shows_how_long_it_had() -> None:
    record = a_record()
    record.begin(2.0, Kind.FAILED, "hall.light.off within 3s").end = 5.0
    (band,) = rows_of(record)["the test"].marks
    assert band == Band(
        2.0, 5.0, "expected: hall.light.off within 3s", "waited", "hall.light.off within 3s\n2.0 to 5.0 (3s)"
    )


def test_a_command_to_a_device_of_another_makers_driver_is_shown_once() -> None:
    record = a_record()
    record.hub["garden.valve"] = {
        "on": series((0.0, False), (2.0, True)),
        "soil_moisture": series((0.0, 20), (4.0, 30)),
    }
    record.happened(1.9, Kind.COMMAND, "garden.valve", "sent to garden.valve: on = true")
    rows = [row for row in Rows(record, str).all() if row.group == "as the hub believes"]
    assert [sum(isinstance(mark, Dot) for mark in row.marks) for row in rows] == [1, 0]
