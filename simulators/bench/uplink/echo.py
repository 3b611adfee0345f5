"""The floor of a tap: a process that sends back what comes, over the same TLS and the same broker, and no more.

python -m simulators.bench.uplink.echo coap|mqtt PORT FOLDER HUB
FOLDER holds anchors.pem, HUB.pem and HUB.key. It blocks in its socket, which is the fastest that Python has.
"""

import socket
import ssl
import sys
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.subscribeoptions import SubscribeOptions


def main(way: str, port: str, folder: str, hub: str) -> None:
    context = ssl.create_default_context(cafile=str(Path(folder) / "anchors.pem"))
    context.load_cert_chain(Path(folder) / f"{hub}.pem", Path(folder) / f"{hub}.key")
    {"coap": _stream, "mqtt": _broker}[way](int(port), context, hub)


def _stream(port: int, context: ssl.SSLContext, _hub: str) -> None:
    with socket.create_connection(("localhost", port)) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with context.wrap_socket(plain, server_hostname="localhost") as secured:
            secured.sendall(b"ready")
            while data := secured.recv(65536):
                secured.sendall(data)


def _broker(port: int, context: ssl.SSLContext, hub: str) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=hub, protocol=paho.MQTTv5)
    client.tls_set_context(context)

    def connected(client: paho.Client, *_: Any) -> None:
        opened = client.socket()
        assert isinstance(opened, socket.socket)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.subscribe(f"hub/{hub}/dn/#", options=SubscribeOptions(qos=1))

    def come(client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        client.publish(f"hub/{hub}/up/res", message.payload, qos=1)

    client.on_connect = connected
    client.on_subscribe = lambda client, *_: client.publish(f"hub/{hub}/up/res", b"ready", qos=1)
    client.on_message = come
    client.connect("localhost", port)
    client.loop_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
