"""The way from hub.toml to the hub's own identity and to who issues it, for the commands that need no agent."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from hubagent.cli.options import client_config

if TYPE_CHECKING:
    from hubagent.identity.enrolment import Enrolment
    from hubagent.identity.identity import Identity


def own_identity(loop_time: Callable[[], float] = lambda: 0.0) -> "Identity":
    """Of this machine's files; nothing is made."""
    from hubagent.cli.drivers import open_serial  # noqa: PLC0415 - cryptography and pydantic would slow down --help
    from hubagent.identity.opening import open_identity  # noqa: PLC0415
    from hubagent.runtime import real_runtime  # noqa: PLC0415

    config = client_config()
    return open_identity(config.state_dir, config.identity.seal, os.environ, real_runtime(open_serial).wall, loop_time)


def own_enrolment(identity: "Identity", cloud: str | None = None) -> "Enrolment | None":
    """At `cloud`, else as hub.toml says, else where the hub was enrolled before; None where it was nowhere."""
    from hubagent.identity.opening import enrolment_of  # noqa: PLC0415 - likewise
    from hubagent.uplink.transports.proxy import proxy_of  # noqa: PLC0415

    config = client_config()
    proxy = proxy_of(config.uplink.proxy) if config.uplink is not None and config.uplink.proxy else None
    return enrolment_of(identity, cloud or config.identity.cloud, proxy)
