"""What can be wrong with an identity."""

from hubagent.uplink.transports.dial import CredentialsUnusable


class IdentityUnusable(CredentialsUnusable):
    """Here and now: the text says why, and what to do."""


class IdentityRefused(IdentityUnusable):
    """Going on would lay the hub's key or its home open."""
