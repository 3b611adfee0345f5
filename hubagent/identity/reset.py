"""A factory reset of the identity: what opens the keys goes first, and then what is left cannot be opened any more.

So it does not matter where the power is cut, nor that a backup of the state exists. What the manufacturer gave, and
whom the hub trusts, stays: with that the next owner's hub gets a new identity.
"""

from hubagent.identity.files import IdentityFiles
from hubagent.identity.seal import SealSource


def reset_identity(files: IdentityFiles, source: SealSource) -> bool:
    """Whether the sealing key is destroyed; False where only its owner can: a variable, or systemd's credential.

    Raises OSError, IdentityBusy; may be repeated.
    """
    with files.held():
        destroyed = source.destroy()
        for path in (files.operational, files.pending, files.notes):
            files.remove(path)
    return destroyed
