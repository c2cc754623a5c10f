"""Talking to a running server: whether it answers."""

import http.client

from playhead.settings import Settings


def answers(settings: Settings) -> bool:
    """Whether Playhead answers at the settings' address; every address of this machine is asked on loopback."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        return response.status == 200 and b"<title>Playhead</title>" in response.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
