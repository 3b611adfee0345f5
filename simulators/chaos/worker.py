"""A process that runs what it is asked on stdin, a JSON object a line, and answers each on stdout.

`python -m simulators.chaos.worker`; `jobs` starts and asks them.
"""

import json
import signal
import sys
from typing import IO

from simulators.chaos.asked import answer_json


def work(questions: IO[str], answers: IO[str]) -> None:
    """Until there are no more."""
    for line in questions:
        answers.write(json.dumps(answer_json(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    # Ctrl-C is for whoever asks, and reaches all processes of a terminal: they are ended by him.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(sys.stdin, sys.stdout)
