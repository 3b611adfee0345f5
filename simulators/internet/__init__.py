"""The network between hubs and their cloud, in virtual time, and what may be at the cloud's end of it."""
