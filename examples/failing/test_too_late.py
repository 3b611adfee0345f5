"""A test that fails, to see what is told then. Run it with: pytest failing"""


async def test_the_light_is_there_before_the_radio_can_be(home):
    await home.at("18:30")
    home.resident("anna").enters("hall")
    await home.expect("hall.light.on", within="10ms")
