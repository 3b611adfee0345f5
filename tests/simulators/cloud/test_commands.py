"""Commands: once at most, and the truth about each."""

from dataclasses import replace

import pytest

from hubagent.uplink.message.down import Command, Job
from hubagent.uplink.message.fields import MalformedMessage
from hubagent.uplink.message.up import Hello, Refused
from simulators.cloud.bounds import Bounds
from simulators.cloud.commands import TooManyCommands, Wish
from simulators.cloud.consumer import RETRY_S, UnknownHub
from tests.simulators.cloud.a_cloud import HUB, LAMP, OTHER, ACloud, hello, lamp, reported, result

DEVICE = "zwave-2"


def order(cloud: ACloud, expires_in_s: float = 30.0) -> Wish:
    wish = cloud.consumer.command(HUB, DEVICE, {"on": True}, now=cloud.now, expires_in_s=expires_in_s)
    cloud.run(0.0)
    return wish


def state(cloud: ACloud, wish: Wish) -> str:
    found = cloud.consumer.commands.find(wish.id)
    assert found is not None
    return found.state


def commands(cloud: ACloud) -> list[Command]:
    return [it for it in cloud.said() if isinstance(it, Command)]


def test_two_commands_have_two_identifiers() -> None:
    cloud = ACloud()
    cloud.welcome()
    assert order(cloud).id != order(cloud).id


def test_a_command_that_waits_too_long_expires_and_is_never_sent() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.lose(HUB)
    wish = order(cloud, 5.0)
    cloud.run(5.1)
    assert state(cloud, wish) == "expired"
    cloud.hear(hello())
    cloud.run()
    assert commands(cloud) == []


def test_a_clock_that_steps_back_does_not_make_a_command_expire() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.lose(HUB)
    wish = order(cloud, 5.0)
    cloud.wall_offset -= 3600
    cloud.run(6.0)
    assert state(cloud, wish) == "queued"
    cloud.wall_offset += 3600
    cloud.run(3600.0)
    assert state(cloud, wish) == "expired"


def test_after_a_new_connection_of_the_same_start_a_command_without_a_result_is_sent_again() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = order(cloud)
    (first,) = commands(cloud)
    cloud.hear(hello())
    cloud.run()
    assert commands(cloud) == [first]
    cloud.hear(result(1, wish.id))
    cloud.hear(hello())
    cloud.run()
    assert commands(cloud) == []


def test_a_command_is_not_sent_again_while_the_connection_lasts() -> None:
    cloud = ACloud()
    cloud.welcome()
    order(cloud)
    assert len(commands(cloud)) == 1
    cloud.run(29.0)
    assert commands(cloud) == []


@pytest.mark.parametrize("anew", [hello(boot=2, epoch=2), hello(incarnation=b"incarn-2")])
def test_a_command_that_was_under_way_when_the_hub_restarted_is_unknown_and_never_sent_again(anew: Hello) -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = order(cloud)
    cloud.said()
    cloud.hear(anew)
    cloud.run()
    assert commands(cloud) == []
    assert state(cloud, wish) == "unknown"


def test_the_result_of_an_earlier_start_says_in_the_end_what_became_of_the_command() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = order(cloud)
    cloud.hear(hello(boot=2, epoch=2, oldest={}))
    cloud.run()
    cloud.hear(result(1, wish.id, epoch=2))
    cloud.run()
    assert state(cloud, wish) == "done"


def test_a_command_without_any_word_is_unknown_in_the_end() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = order(cloud, 5.0)
    cloud.run(64.0)
    assert state(cloud, wish) == "sent"
    cloud.run(2.0)
    assert state(cloud, wish) == "unknown"


def test_a_refused_command_says_why() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = order(cloud)
    cloud.hear(Refused(HUB, wish.id, "busy", "1024 commands are remembered"))
    cloud.run()
    found = cloud.consumer.commands.find(wish.id)
    assert found is not None
    assert (found.state, found.outcome, found.detail) == ("refused", "busy", "1024 commands are remembered")


def test_a_command_that_came_twice_is_not_called_refused_while_it_is_carried_out() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = order(cloud)
    cloud.hear(Refused(HUB, wish.id, "replayed", "it is being carried out"))
    cloud.run()
    assert state(cloud, wish) == "sent"


def test_a_command_that_came_to_a_later_start_is_unknown_since_an_earlier_one_may_have_done_it() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = order(cloud)
    cloud.hear(Refused(HUB, wish.id, "wrong-boot", "it is for start 1 of the agent, this is 2"))
    cloud.run()
    assert state(cloud, wish) == "unknown"


