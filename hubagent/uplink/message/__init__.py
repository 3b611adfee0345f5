"""What hub and cloud say to each other, as frozen values and as CBOR; `schema.cddl` is the same for other people.

Nothing here knows time, sockets or the home. Everything that arrives is hostile until `codec` has read it.
"""
