"""Commands that control a running server: accounts, clocks, recording, faults, stubs, requests."""

from playhead.cli.remote.accounts import account_commands
from playhead.cli.remote.clock import clock_commands
from playhead.cli.remote.faults import fault_commands
from playhead.cli.remote.recording import recording_commands
from playhead.cli.remote.requests import request_commands
from playhead.cli.remote.stubs import stub_commands
from playhead.cli.typer_commands import Commands

remote_commands = Commands()
remote_commands.add_typer(account_commands, name="account")
remote_commands.add_typer(clock_commands, name="clock")
for commands in (recording_commands, fault_commands, stub_commands, request_commands):
    remote_commands.add_typer(commands)
