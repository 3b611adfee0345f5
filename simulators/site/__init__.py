"""A whole site on one virtual loop: a home, the hub in it, the network outside and the cloud; all of it from one seed.

`site` puts it together. The hub is the real agent with the real drivers, on a simulated host: its clock, its disk and
its power are this package's, so that they can fail.
"""
