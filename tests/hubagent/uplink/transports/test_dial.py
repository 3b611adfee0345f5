"""What is refused before anybody is asked for a connection: no server of the test's is ever reached."""

from pathlib import Path

import pytest

from hubagent.uplink.transports.coap import make_coap
from hubagent.uplink.transports.mqtt import make_mqtt
from hubagent.uplink.transports.port import ConnectFailed, Transport, Trouble
from tests.helpers.certificates import Authority, FileCredentials
from tests.hubagent.uplink.transports.an_ear import FAREWELL, HUB, WritingEar

pytestmark = pytest.mark.real_time


@pytest.mark.parametrize("proxy", [None, "http://127.0.0.1:1"])
@pytest.mark.parametrize("host", ["a..b", "x" * 100, ".example"])
@pytest.mark.parametrize("scheme", ["mqtts", "coaps+tcp"])
async def test_a_host_that_can_be_none_is_the_name_s_trouble(
    tmp_path: Path, scheme: str, host: str, proxy: str | None
) -> None:
    credentials = FileCredentials(HUB, None, Authority(tmp_path).anchor)
    make = make_mqtt if scheme == "mqtts" else make_coap
    transport: Transport = make(f"{scheme}://{host}", credentials, proxy=proxy)
    with pytest.raises(ConnectFailed) as failed:
        await transport.connect(WritingEar(), FAREWELL)
    assert failed.value.lost.trouble is Trouble.NAME
    assert host in failed.value.lost.detail
