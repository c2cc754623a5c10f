"""API keys as they arrive: which texts can be a key."""

from playhead.domain.errors import ApiError, ErrorKind, Rule, Violation

MAX_KEY_LENGTH = 200
INVALID_PREFIX = "invalid"


def parse_api_key(text: str, *, field: str) -> str:
    """A usable key: 1 to 200 printable characters that do not begin with `invalid`.

    Raises ApiError(unauthenticated), with the violation at `field`.
    """
    key = text.strip()
    if not key:
        raise _rejected(Violation(field, Rule.missing))
    if len(key) > MAX_KEY_LENGTH or not key.isprintable():
        raise _rejected(Violation(field, Rule.malformed))
    if key.startswith(INVALID_PREFIX):
        reason = "keys that begin with `invalid` open nothing"
        raise _rejected(Violation(field, Rule.refused, bounds={"reason": reason}))
    return key


def _rejected(violation: Violation) -> ApiError:
    return ApiError(ErrorKind.unauthenticated, [violation])
