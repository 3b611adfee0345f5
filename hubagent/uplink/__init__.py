"""The uplink: one encrypted, two-way, resumable conversation with a cloud. UPLINK.md describes it for both sides."""
