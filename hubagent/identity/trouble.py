"""What can be wrong with an identity."""


class IdentityUnusable(Exception):
    """The hub cannot say who it is, or knows nobody to trust: the text says why, and what to do."""
