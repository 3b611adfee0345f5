"""`hubagent provision`: make the hub's key, and get its certificate from the cloud."""

import asyncio
import sys
from pathlib import Path
from typing import Final

import click

from hubagent.cli.exits import USAGE, Failure
from hubagent.cli.options import config_option, json_option
from hubagent.cli.output import show_json, tell
from hubagent.cli.own_identity import own_enrolment, own_identity

PATIENCE_S: Final = 600.0
_FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command()
@config_option
@json_option
@click.option("--cloud", metavar="URL", help="who issues certificates, as https://cloud.example:8443")
@click.option("--claim", metavar="CODE", help="the code that the cloud's page shows; - reads it from stdin")
@click.option("--anchor", type=_FILE, metavar="FILE", help="the cloud's root certificate (PEM), from its operator")
@click.option("--anchor-sha256", metavar="HEX", help="or the fingerprint of that certificate")
@click.option("--manufacturer-cert", type=_FILE, metavar="FILE", help="the certificate from the factory (PEM)")
@click.option("--manufacturer-key", type=_FILE, metavar="FILE", help="and its private key (PEM, not encrypted)")
@click.option("--timeout", type=click.FloatRange(min=0), default=PATIENCE_S, help="seconds to wait for approval")
def provision(
    *,
    cloud: str | None,
    claim: str | None,
    anchor: Path | None,
    anchor_sha256: str | None,
    manufacturer_cert: Path | None,
    manufacturer_key: Path | None,
    timeout: float,
    as_json: bool,
) -> None:
    """Give this hub an identity: a key that never leaves it, and a certificate that the cloud issues for it.

    The hub proves who it is by a claim code, or by the certificate that its manufacturer gave it. You prove who the
    cloud is, by its anchor or that one's fingerprint; later the hub keeps the anchors up to date itself.
    """
    if (manufacturer_cert is None) != (manufacturer_key is None):
        raise Failure("--manufacturer-cert and --manufacturer-key go together", USAGE)
    if anchor is not None and anchor_sha256 is not None:
        raise Failure("give --anchor or --anchor-sha256, not both", USAGE)
    from hubagent.identity.findings import described  # noqa: PLC0415 - cryptography would slow down --help
    from hubagent.identity.provisioning import Wishes, provision_hub  # noqa: PLC0415

    maker = (manufacturer_cert, manufacturer_key) if manufacturer_cert and manufacturer_key else None
    wishes = Wishes(sys.stdin.readline().strip() if claim == "-" else claim, anchor, anchor_sha256, maker)

    async def provisioning() -> str:
        identity = own_identity(asyncio.get_running_loop().time)
        try:
            enrolment = own_enrolment(identity, cloud)
        except ValueError as error:
            raise Failure(f"--cloud: {error}", USAGE) from error
        if enrolment is None:
            raise Failure("which cloud? give --cloud https://HOST:PORT, or [identity] cloud in hub.toml", USAGE)
        return (await provision_hub(identity, enrolment, wishes, tell, timeout)).hub

    hub = asyncio.run(provisioning())
    if as_json:
        show_json({"v": 1, **described(own_identity())})
    else:
        tell(f"this hub is {hub}; `hubagent identity` shows more, `hubagent run` connects where [uplink] is set")
