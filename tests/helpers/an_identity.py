"""An identity as a hub has it after it was provisioned, made without a cloud's enrolment."""

from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from hubagent.clock import TrustedClock
from hubagent.identity.certificate import pem_of
from hubagent.identity.files import IdentityFiles
from hubagent.identity.identity import Identity
from hubagent.identity.key import OPERATIONAL, new_key
from hubagent.identity.seal import seal_source
from simulators.cloud.ca import Authority, Dates

HUB = "hub-00000001"


def an_identity(
    folder: Path,
    authority: Authority,
    hub: str = HUB,
    *,
    dates: Dates | None = None,
    clock: TrustedClock | None = None,
    loop_time: Callable[[], float] = lambda: 0.0,
) -> Identity:
    """State in folder/state, the sealing key in folder/seal.key; trusts the authority's root."""
    files = IdentityFiles(folder / "state")
    files.prepare()
    source = seal_source(f"file:{folder / 'seal.key'}", {})
    key = new_key()
    public_key = key.request(x509.Name([])).public_key()
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    certificate = authority.hub(hub, public_key, dates)
    files.write_pair(files.operational, key.sealed(source.make(), OPERATIONAL), [certificate, authority.issuing])
    files.write(files.anchors, pem_of((authority.root,)))
    return Identity(files, source, clock or TrustedClock(authority.now, loop_time, None, built=0.0))
