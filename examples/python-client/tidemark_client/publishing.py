"""Publishing, once."""

from __future__ import annotations

import json
import random
import secrets
import time
from typing import Any, Dict, List

from .failures import NetworkFailure, Refused
from .fields import read_claims
from .grammar import name_of, read_problem
from .http import Requests

#: Refusals after which the same publish can succeed (PUB-CLIENT-1).
PASSING = (
    "in-progress",
    "too-early",
    "too-many-requests",
    "internal",
    "unavailable",
    "storage-full",
)
ATTEMPTS = 10
#: After this many answers that are not from a Tidemark server, the URL is not one.
FOREIGN_ATTEMPTS = 3
#: Seconds to wait for an answer, and the slowest upload that is waited for, in bytes per second.
SILENCE = 30.0
SLOWEST = 4096
MAX_PAUSE = 300.0


def publish(
    url: str,
    messages: List[Dict[str, Any]],
    with_key: bool = True,
    first_pause: float = 1.0,
) -> List[str]:
    """Publish messages; returns their cursors.

    With a key, the same request is repeated if the outcome is unknown; without one it is not (PUB-KEY-8).
    """
    body = json.dumps({"messages": messages}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if with_key:
        headers["Idempotency-Key"] = f'"{secrets.token_hex(16)}"'
    foreign, silent = 0, 0.0
    limit = SILENCE + len(body) // SLOWEST
    for failures in range(1, ATTEMPTS + 1):
        floor = 0.0
        sent_at = time.monotonic()
        try:
            answer = Requests().send("POST", url, headers, limit, body)
            text = (answer.headers.get("Retry-After") or "").strip()
            floor = float(text) if text.isascii() and text.isdigit() else 0.0
            known = read_claims(answer.headers.get("Tidemark")) is not None
            foreign += not known
            silent = 0.0
            sent_at = time.monotonic()
            content = answer.body()
            if known and answer.status in (200, 201):
                cursors: List[str] = json.loads(content)["cursors"]
                return cursors
            problem = read_problem(content)
            passing = answer.status >= 500 or answer.status in (425, 429)
            passing = passing or name_of(problem, answer.status) in PASSING
            if known and not passing:
                raise Refused(answer.status, problem)
            # If a Tidemark server answered with the status of a refusal, the publish was not carried out.
            certain = known and answer.status in (409, 425, 429, 503, 507)
            failure: Exception = Refused(answer.status, problem)
        except (NetworkFailure, ValueError, KeyError, TypeError) as error:
            certain, failure = False, error
        is_over = failures == ATTEMPTS or foreign == FOREIGN_ATTEMPTS
        if is_over or not (with_key or certain):
            raise failure
        bound = min(MAX_PAUSE, first_pause * 2.0 ** (failures - 1))
        pause = max(random.uniform(0, bound), min(floor, MAX_PAUSE))
        silent += time.monotonic() - sent_at + pause
        if silent >= limit:
            raise failure
        time.sleep(pause)
    raise AssertionError("unreachable")
