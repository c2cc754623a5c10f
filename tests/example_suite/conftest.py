"""The dashboard under test, asking a fresh account of Playhead.

The vendors' clients lie in the folder that EXAMPLE_CLIENTS names.
"""

import os
import sys

sys.path.append(
    os.environ["EXAMPLE_CLIENTS"]
)  # behind what is installed, which has newer versions of the same libraries

import pytest
from dashboard import Dashboard, Title

from playhead.client import Account

NOW = "2024-06-05T12:00:00Z"


@pytest.fixture
def account(playhead: Account) -> Account:
    """An account with nothing in it, on Wednesday the fifth of June 2024 at noon."""
    playhead.freeze(NOW)
    return playhead


@pytest.fixture
def dashboard_client(account: Account) -> Dashboard:
    """The dashboard, its clients' base URLs changed and nothing else."""
    return Dashboard(
        gcore=account.url("gcore"),
        wistia=account.url("wistia"),
        apivideo=account.url("apivideo"),
        key=account.key,
    )


@pytest.fixture
def talk_video(account: Account) -> Title:
    """A video of 100 seconds."""
    ids = account.create_media("talk", duration=100).ids
    return Title(gcore=ids["gcore"][0], wistia=ids["wistia"][0], apivideo=ids["apivideo"][0])
