"""Playhead: a self-hosted emulator of three vendors' video-statistics APIs over one synthetic
world.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playhead.app import create_app as create_app
    from playhead.client import Client as Client
    from playhead.client import ControlError as ControlError
    from playhead.server import Server as Server

__version__ = "0.1.0"
__all__ = ["Client", "ControlError", "Server", "create_app"]

_EXPORTS = {
    "create_app": "playhead.app",
    "Client": "playhead.client",
    "ControlError": "playhead.client",
    "Server": "playhead.server",
}


def __getattr__(name: str) -> Any:  # Any: a module attribute of either exported kind
    """Import what is exported at its first use, so that `import playhead` costs nothing."""
    from importlib import import_module

    if name not in _EXPORTS:
        raise AttributeError(f"module 'playhead' has no attribute {name!r}")
    return getattr(import_module(_EXPORTS[name]), name)
