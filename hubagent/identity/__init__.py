"""Who the hub is and whom it trusts: its key, its certificates, the cloud's trust anchors, and how they are renewed.

The private key is made here and never leaves: not in the clear on disk, not in a log, not in a backup.
"""
