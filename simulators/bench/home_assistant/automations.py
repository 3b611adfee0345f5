"""The bench's rules as Home Assistant's automations, in the YAML that a home would have."""

from typing import Final

HALL_MOTION: Final = "binary_sensor.hall_motion"
ATTIC_MOTION: Final = "binary_sensor.attic_motion"

_LUX = """\
  - condition: numeric_state
    entity_id: sensor.hall_lux
    below: {below}
"""
_AWAY: Final = """\
  - condition: state
    entity_id: input_select.home_mode
    state: away
"""
_NOT_AWAY: Final = """\
  - condition: not
    conditions:
    - condition: state
      entity_id: input_select.home_mode
      state: away
"""
AWAY: Final = _AWAY + _LUX.format(below=30)
CONDITION: Final = _NOT_AWAY + _LUX.format(below=30)


def automation(name: str, motion: str = HALL_MOTION, condition: str = CONDITION) -> str:
    return f"""\
- id: {name}
  alias: {name}
  trigger:
  - platform: state
    entity_id: {motion}
    from: "off"
    to: "on"
  condition:
{condition}\
  action:
  - service: test.turn_on
    target:
      entity_id: light.hall
"""


def automations(unrelated: int, hot: int) -> str:
    """One that acts, and after it those that do not: of another sensor, or of the same and with a false condition."""
    others = [automation(f"unrelated_{n}", ATTIC_MOTION, _LUX.format(below=n)) for n in range(unrelated)]
    same = [automation(f"hot_{n}", HALL_MOTION, AWAY) for n in range(hot)]
    return "".join((automation("hall"), *others, *same))
