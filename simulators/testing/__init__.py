"""A simulated home for tests, in a person's words: what is done to it, what is expected of it, and why that failed.

`simulators.pytest_plugin` makes one for each test that asks for `home`. TESTING.md shows how tests are written.
"""
