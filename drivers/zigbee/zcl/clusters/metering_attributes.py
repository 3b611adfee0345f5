"""The attributes of the Metering cluster: its several hundred are made of rows, so are they here (ZCL8, 10.4).

Those that ZCL8 does not have came with later editions of Smart Energy; they are as in the SDK's XML (ami.xml).
"""

from typing import Final

from drivers.zigbee.zcl.cluster import AttributeDef
from drivers.zigbee.zcl.data_types import DataType

_READING: Final = (
    AttributeDef(0x0000, "current_summation_delivered", DataType.UINT48, reportable=True),
    AttributeDef(0x0001, "current_summation_received", DataType.UINT48, reportable=True),
    AttributeDef(0x0002, "current_max_demand_delivered", DataType.UINT48),
    AttributeDef(0x0003, "current_max_demand_received", DataType.UINT48),
    AttributeDef(0x0004, "dft_summation", DataType.UINT48),
    AttributeDef(0x0005, "daily_freeze_time", DataType.UINT16),
    AttributeDef(0x0006, "power_factor", DataType.INT8, reportable=True),
    AttributeDef(0x0007, "reading_snapshot_time", DataType.UTC),
    AttributeDef(0x0008, "current_max_demand_delivered_time", DataType.UTC),
    AttributeDef(0x0009, "current_max_demand_received_time", DataType.UTC),
    AttributeDef(0x000A, "default_update_period", DataType.UINT8),
    AttributeDef(0x000B, "fast_poll_update_period", DataType.UINT8),
    AttributeDef(0x000C, "current_block_period_consumption_delivered", DataType.UINT48),
    AttributeDef(0x000D, "daily_consumption_target", DataType.UINT24),
    AttributeDef(0x000E, "current_block", DataType.ENUM8),
    AttributeDef(0x000F, "profile_interval_period", DataType.ENUM8),
    AttributeDef(0x0010, "interval_read_reporting_period", DataType.UINT16),
    AttributeDef(0x0011, "preset_reading_time", DataType.UINT16),
    AttributeDef(0x0012, "volume_per_report", DataType.UINT16),
    AttributeDef(0x0013, "flow_restriction", DataType.UINT8),
    AttributeDef(0x0014, "supply_status", DataType.ENUM8),
    AttributeDef(0x0015, "current_inlet_energy_carrier_summation", DataType.UINT48),
    AttributeDef(0x0016, "current_outlet_energy_carrier_summation", DataType.UINT48),
    AttributeDef(0x0017, "inlet_temperature", DataType.INT24),
    AttributeDef(0x0018, "outlet_temperature", DataType.INT24),
    AttributeDef(0x0019, "control_temperature", DataType.INT24),
    AttributeDef(0x001A, "current_inlet_energy_carrier_demand", DataType.INT24),
    AttributeDef(0x001B, "current_outlet_energy_carrier_demand", DataType.INT24),
    AttributeDef(0x001C, "previous_block_period_consumption_delivered", DataType.UINT48),
    AttributeDef(0x001D, "current_block_period_consumption_received", DataType.UINT48),
    AttributeDef(0x001E, "current_block_received", DataType.ENUM8),
    AttributeDef(0x001F, "dft_summation_received", DataType.UINT48),
    AttributeDef(0x0020, "active_register_tier_delivered", DataType.ENUM8),
    AttributeDef(0x0021, "active_register_tier_received", DataType.ENUM8),
    AttributeDef(0x0022, "last_block_switch_time", DataType.UTC),
)

_TIERS: Final = tuple(
    AttributeDef(0x0100 + 2 * (tier - 1) + received, f"current_tier_{tier}_summation_{way}", DataType.UINT48)
    for tier in range(1, 49)
    for received, way in enumerate(("delivered", "received"))
)

_STATUS: Final = (
    AttributeDef(0x01FC, "cpp1_summation_delivered", DataType.UINT48),
    AttributeDef(0x01FE, "cpp2_summation_delivered", DataType.UINT48),
    AttributeDef(0x0200, "status", DataType.BITMAP8, reportable=True),
    AttributeDef(0x0201, "remaining_battery_life", DataType.UINT8),
    AttributeDef(0x0202, "hours_in_operation", DataType.UINT24),
    AttributeDef(0x0203, "hours_in_fault", DataType.UINT24),
    AttributeDef(0x0204, "extended_status", DataType.BITMAP64, reportable=True),
    AttributeDef(0x0205, "remaining_battery_life_in_days", DataType.UINT16),
    AttributeDef(0x0206, "current_meter_id", DataType.OCTET_STRING),
    AttributeDef(0x0207, "ambient_consumption_indicator", DataType.ENUM8),
)

