"""Somebody else's reading of `schema.cddl`, and of CBOR: cddl-verifier has a decoder of its own."""

from pathlib import Path
from typing import Final

from cddl_verifier import Validator

import hubagent.uplink.message
from hubagent.uplink.message.channel import Down, Up
from tests.hubagent.uplink.message.messages import RULES

SCHEMA: Final = Path(hubagent.uplink.message.__file__).with_name("schema.cddl")
_VALIDATOR: Final = Validator(SCHEMA.read_text(encoding="utf-8"))


def faults(payload: bytes, rule: str) -> list[str]:
    """What is wrong with it."""
    return [str(found.message) for found in _VALIDATOR.validate(payload, root_type=rule).diagnostics]


def faults_on(channel: Up | Down, payload: bytes) -> list[str]:
    return faults(payload, RULES[channel])
