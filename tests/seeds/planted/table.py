"""The planted bugs, and the check that is to find each; where they are planted tell the modules."""

from typing import Final

from tests.seeds.planted.in_the_agent import (
    files_are_looked_at_all_the_time,
    one_at_a_time,
)
from tests.seeds.planted.in_the_drivers import (
    counters_only_grow,
    one_upkeep_more_with_each_return,
    silence_is_golden,
    the_key_is_logged,
    the_timer_is_not_called_off,
)
from tests.seeds.planted.in_the_rules import (
    a_timer_is_not_kept,
    a_variable_begins_anew,
    two_at_a_time,
)
from tests.seeds.planted.in_the_store import (
    everything_is_remembered,
    nothing_is_synced,
    written_at_leisure,
)
from tests.seeds.planted.in_the_uplink import (
    a_full_disk_forgets,
    it_comes_back_at_once,
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
from tests.seeds.test_planted_zigbee_bugs import arrived_is_confirmed, taken_is_arrived

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
    Planted(a_timer_is_not_kept, "rules", "as the oracle says"),
    Planted(two_at_a_time, "rules", "which the oracle does not say"),
    Planted(counters_only_grow, "picture", "and the hub says"),
    Planted(silence_is_golden, "picture", "has no power, and is called"),
    Planted(taken_is_arrived, "picture", "has no power, and is called"),
    Planted(reports_always_arrive, "picture", "the cloud says"),
    Planted(the_key_is_logged, "secrets", "is in the log"),
    Planted(one_at_a_time, "promptness", "commands took"),
    Planted(everything_is_remembered, "bounds", "grows"),
    Planted(one_upkeep_more_with_each_return, "leftovers", "zwave upkeep"),
    Planted(it_comes_back_at_once, "steps", "to reach its cloud"),
    Planted(files_are_looked_at_all_the_time, "steps", "steps from"),
    Planted(one_keepalive_more_with_each_connection, "run", "keepalive"),
)
