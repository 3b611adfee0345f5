"""The other end of the uplink, for development and tests: what a cloud must do, in one process and one SQLite file.

It shares the messages' codec with the hub and nothing else: not its session, not its outbox, not its identity. Two
sides that shared a machine would share its mistakes.
"""
