"""`python -m hubagent`."""

from hubagent.cli.main import main

main()
