"""`POST` and `DELETE`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from .grammar import is_event_name, is_position, parse_key
from .http import Answer, Request, is_media_type
from .json_text import Fault, Node, parse_json
from .log import Log
from .problems import Problem
from .settings import Settings

_MAX_DATA_DEPTH = 64


@dataclass(frozen=True)
class Publication:
    """A validated body: pairs of event name and data text, and the other members."""

    entries: List[Tuple[str, str]]
    close: bool
    after: Optional[str]


async def answer_publish(request: Request, name: str, log: Log, settings: Settings) -> Answer:
    """Append the messages of the body. The checks are in the order of PUB-ORDER-1."""
    if not is_media_type(request.head.get("content-type"), "application/json"):
        raise Problem("unsupported-type")  # before the body is read (PUB-TYPE-1)
    if request.head.get("content-encoding"):
        raise Problem("unsupported-type", "Content-Encoding is not supported")  # PUB-TYPE-2
    log.channel(name)
    body = await request.read_body(settings.max_body)
    if body is None:
        raise Problem("too-large", members={"limit": settings.max_body, "unit": "bytes"})
    key = _read_key(request)
    publication = parse_publication(body, settings)
    # Nothing else runs from here to the answer: there is no `await` (PUB-ORDER-2, PUB-KEY-3).
    receipt = log.keep(name).append(
        publication.entries,
        close=publication.close,
        after=publication.after,
        key=key,
        digest=hashlib.sha256(body).digest(),
    )
    members: Dict[str, object] = {"cursors": receipt.cursors, "cursor": receipt.cursor}
    if receipt.closed:
        members["closed"] = True
    return Answer(200, [("Content-Type", "application/json")], json.dumps(members).encode())


def answer_remove(name: str, log: Log) -> Answer:
    """Remove the channel, if there is one; its next life begins at once (PUB-REMOVE-3)."""
    if log.knows(name):
        log.channel(name).remove()
    return Answer(204)


def _read_key(request: Request) -> Optional[str]:
    keys = request.head.all("idempotency-key")
    if not keys:
        return None
    key = parse_key(keys[0]) if len(keys) == 1 else None
    if key is None:
        detail = "Idempotency-Key is one string in double quotes, of 1 to 255 characters"
        raise Problem("invalid-header", detail, members={"header": "Idempotency-Key"})
    return key


def parse_publication(body: bytes, settings: Settings) -> Publication:
    """Validate a body against the table in publishing; raises `invalid-body` or `too-large`."""
    try:
        return _check_body(parse_json(body), settings)
    except Fault as fault:
        raise Problem("invalid-body", fault.detail, members={"pointer": fault.pointer}) from fault


def _check_body(node: Node, settings: Settings) -> Publication:
    members = node.value
    if not isinstance(members, dict):
        raise Fault("The body is not an object")
    messages = members["messages"].value if "messages" in members else []
    if not isinstance(messages, list):
        raise Fault("messages is not an array", "/messages")
    close = members["close"].value if "close" in members else False
    if not isinstance(close, bool):
        raise Fault("close is not a boolean", "/close")
    after = members["after"].value if "after" in members else None
    if "after" in members and not (isinstance(after, str) and is_position(after)):
        raise Fault("after is not a cursor", "/after")
    if len(messages) > settings.max_batch:
        raise Problem(
            "too-large",
            "There are too many messages",
            members={"limit": settings.max_batch, "unit": "messages"},
        )
    entries = [_check_message(message, f"/messages/{at}") for at, message in enumerate(messages)]
    if not entries and not close:
        raise Fault("The body has no message and does not close")
    return Publication(entries, close, after if isinstance(after, str) else None)


def _check_message(node: Node, pointer: str) -> Tuple[str, str]:
    members = node.value
    if not isinstance(members, dict):
        raise Fault("A message is not an object", pointer)
    if "data" not in members:
        raise Fault("A message has no data", pointer)
    if members["data"].depth > _MAX_DATA_DEPTH:
        raise Fault("data is nested too deeply", f"{pointer}/data")  # PUB-BODY-8
    event = members["event"].value if "event" in members else "message"
    if not (isinstance(event, str) and is_event_name(event)):
        raise Fault("event is not an event name", f"{pointer}/event")  # PUB-BODY-4
    return event, members["data"].text
