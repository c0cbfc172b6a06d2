"""The registry of problems (core, "Problems")."""

from __future__ import annotations

import json
from typing import Dict, Mapping, Optional, Sequence, Tuple

PROBLEM_BASE = "https://tidemark.example/problems/"

# name: status, title
PROBLEMS: Dict[str, Tuple[int, str]] = {
    "invalid-parameter": (400, "A parameter is repeated or malformed"),
    "unsupported-parameter": (400, "A parameter is not offered here"),
    "invalid-header": (400, "A request header field is malformed or not offered here"),
    "invalid-body": (400, "The body is not what it has to be"),
    "forbidden": (403, "The request is not allowed here"),
    "no-such-channel": (404, "There is no such channel"),
    "method-not-allowed": (405, "The method is not offered here"),
    "not-acceptable": (406, "No mechanism fits"),
    "not-at-end": (409, "The log does not end where the publisher thought"),
    "closed": (409, "The channel is closed"),
    "gap": (410, "Reading on from here would lose messages"),
    "too-large": (413, "The body has too many bytes or messages"),
    "unsupported-type": (415, "The type or coding of the body is not taken"),
    "key-reused": (422, "The key came before, with another body"),
    "internal": (500, "The server failed"),
    "storage-full": (507, "The log takes no more at present"),
}


class Problem(Exception):
    """A problem of the protocol, with its further members and header fields."""

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        members: Optional[Mapping[str, object]] = None,
        headers: Sequence[Tuple[str, str]] = (),
    ) -> None:
        super().__init__(name)
        self.name = name
        self.status, self.title = PROBLEMS[name]
        self.headers = list(headers)
        self.detail = detail or self.title
        self.members = dict(members or {})

    def to_json(self) -> bytes:
        """The `application/problem+json` body (RFC 9457, CORE-PROBLEM-1)."""
        problem: Dict[str, object] = {
            "type": PROBLEM_BASE + self.name,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        problem.update(self.members)
        return json.dumps(problem).encode()
