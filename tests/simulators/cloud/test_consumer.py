from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.down import Arrived, Command, Desired, Welcome
from hubagent.uplink.message.up import Offline
from tests.simulators.cloud.a_cloud import HUB, LAMP, ACloud, batch, hello, lamp, reported, result


def test_a_hub_that_says_hello_is_welcomed_with_what_is_here() -> None:
    cloud = ACloud()
    welcome = cloud.welcome(hello(boot=7))
    assert (welcome.boot, welcome.arrived, welcome.reported, welcome.desired) == (7, (), 0, 0)
    assert welcome.window == cloud.consumer.bounds.window


def test_messages_are_acknowledged_after_the_commit_and_not_before() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1, 2, 3]))
    assert cloud.said() == []
    cloud.run()
    assert cloud.ack().arrived == (Arrived(MessageClass.EVENT, 1, 3),)
    assert cloud.stored() == [("event", 1, 1), ("event", 1, 2), ("event", 1, 3)]


def test_a_hole_is_told_of_and_nothing_after_it_is_stored() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([1]))
    cloud.hear(batch([3]))
    cloud.run()
    ack = cloud.ack()
    assert ack.missing == (Arrived(MessageClass.EVENT, 1, 1),)
    assert cloud.stored() == [("event", 1, 1)]


def test_what_was_dropped_by_the_hub_leaves_no_hole() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(batch([(5, 0), (9, 5)]))
    cloud.run()
    assert cloud.ack().arrived == (Arrived(MessageClass.EVENT, 1, 9),)


def test_the_same_message_again_is_acknowledged_again_and_stored_once() -> None:
    cloud = ACloud()
    cloud.welcome()
    for _ in range(2):
        cloud.hear(batch([1, 2]))
        cloud.run()
        assert cloud.ack().arrived == (Arrived(MessageClass.EVENT, 1, 2),)
    assert cloud.stored() == [("event", 1, 1), ("event", 1, 2)]
    assert cloud.consumer.hub(HUB).counts["duplicates"] == 2


def test_a_command_goes_out_at_once_and_its_result_comes_in() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(reported(1, 0, {"zwave-2": LAMP}))
    cloud.run()
    cloud.said()
    wish = cloud.consumer.command(HUB, "zwave-2", {"on": True}, now=cloud.now)
    cloud.run(0.0)
    (command,) = cloud.said()
    assert isinstance(command, Command)
    assert (command.id, command.boot, command.set) == (wish.id, 1, {"on": True})
    cloud.now += 0.004
    cloud.hear(reported(2, 1, {"zwave-2": lamp(on=True)}))
    cloud.hear(result(1, wish.id))
    cloud.run()
    found = cloud.consumer.commands.find(wish.id)
    assert found is not None
    assert (found.state, found.outcome, found.ms, found.lamp_ms) == ("done", "confirmed", 3.5, 4.0)
    assert cloud.consumer.devices(HUB)[0]["capabilities"] == {"on_off": {"on": True}}


def test_a_command_for_a_hub_that_is_away_goes_out_when_it_comes_with_its_new_start() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(Offline(HUB, 1))
    cloud.consumer.command(HUB, "zwave-2", {"on": True}, now=cloud.now)
    cloud.take()
    assert cloud.said() == []
    cloud.hear(hello(boot=2, epoch=2))
    cloud.run()
    _, command = cloud.said()
    assert isinstance(command, Command)
    assert command.boot == 2


def test_wishes_go_out_when_the_hub_has_not_taken_them_up() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.lose(HUB)
    assert cloud.consumer.desire(HUB, {"zwave-2": {"on": True}}, now=cloud.now) == 1
    cloud.hear(hello())
    cloud.run()
    welcome, wishes = cloud.said()
    assert isinstance(welcome, Welcome)
    assert wishes == Desired(HUB, 1, {"zwave-2": {"on": True}})
    cloud.welcome(hello(desired=1))
    assert cloud.said() == []


def test_a_hub_that_was_never_here_is_asked_to_say_hello() -> None:
    cloud = ACloud()
    cloud.hear(batch([1]))
    assert cloud.ack().boot == 0
    cloud.hear(batch([1]))
    assert cloud.said() == []
