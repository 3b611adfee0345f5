"""Imported automations do here what they did there: run in a house, with the clock in the test's hand."""

from hubagent.model.capabilities.switch import Press
from hubagent.rules.executor.items import WebhookCalled
from tests.hubagent.rules.importers.imports import house_of, imported

MOTION = """
- alias: Hall light
  mode: restart
  triggers:
    - {trigger: state, entity_id: binary_sensor.hall_motion, to: 'on'}
  conditions:
    - {condition: numeric_state, entity_id: sensor.hall_illuminance, below: 30}
    - "{{ not is_state('input_select.house', 'away') }}"
  actions:
    - {action: light.turn_on, target: {entity_id: light.hall}, data: {brightness_pct: 40}}
    - wait_for_trigger:
        - {trigger: state, entity_id: binary_sensor.hall_motion, to: 'off', for: '00:03:00'}
    - {action: light.turn_off, target: {entity_id: light.hall}}
"""


def test_a_light_by_motion_goes_on_in_the_dark_and_off_three_minutes_later() -> None:
    house = house_of(imported(MOTION))
    house.says("hall.lux", illuminance=50)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert house.sent == []
    house.says("hall.lux", illuminance=5)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert house.states["id-hall.light"]["on"][0] is True
    assert house.states["id-hall.light"]["level"][0] == 40
    house.wait(10)
    house.says("hall.motion", occupied=False)
    house.wait(179)
    assert house.states["id-hall.light"]["on"][0] is True
    house.wait(2)
    assert house.states["id-hall.light"]["on"][0] is False


def test_nothing_goes_on_while_everybody_is_away() -> None:
    house = house_of(imported(MOTION))
    house.mode("away")
    house.says("hall.lux", illuminance=5)
    house.says("hall.motion", occupied=False)
    house.says("hall.motion", occupied=True)
    assert house.sent == []


def test_a_freezer_tells_after_ten_minutes_too_warm() -> None:
    house = house_of(
        imported(
            """
- triggers: [{trigger: numeric_state, entity_id: sensor.freezer_temperature, above: -12, for: {minutes: 10}}]
  actions: [{action: notify.owner, data: {message: "freezer {{ states('sensor.freezer_temperature') }} °C"}}]
"""
        )
    )
    house.says("garage.freezer", temperature=-18)
    house.says("garage.freezer", temperature=-10)
    house.wait(500)
    assert house.notes == []
    house.wait(200)
    assert house.notes == ["freezer -10 °C"]


def test_a_wait_for_a_change_waits_also_where_it_is_already_so() -> None:
    house = house_of(
        imported(
            """
- triggers: [{trigger: webhook, webhook_id: go}]
  actions:
    - wait_for_trigger: [{trigger: state, entity_id: light.porch, to: 'off'}]
    - {action: light.turn_on, target: {entity_id: light.hall}}
"""
        )
    )
    house.says("porch.light", on=False)
    house.do(WebhookCalled("go"))
    house.wait(60)
    assert house.sent == []
    house.says("porch.light", on=True)
    house.says("porch.light", on=False)
    assert house.did() == [(60, "hall.light", True)]


def test_the_trigger_decides_what_is_chosen() -> None:
    house = house_of(
        imported(
            """
- triggers:
    - {trigger: state, entity_id: binary_sensor.garage_door, to: 'on', id: opened}
    - {trigger: state, entity_id: binary_sensor.garage_door, to: 'off', id: closed}
  actions:
    - choose:
        - conditions: [{condition: trigger, id: opened}]
          sequence: [{action: light.turn_on, entity_id: light.porch}]
        - conditions: "{{ trigger.id == 'closed' }}"
          sequence: [{delay: 60}, {action: light.turn_off, entity_id: light.porch}]
"""
        )
    )
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.says("garage.door", open=False)
    house.wait(100)
    assert house.did() == [(0, "porch.light", True), (60, "porch.light", False)]


def test_buttons_and_conditions_between_actions() -> None:
    house = house_of(
        imported(
            """
- triggers:
    - {trigger: event, event_type: deconz_event, event_data: {id: remote, event: 2004}}
  actions:
    - {action: light.toggle, entity_id: light.porch}
    - {delay: 1}
    - {condition: state, entity_id: light.porch, state: 'on'}
    - {action: lock.lock, entity_id: lock.front}
"""
        )
    )
    house.says("porch.light", on=False)
    house.presses("sofa.remote", Press.SINGLE, 2)
    assert house.sent == []
    for _ in range(2):
        house.presses("sofa.remote", Press.DOUBLE, 2)
        house.wait(5)
    assert house.did() == [(0, "porch.light", True), (1, "front.lock", True), (5, "porch.light", False)]


def test_a_loop_until_something_holds_is_run_once_at_least() -> None:
    house = house_of(
        imported(
            """
- triggers: [{trigger: state, entity_id: binary_sensor.garage_door, to: 'on'}]
  actions:
    - repeat:
        sequence: [{action: notify.owner, data: {message: open}}, {delay: {minutes: 5}}]
        until: [{condition: state, entity_id: binary_sensor.garage_door, state: 'off'}]
"""
        )
    )
    house.says("garage.door", open=False)
    house.says("garage.door", open=True)
    house.wait(700)
    house.says("garage.door", open=False)
    house.wait(3600)
    assert house.notes == ["open", "open", "open"]


def test_variables_of_the_home_are_counted_and_compared() -> None:
    house = house_of(
        imported(
            """
- triggers: [{trigger: state, entity_id: binary_sensor.hall_motion, to: 'on'}]
  actions:
    - {action: counter.increment, entity_id: counter.walks}
    - if: ["{{ states('counter.walks') | int >= 2 }}"]
      then: [{action: input_boolean.turn_on, entity_id: input_boolean.busy}]
    - if: [{condition: state, entity_id: input_boolean.busy, state: 'on'}]
      then: [{action: light.turn_on, entity_id: light.hall}]
"""
        )
    )
    for occupied in (False, True, False):
        house.says("hall.motion", occupied=occupied)
    assert house.sent == []
    house.says("hall.motion", occupied=True)
    assert house.did() == [(0, "hall.light", True)]
