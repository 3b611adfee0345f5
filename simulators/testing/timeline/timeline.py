"""From a run to its picture: which stretch of time, how moments are named, what the heading says."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from simulators.testing.moments import clock_text
from simulators.testing.record import Record
from simulators.testing.timeline.marks import Dot
from simulators.testing.timeline.page import page
from simulators.testing.timeline.rows import Rows
from simulators.testing.timeline.scale import scale_for
from simulators.testing.timeline.svg import Content, Heading, svg


class Timeline:
    """`start` is the Unix time of the loop's 0."""

    def __init__(self, record: Record, start: float, zone: ZoneInfo) -> None:
        self._record = record
        self._start = start
        self._zone = zone

    def svg(self, title: str, about: str, *, passed: bool) -> str:
        record = self._record
        rows = Rows(record, self._clock)
        scale = scale_for(record.began, record.ended, self._moments(), lambda at: self._start + at)
        begin, end = self._local(record.began), self._local(record.ended)
        until = f"{end:%H:%M:%S}" if begin.date() == end.date() else f"{end:%a %H:%M:%S}"
        sub = f"{about} · {begin:%a %Y-%m-%d %H:%M:%S} to {until}"
        crosses = [Dot(it.at, "failed", f"{self._clock(it.at)}  {it.text}") for it in rows.failures()]
        heading = Heading(title, sub, passed)
        return svg(Content(heading, scale, self._at_the_axis, rows.all(), rows.shades(), crosses))

    def page(self, title: str, about: str, reproduce: str, *, passed: bool) -> str:
        happenings = list(self._record.happenings)
        clock = [self._clock(it.at) for it in happenings]
        return page(title, reproduce, self.svg(title, about, passed=passed), happenings, clock)

    def _moments(self) -> Iterator[float]:
        yield from (it.at for it in self._record.happenings)
        for span in self._record.spans:
            yield from (it for it in (span.begin, span.end) if it is not None)

    def _local(self, at: float) -> datetime:
        return datetime.fromtimestamp(self._start + at, self._zone)

    def _clock(self, at: float) -> str:
        return clock_text(self._start + at, self._zone, self._start + self._record.began)

    def _at_the_axis(self, at: float) -> str:
        text = self._local(round(at, 3)).strftime("%H:%M:%S.%f")[:-3]
        return text.removesuffix(".000").removesuffix(":00") if text.endswith(".000") else text
