"""What happened in a home as a file, and the way back: recorded from a simulated home, from a real hub or from a public
data set, and played through simulated devices, so that radio, faults, rules and uplink take part. RECORDING.md
describes it.
"""
