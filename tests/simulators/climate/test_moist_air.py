import pytest

from simulators.climate.moist_air import relative_humidity, saturation_g_m3


@pytest.mark.parametrize(("celsius", "grams"), [(-10, 2.36), (0, 4.85), (20, 17.3), (30, 30.4)])
def test_air_holds_as_much_water_as_the_tables_say(celsius: float, grams: float) -> None:
    assert saturation_g_m3(celsius) == pytest.approx(grams, rel=0.02)


def test_the_same_vapour_is_more_humid_in_colder_air_and_never_more_than_all() -> None:
    assert relative_humidity(8.65, 20) == pytest.approx(50, abs=1)
    assert relative_humidity(8.65, 12) > 80
    assert relative_humidity(8.65, 0) == 100
