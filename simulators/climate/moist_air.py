"""How much water air holds. Magnus' formula with the constants of the WMO's guide (No. 8, annex 4.B)."""

from math import exp


def saturation_g_m3(celsius: float) -> float:
    """The water vapour in air that can hold no more."""
    pressure_hpa = 6.112 * exp(17.62 * celsius / (243.12 + celsius))
    return 216.7 * pressure_hpa / (273.15 + celsius)


def relative_humidity(vapour_g_m3: float, celsius: float) -> float:
    """0 to 100 %."""
    return max(0.0, min(100.0, 100.0 * vapour_g_m3 / saturation_g_m3(celsius)))