def test_a_refusal_changes_no_result() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = order(cloud)
    cloud.hear(result(1, wish.id))
    cloud.hear(Refused(HUB, wish.id, "replayed", "it was answered"))
    cloud.run()
    assert state(cloud, wish) == "done"


def test_no_hub_can_answer_for_another() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.welcome(hello(hub=OTHER))
    wish = order(cloud)
    cloud.hear(Refused(OTHER, wish.id, "busy", "so they say"))
    cloud.hear(replace(result(1, wish.id), hub=OTHER))
    cloud.run()
    assert state(cloud, wish) == "sent"
    assert cloud.consumer.hub(OTHER).counts["results of no command"] == 1


def test_a_connection_that_has_no_room_gets_its_commands_a_little_later_in_their_order() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.reachable = False
    first = order(cloud)
    cloud.reachable = True
    second = order(cloud)
    assert commands(cloud) == []
    cloud.run(RETRY_S + 0.01)
    assert [it.id for it in commands(cloud)] == [first.id, second.id]


def test_a_hub_has_a_bounded_number_of_open_commands() -> None:
    cloud = ACloud(bounds=Bounds(commands_open_max=3))
    cloud.welcome()
    first = order(cloud)
    order(cloud)
    order(cloud)
    with pytest.raises(TooManyCommands, match="3 commands of hub-0000001 are open"):
        order(cloud)
    cloud.hear(result(1, first.id))
    order(cloud)


def test_ended_commands_are_kept_in_a_bounded_number() -> None:
    cloud = ACloud(bounds=Bounds(commands_kept_max=10))
    cloud.welcome()
    made = []
    for number in range(1, 30):
        made.append(order(cloud))
        cloud.hear(result(number, made[-1].id))
    assert [it.id for it in cloud.consumer.commands.latest(HUB, 100)] == [it.id for it in reversed(made[-10:])]


def test_deadlines_of_commands_that_have_ended_do_not_pile_up() -> None:
    cloud = ACloud()
    cloud.welcome()
    for number in range(1, 3000):
        cloud.hear(result(number, order(cloud, 86_400.0).id))
        cloud.run()
    assert len(cloud.consumer.commands._deadlines) < 1100


@pytest.mark.parametrize(
    ("device", "wanted"),
    [
        ("", {"on": True}),
        ("x" * 129, {"on": True}),
        (DEVICE, {}),
        (DEVICE, {str(number): 1 for number in range(17)}),
        (DEVICE, {"on": float("nan")}),
        (DEVICE, {"on": [1]}),
        (DEVICE, {"a\nb": 1}),
    ],
)
def test_a_command_that_no_hub_could_read_is_not_issued(device: str, wanted: dict[str, object]) -> None:
    cloud = ACloud()
    cloud.welcome()
    with pytest.raises(MalformedMessage):
        cloud.consumer.command(HUB, device, wanted, now=cloud.now)  # type: ignore[arg-type]
    cloud.take()
    assert commands(cloud) == []


@pytest.mark.parametrize("expires_in_s", [0.0, -1.0, 86_401.0, float("nan")])
def test_a_command_expires_within_a_day(expires_in_s: float) -> None:
    cloud = ACloud()
    cloud.welcome()
    with pytest.raises(ValueError, match="expires_in"):
        order(cloud, expires_in_s)


def test_a_command_for_a_hub_that_was_never_here_is_an_error() -> None:
    with pytest.raises(UnknownHub):
        order(ACloud())


def test_a_job_goes_out_and_its_result_comes_in() -> None:
    cloud = ACloud()
    cloud.welcome()
    wish = cloud.consumer.job(HUB, "renew", now=cloud.now)
    cloud.run(0.0)
    (job,) = cloud.said()
    assert job == Job(HUB, 1, wish.id, wish.issued, wish.expires, "renew")
    cloud.hear(result(1, wish.id, "done"))
    assert state(cloud, wish) == "done"


def test_the_lamps_own_report_ends_the_time_from_tap_to_lamp() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(reported(1, 0, {DEVICE: LAMP}))
    wish = order(cloud)
    cloud.now += 0.001
    cloud.hear(reported(2, 1, {DEVICE: {**LAMP, "state": "asleep"}}))
    cloud.now += 0.002
    cloud.hear(reported(3, 2, {DEVICE: lamp(on=True)}))
    cloud.now += 0.002
    cloud.hear(reported(4, 3, {DEVICE: lamp(on=True)}))
    found = cloud.consumer.commands.find(wish.id)
    assert found is not None
    assert found.lamp_ms == 3.0
    assert state(cloud, wish) == "sent"
