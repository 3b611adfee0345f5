"""Finding out what a node is: `stages` runs the interview, `questions` has what each command class is asked.

How well its state is known afterwards is `freshness`.
"""
