"""The tokens of the specification: cursors, event names, idempotency keys."""

from __future__ import annotations

import re
from typing import Optional

MAX_CURSOR = 1024
MAX_KEY = 255

# At least one character is not a lower-case letter, so a cursor is never "start" or "end".
_CURSOR = re.compile(r"[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*")
_EVENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
_KEY = re.compile(r'"((?:[\x20\x21\x23-\x5B\x5D-\x7E]|\\["\\])*)"')


def is_cursor(text: str) -> bool:
    """Whether `text` matches the grammar `cursor`, from whatever server."""
    return len(text) <= MAX_CURSOR and _CURSOR.fullmatch(text) is not None


def is_position(text: str) -> bool:
    """Whether `text` matches the grammar `position`."""
    return text in ("start", "end") or is_cursor(text)


def is_event_name(text: str) -> bool:
    """Whether `text` is a valid event name; "error" and "open" belong to `EventSource`."""
    return _EVENT_NAME.fullmatch(text) is not None and text not in ("error", "open")


def parse_key(text: str) -> Optional[str]:
    """The value of an `Idempotency-Key`, a String of RFC 9651, or `None` (PUB-KEY-6)."""
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    key = re.sub(r"\\(.)", r"\1", match[1])
    return key if 1 <= len(key) <= MAX_KEY else None
