"""The grammars that a client has to recognize: cursors, and a problem's type."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Optional

PROBLEMS = "https://tidemark.example/problems/"
_CURSOR = re.compile(r"[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*")


def is_cursor(text: Any) -> bool:
    """Whether a value is a valid cursor."""
    return isinstance(text, str) and len(text) <= 1024 and _CURSOR.fullmatch(text) is not None


def parse_json(text: str) -> Any:
    """Parse a JSON text; raises `ValueError` if it is invalid."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not valid JSON")


def read_problem(body: bytes) -> Dict[str, Any]:
    """The members of a problem; empty if the body is not a JSON object."""
    try:
        value = parse_json(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


#: The names of the problems that a client has to distinguish, with their status (CORE-PROBLEM-3).
STATUS_OF = {
    "gap": 410,
    "in-progress": 409,
    "too-early": 425,
    "too-many-requests": 429,
    "internal": 500,
    "unavailable": 503,
    "storage-full": 507,
}


def name_of(problem: Dict[str, Any], status: int) -> Optional[str]:
    """The name of a problem, if it matches the status; otherwise only the status counts."""
    kind = problem.get("type")
    name = kind[len(PROBLEMS) :] if isinstance(kind, str) and kind.startswith(PROBLEMS) else None
    return name if name is not None and STATUS_OF.get(name) == status else None
