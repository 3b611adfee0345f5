"""The language of rules once more, slow and obvious: what rules are to do, by RULES.md, from what an agent observed.

It shares with the agent how files are read (rules, their programs, their expressions as trees), the tables of names and
words, where the sun is, and nothing of the machine in `hubagent.rules.executor` that it judges.
"""
