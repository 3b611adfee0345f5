"""Who is there: by their own word, by their will, and by what they say."""

from hubagent.uplink.message.down import Command
from hubagent.uplink.message.up import Offline
from tests.simulators.cloud.a_cloud import HUB, ACloud, batch, hello


def online(cloud: ACloud) -> bool:
    return cloud.consumer.hub(HUB).online


def test_a_hub_is_on_line_from_its_hello_to_its_will() -> None:
    cloud = ACloud()
    cloud.welcome()
    assert online(cloud)
    cloud.now += 60
    cloud.hear(Offline(HUB, 1))
    assert not online(cloud)
    assert cloud.consumer.hub(HUB).since == cloud.wall()
    assert [it["online"] for it in cloud.shown("hub")] == [True, False]


def test_a_hub_whose_connection_has_ended_is_off_line() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.lose(HUB)
    assert not online(cloud)


def test_the_will_of_an_earlier_start_says_nothing_of_this_one() -> None:
    cloud = ACloud()
    cloud.welcome(hello(boot=2))
    cloud.hear(Offline(HUB, 1))
    assert online(cloud)


def test_who_says_something_is_there_whatever_its_will_said() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(Offline(HUB, 1))
    cloud.hear(batch([1]))
    assert online(cloud)


def test_who_is_there_after_all_gets_the_commands_that_waited() -> None:
    cloud = ACloud()
    cloud.welcome()
    cloud.hear(Offline(HUB, 1))
    wish = cloud.consumer.command(HUB, "zwave-2", {"on": True}, now=cloud.now)
    cloud.hear(batch([1]))
    cloud.run()
    (command,) = [it for it in cloud.said() if isinstance(it, Command)]
    assert command.id == wish.id


def test_a_clock_that_is_wrong_is_told_of_where_the_hub_is_sure_of_it() -> None:
    cloud = ACloud()
    cloud.welcome(hello(clock=cloud.wall() + 90, clock_sure=True))
    assert cloud.consumer.hub(HUB).view()["clock_off_s"] == 90.0
    cloud.welcome(hello(clock=0.0))
    assert cloud.consumer.hub(HUB).view()["clock_off_s"] is None


def test_the_more_hubs_are_there_the_longer_they_shall_take_to_come_back() -> None:
    cloud = ACloud()
    for number in range(600):
        cloud.hear(hello(hub=f"hub-{number:07}"))
    assert cloud.welcome(hello(hub="hub-9999999")).spread == 601 / cloud.consumer.bounds.return_rate