_FORMATTING: Final = (
    AttributeDef(0x0300, "unit_of_measure", DataType.ENUM8),
    AttributeDef(0x0301, "multiplier", DataType.UINT24),
    AttributeDef(0x0302, "divisor", DataType.UINT24),
    AttributeDef(0x0303, "summation_formatting", DataType.BITMAP8),
    AttributeDef(0x0304, "demand_formatting", DataType.BITMAP8),
    AttributeDef(0x0305, "historical_consumption_formatting", DataType.BITMAP8),
    AttributeDef(0x0306, "metering_device_type", DataType.BITMAP8),
    AttributeDef(0x0307, "site_id", DataType.OCTET_STRING),
    AttributeDef(0x0308, "meter_serial_number", DataType.OCTET_STRING),
    AttributeDef(0x0309, "energy_carrier_unit_of_measure", DataType.ENUM8),
    AttributeDef(0x030A, "energy_carrier_summation_formatting", DataType.BITMAP8),
    AttributeDef(0x030B, "energy_carrier_demand_formatting", DataType.BITMAP8),
    AttributeDef(0x030C, "temperature_unit_of_measure", DataType.ENUM8),
    AttributeDef(0x030D, "temperature_formatting", DataType.BITMAP8),
    AttributeDef(0x030E, "module_serial_number", DataType.OCTET_STRING),
    AttributeDef(0x030F, "operating_tariff_label_delivered", DataType.OCTET_STRING),
    AttributeDef(0x0310, "operating_tariff_label_received", DataType.OCTET_STRING),
    AttributeDef(0x0311, "customer_id_number", DataType.OCTET_STRING),
    AttributeDef(0x0312, "alternative_unit_of_measure", DataType.ENUM8),
    AttributeDef(0x0313, "alternative_demand_formatting", DataType.BITMAP8),
    AttributeDef(0x0314, "alternative_consumption_formatting", DataType.BITMAP8),
)

_HISTORY: Final = (
    AttributeDef(0x0400, "instantaneous_demand", DataType.INT24, reportable=True),
    AttributeDef(0x0401, "current_day_consumption_delivered", DataType.UINT24),
    AttributeDef(0x0402, "current_day_consumption_received", DataType.UINT24),
    AttributeDef(0x0403, "previous_day_consumption_delivered", DataType.UINT24),
    AttributeDef(0x0404, "previous_day_consumption_received", DataType.UINT24),
    AttributeDef(0x0405, "current_partial_profile_interval_start_time_delivered", DataType.UTC),
    AttributeDef(0x0406, "current_partial_profile_interval_start_time_received", DataType.UTC),
    AttributeDef(0x0407, "current_partial_profile_interval_value_delivered", DataType.UINT24),
    AttributeDef(0x0408, "current_partial_profile_interval_value_received", DataType.UINT24),
    AttributeDef(0x0409, "current_day_max_pressure", DataType.UINT48),
    AttributeDef(0x040A, "current_day_min_pressure", DataType.UINT48),
    AttributeDef(0x040B, "previous_day_max_pressure", DataType.UINT48),
    AttributeDef(0x040C, "previous_day_min_pressure", DataType.UINT48),
    AttributeDef(0x040D, "current_day_max_demand", DataType.INT24),
    AttributeDef(0x040E, "previous_day_max_demand", DataType.INT24),
    AttributeDef(0x040F, "current_month_max_demand", DataType.INT24),
    AttributeDef(0x0410, "current_year_max_demand", DataType.INT24),
    AttributeDef(0x0411, "current_day_max_energy_carrier_demand", DataType.INT24),
    AttributeDef(0x0412, "previous_day_max_energy_carrier_demand", DataType.INT24),
    AttributeDef(0x0413, "current_month_max_energy_carrier_demand", DataType.INT24),
    AttributeDef(0x0414, "current_month_min_energy_carrier_demand", DataType.INT24),
    AttributeDef(0x0415, "current_year_max_energy_carrier_demand", DataType.INT24),
    AttributeDef(0x0416, "current_year_min_energy_carrier_demand", DataType.INT24),
    AttributeDef(0x0430, "current_week_consumption_delivered", DataType.UINT24),
    AttributeDef(0x0431, "current_week_consumption_received", DataType.UINT24),
    AttributeDef(0x0432, "previous_week_consumption_delivered", DataType.UINT24),
    AttributeDef(0x0433, "previous_week_consumption_received", DataType.UINT24),
    AttributeDef(0x0440, "current_month_consumption_delivered", DataType.UINT32),
    AttributeDef(0x0441, "current_month_consumption_received", DataType.UINT32),
    AttributeDef(0x0442, "previous_month_consumption_delivered", DataType.UINT32),
    AttributeDef(0x0443, "previous_month_consumption_received", DataType.UINT32),
    AttributeDef(0x045C, "historical_freeze_time", DataType.UINT16),
)


