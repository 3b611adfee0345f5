"""The planted bugs, and the check that is to find each; where they are planted tell the modules."""

from typing import Final

from tests.seeds.planted.in_the_drivers import (
    counters_only_grow,
    the_key_is_logged,
    the_timer_is_not_called_off,
)
from tests.seeds.planted.in_the_rules import (
    a_variable_begins_anew,
)
from tests.seeds.planted.in_the_store import (
    nothing_is_synced,
    written_at_leisure,
)
from tests.seeds.planted.in_the_uplink import (
    a_full_disk_forgets,
    one_keepalive_more_with_each_connection,
)
from tests.seeds.planted.planted import Planted
from tests.seeds.test_planted_uplink_bugs import (
    acknowledged_before_the_commit,
    commands_are_forgotten,
    committed_at_leisure,
    everything_is_new,
    holes_do_not_matter,
    never_sent_again,
    numbers_come_twice,
    reports_always_arrive,
    sent_is_arrived,
)
from tests.seeds.test_planted_zigbee_bugs import arrived_is_confirmed

PLANTED: Final = (
    Planted(sent_is_arrived, "messages", "did not arrive"),
    Planted(acknowledged_before_the_commit, "messages", "did not arrive"),
    Planted(numbers_come_twice, "messages", ""),
    Planted(never_sent_again, "messages", "did not arrive"),
    Planted(committed_at_leisure, "messages", "did not arrive"),
    Planted(everything_is_new, "messages", ""),
    Planted(holes_do_not_matter, "messages", "did not arrive"),
    Planted(a_full_disk_forgets, "messages", "did not arrive"),
    Planted(nothing_is_synced, "restarts", "after a power cut"),
    Planted(written_at_leisure, "restarts", "the disk has"),
    Planted(a_variable_begins_anew, "restarts", "to life"),
    Planted(commands_are_forgotten, "commands", "once more than the cloud asked for"),
    Planted(arrived_is_confirmed, "commands", "was called confirmed, and that was never so"),
    Planted(the_timer_is_not_called_off, "commands", "had its effect again"),
    Planted(counters_only_grow, "picture", "and the hub says"),
    Planted(reports_always_arrive, "picture", "the cloud says"),
    Planted(the_key_is_logged, "secrets", "is in the log"),
    Planted(one_keepalive_more_with_each_connection, "run", "keepalive"),
)
