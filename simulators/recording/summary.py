"""What came of a recording that was played: for programs as JSON, for people in lines and rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hubagent.cli.output import value_text
from hubagent.rules.duration import duration_text
from simulators.home import HomePlan
from simulators.recording.format import Header
from simulators.recording.player import Counts
from simulators.recording.replay import LEAD_S, Played, Wishes

VERSION: Final = 1
"""Of the JSON; counted up when something that was there is not any more."""
SHOWN_MAX: Final = 5


def view_of(header: Header, wishes: Wishes, played: Played, took_s: float) -> dict[str, Any]:
    lasted_s = LEAD_S + max(0.0, played.ended - wishes.since) + wishes.after_s
    return {
        "v": VERSION,
        "home": wishes.plan.name,
        "seed": wishes.seed,
        "start": header.start,
        "from_t": wishes.since,
        "ended_t": played.ended,
        "took_s": round(took_s, 3),
        "times_real": round(lasted_s / took_s) if took_s > 0 else None,
        "events_per_s": round(played.counts.played / took_s) if took_s > 0 else None,
        **counts_view(played.counts),
        **played.tally.view(),
        "crashes": played.crashes,
        "cloud_messages": played.cloud_messages,
        "trace": played.trace,
        "remarks": list(played.remarks),
        "truth": played.truth,
        "hub": played.believed,
    }


def counts_view(counts: Counts) -> dict[str, Any]:
    return {
        "played": counts.played,
        "left_out": counts.left_out,
        "impossible": counts.impossible,
        "problems": list(counts.problems),
    }


def headline(view: Mapping[str, Any]) -> str:
    lasted = duration_text(round(max(0.0, view["ended_t"] - view["from_t"])))
    return (
        f"{view['home']}: {view['played']:,} events of {lasted} in {view['took_s']:.1f} s, "
        f"{view['times_real']:,} times as fast as they were"
    )


def lines_of(view: Mapping[str, Any]) -> list[str]:
    lines = _unplayed(view)
    if view["commands"]:
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in view["commands"].items())
        lines.append(f"commands of rules: {outcomes}")
    if view["notified"]:
        latest = "; ".join(f"{said['text']!r} to {said['to']}" for said in view["notifications"][-SHOWN_MAX:])
        lines.append(f"{view['notified']} notifications, the latest: {latest}")
    lines.append(f"{view['reports']:,} reports of devices, {view['cloud_messages']:,} messages in the cloud")
    if view["crashes"]:
        lines.append(f"the hub ended by itself {view['crashes']} times")
    lines.append(f"the same again: --seed {view['seed']}; its hash is {view['trace']}")
    return lines


def counts_lines(counts: Counts) -> list[str]:
    """Of a home that ran before, and goes on."""
    return [f"{counts.played:,} events played", *_unplayed(counts_view(counts))]


def _unplayed(view: Mapping[str, Any]) -> list[str]:
    lines = []
    if view["left_out"]:
        lines.append(f"{view['left_out']:,} left out: the hub did them once; --as-recorded plays them, too")
    if view["impossible"]:
        lines.append(f"{view['impossible']:,} were impossible:")
        lines += [f"  {problem}" for problem in view["problems"][:SHOWN_MAX]]
    return lines


def rule_rows(header: Header, plan: HomePlan, played: Played) -> list[tuple[str, str, str, str]]:
    zone = ZoneInfo("UTC" if plan.place is None else plan.place.timezone)

    def moment(t: float) -> str:
        return datetime.fromtimestamp(header.start + t, zone).strftime("%Y-%m-%d %H:%M:%S")

    return [
        (rule, str(runs.count), moment(runs.first_t), moment(runs.last_t))
        for rule, runs in sorted(played.tally.rules.items())
    ]


def device_rows(played: Played) -> list[tuple[str, str, str]]:
    return [(name, _text(state), _text(played.believed.get(name, {}))) for name, state in played.truth.items()]


def _text(state: Mapping[str, Any]) -> str:
    shown = {name: value for name, value in state.items() if not name.startswith("parameter_")}
    return " ".join(f"{name}={value_text(value)}" for name, value in shown.items())