def _day_demands(first: int, what: str) -> tuple[AttributeDef, ...]:
    """The most that was taken at once on two days, and when: two ids for each."""
    days = [(day, way) for day in ("current_day", "previous_day") for way in ("delivered", "received")]
    return tuple(
        attribute
        for at, (day, way) in enumerate(days)
        for attribute in (
            AttributeDef(first + 2 * at, f"{day}_{what}_{way}", DataType.UINT48),
            AttributeDef(first + 2 * at + 1, f"{day}_{what}_{way}_time", DataType.UTC),
        )
    )


def _previous(
    first: int, period: str, numbers: range, type_id: int, what: str = "consumption"
) -> tuple[AttributeDef, ...]:
    """What was consumed in periods further back: two ids for each."""
    return tuple(
        AttributeDef(first + 2 * at + received, f"previous_{period}_{number}_{what}_{way}", type_id)
        for at, number in enumerate(numbers)
        for received, way in enumerate(("delivered", "received"))
    )


_PREVIOUS: Final = (
    *_previous(0x0420, "day", range(2, 9), DataType.UINT24),
    *_previous(0x0434, "week", range(2, 6), DataType.UINT24),
    *_previous(0x0444, "month", range(2, 14), DataType.UINT32),
)

_SUPPLY: Final = (
    AttributeDef(0x0500, "max_number_of_periods_delivered", DataType.UINT8),
    AttributeDef(0x0600, "current_demand_delivered", DataType.UINT24, reportable=True),
    AttributeDef(0x0601, "demand_limit", DataType.UINT24),
    AttributeDef(0x0602, "demand_integration_period", DataType.UINT8),
    AttributeDef(0x0603, "number_of_demand_subintervals", DataType.UINT8),
    AttributeDef(0x0604, "demand_limit_arm_duration_in_minutes", DataType.UINT16),
    AttributeDef(0x0605, "load_limit_supply_state", DataType.ENUM8),
    AttributeDef(0x0606, "load_limit_counter", DataType.UINT8),
    AttributeDef(0x0607, "supply_tamper_state", DataType.ENUM8),
    AttributeDef(0x0608, "supply_depletion_state", DataType.ENUM8),
    AttributeDef(0x0609, "supply_uncontrolled_flow_state", DataType.ENUM8),
)


def _blocks(first: int, way: str) -> tuple[AttributeDef, ...]:
    return tuple(
        AttributeDef(
            first + 16 * tier + block - 1,
            f"current_{f'tier_{tier}' if tier else 'no_tier'}_block_{block}_summation_{way}",
            DataType.UINT48,
        )
        for tier in range(16)
        for block in range(1, 17)
    )


_ALARMS: Final = (
    AttributeDef(0x0800, "generic_alarm_mask", DataType.BITMAP16, writable=True),
    AttributeDef(0x0801, "electricity_alarm_mask", DataType.BITMAP32, writable=True),
    AttributeDef(0x0802, "generic_flow_pressure_alarm_mask", DataType.BITMAP16, writable=True),
    AttributeDef(0x0803, "water_specific_alarm_mask", DataType.BITMAP16, writable=True),
    AttributeDef(0x0804, "heat_and_cooling_specific_alarm_mask", DataType.BITMAP16, writable=True),
    AttributeDef(0x0805, "gas_specific_alarm_mask", DataType.BITMAP16, writable=True),
    AttributeDef(0x0806, "extended_generic_alarm_mask", DataType.BITMAP48, writable=True),
    AttributeDef(0x0807, "manufacture_alarm_mask", DataType.BITMAP16, writable=True),
)

_BILLING: Final = (
    AttributeDef(0x0A00, "bill_to_date_delivered", DataType.UINT32),
    AttributeDef(0x0A01, "bill_to_date_time_stamp_delivered", DataType.UTC),
    AttributeDef(0x0A02, "projected_bill_delivered", DataType.UINT32),
    AttributeDef(0x0A03, "projected_bill_time_stamp_delivered", DataType.UTC),
    AttributeDef(0x0A04, "bill_delivered_trailing_digit", DataType.BITMAP8),
    AttributeDef(0x0A10, "bill_to_date_received", DataType.UINT32),
    AttributeDef(0x0A11, "bill_to_date_time_stamp_received", DataType.UTC),
    AttributeDef(0x0A12, "projected_bill_received", DataType.UINT32),
    AttributeDef(0x0A13, "projected_bill_time_stamp_received", DataType.UTC),
    AttributeDef(0x0A14, "bill_received_trailing_digit", DataType.BITMAP8),
)

