"""Writes down what happens at a site, from outside: a run with it is the run without it, byte for byte."""
