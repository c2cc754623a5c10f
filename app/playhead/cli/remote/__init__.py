"""The commands that ask a running server: what a test says to an account, said at a terminal."""

import typer

from playhead.cli.remote.accounts import account_commands, clock_commands
from playhead.cli.remote.asking import option as option
from playhead.cli.remote.journal import journal_commands
from playhead.cli.remote.planning import fault_commands
from playhead.cli.remote.recording import recording_commands

remote_commands = typer.Typer()
remote_commands.add_typer(account_commands, name="account")
remote_commands.add_typer(clock_commands, name="clock")
for several in (recording_commands, fault_commands, journal_commands):
    remote_commands.add_typer(several)