_SUPPLY_CONTROL: Final = (
    AttributeDef(0x0B00, "proposed_change_supply_implementation_time", DataType.UTC),
    AttributeDef(0x0B01, "proposed_change_supply_status", DataType.ENUM8),
    AttributeDef(0x0B10, "uncontrolled_flow_threshold", DataType.UINT16),
    AttributeDef(0x0B11, "uncontrolled_flow_threshold_unit_of_measure", DataType.ENUM8),
    AttributeDef(0x0B12, "uncontrolled_flow_multiplier", DataType.UINT16),
    AttributeDef(0x0B13, "uncontrolled_flow_divisor", DataType.UINT16),
    AttributeDef(0x0B14, "flow_stabilization_period", DataType.UINT8),
    AttributeDef(0x0B15, "flow_measurement_period", DataType.UINT16),
)

_ALTERNATIVE_HISTORY: Final = (
    AttributeDef(0x0C00, "alternative_instantaneous_demand", DataType.INT24),
    AttributeDef(0x0C01, "current_day_alternative_consumption_delivered", DataType.UINT24),
    AttributeDef(0x0C02, "current_day_alternative_consumption_received", DataType.UINT24),
    AttributeDef(0x0C03, "previous_day_alternative_consumption_delivered", DataType.UINT24),
    AttributeDef(0x0C04, "previous_day_alternative_consumption_received", DataType.UINT24),
    AttributeDef(0x0C05, "current_alternative_partial_profile_interval_start_time_delivered", DataType.UTC),
    AttributeDef(0x0C06, "current_alternative_partial_profile_interval_start_time_received", DataType.UTC),
    AttributeDef(0x0C07, "current_alternative_partial_profile_interval_value_delivered", DataType.UINT24),
    AttributeDef(0x0C08, "current_alternative_partial_profile_interval_value_received", DataType.UINT24),
    AttributeDef(0x0C09, "current_day_alternative_max_pressure", DataType.UINT48),
    AttributeDef(0x0C0A, "current_day_alternative_min_pressure", DataType.UINT48),
    AttributeDef(0x0C0B, "previous_day_alternative_max_pressure", DataType.UINT48),
    AttributeDef(0x0C0C, "previous_day_alternative_min_pressure", DataType.UINT48),
    AttributeDef(0x0C0D, "current_day_alternative_max_demand", DataType.INT24),
    AttributeDef(0x0C0E, "previous_day_alternative_max_demand", DataType.INT24),
    AttributeDef(0x0C0F, "current_month_alternative_max_demand", DataType.INT24),
    AttributeDef(0x0C10, "current_year_alternative_max_demand", DataType.INT24),
    *_previous(0x0C20, "day", range(2, 9), DataType.UINT24, "alternative_consumption"),
    AttributeDef(0x0C30, "current_week_alternative_consumption_delivered", DataType.UINT24),
    AttributeDef(0x0C31, "current_week_alternative_consumption_received", DataType.UINT24),
    AttributeDef(0x0C32, "previous_week_alternative_consumption_delivered", DataType.UINT24),
    AttributeDef(0x0C33, "previous_week_alternative_consumption_received", DataType.UINT24),
    *_previous(0x0C34, "week", range(2, 6), DataType.UINT24, "alternative_consumption"),
    AttributeDef(0x0C40, "current_month_alternative_consumption_delivered", DataType.UINT32),
    AttributeDef(0x0C41, "current_month_alternative_consumption_received", DataType.UINT32),
    AttributeDef(0x0C42, "previous_month_alternative_consumption_delivered", DataType.UINT32),
    AttributeDef(0x0C43, "previous_month_alternative_consumption_received", DataType.UINT32),
    *_previous(0x0C44, "month", range(2, 14), DataType.UINT32, "alternative_consumption"),
    *_day_demands(0x0C5C, "alternative_max_demand"),
)

_QUADRANTS: Final = tuple(
    AttributeDef(first + quadrant, f"current_{power}_summation_q{quadrant}", DataType.UINT48)
    for first, power in ((0x0D00, "active"), (0x0D04, "reactive"))
    for quadrant in range(1, 5)
)

ATTRIBUTES: Final[tuple[AttributeDef, ...]] = (
    *_READING,
    *_TIERS,
    *_STATUS,
    *_FORMATTING,
    *_HISTORY,
    *_PREVIOUS,
    *_day_demands(0x045D, "max_demand"),
    *_SUPPLY,
    *_blocks(0x0700, "delivered"),
    *_ALARMS,
    *_blocks(0x0900, "received"),
    *_BILLING,
    *_SUPPLY_CONTROL,
    *_ALTERNATIVE_HISTORY,
    *_QUADRANTS,
)

CLIENT_ATTRIBUTES: Final[tuple[AttributeDef, ...]] = (
    AttributeDef(0x0000, "functional_notification_flags", DataType.BITMAP32),
    *(AttributeDef(number - 1, f"notification_flags_{number}", DataType.BITMAP32) for number in range(2, 9)),
)
"""Of a mirror, which is the client of the meter that it speaks for."""
