"""`python -m playhead` is the command `playhead`."""

from playhead.cli.main import main

main()
