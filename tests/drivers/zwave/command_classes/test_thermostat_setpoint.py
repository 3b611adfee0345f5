from drivers.zwave.command_classes.thermostat_setpoint import SetpointType, ThermostatSetpointSupportedReport


def _types(data: str) -> frozenset[int]:
    return ThermostatSetpointSupportedReport.from_bytes(bytes.fromhex("4305" + data)).types


def test_the_bits_count_the_types_in_use() -> None:
    assert _types("06") == {SetpointType.HEATING, SetpointType.COOLING}
    assert _types("0a08") == {SetpointType.HEATING, SetpointType.FURNACE, SetpointType.FULL_POWER}


def test_bits_beyond_the_types_are_ignored() -> None:
    assert _types("01f0") == frozenset()
