"""The commands that ask a running server: what a test says to an account, said at a terminal."""

import typer

from playhead.verbs.accounts import accounts, clocks
from playhead.verbs.asking import option as option
from playhead.verbs.journal import journal
from playhead.verbs.planning import planning
from playhead.verbs.recording import recording

verbs = typer.Typer()
verbs.add_typer(accounts, name="account")
verbs.add_typer(clocks, name="clock")
for several in (recording, planning, journal):
    verbs.add_typer(several)
