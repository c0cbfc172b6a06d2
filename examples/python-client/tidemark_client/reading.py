"""Turns the answers of each mechanism into steps, each with the position after it."""

from __future__ import annotations

import json
import time
from typing import Any, Iterator, List, NamedTuple, Optional

from .decoder import MAX_MESSAGE, Decoder, Event
from .failures import Gap, NetworkFailure, Silence, TooLarge
from .grammar import is_cursor, parse_json
from .http import Answer


class Message(NamedTuple):
    """A message; `event` is `message` if it has no name of its own."""

    cursor: str
    event: str
    data: Any


class Step(NamedTuple):
    """Messages that arrived together, and the position to resume from after them."""

    messages: List[Message]
    cursor: Optional[str] = None
    more: bool = False
    closed: bool = False
    gap: Optional[Gap] = None
    retry: Optional[int] = None
    #: An event was dispatched.
    is_event: bool = False
    #: The position in `$open`, where the stream begins.
    begins: Optional[str] = None


def read_gap(value: Any) -> Gap:
    """The four members of a gap."""
    if not isinstance(value, dict):
        raise NetworkFailure("the gap is not an object")
    members = [value.get(name) for name in Gap._fields]
    if not all(isinstance(member, str) for member in members):
        raise NetworkFailure("the gap lacks a member")
    gap = Gap(*members)
    if not (is_cursor(gap.start) and is_cursor(gap.end)):
        raise NetworkFailure("the gap's positions are not cursors")
    return gap


def parse_page(body: bytes, max_message: int = MAX_MESSAGE) -> Step:
    """Parse a page; anything else is a network failure (POLL-CLIENT-5).

    The step ends before the first message that is too large; if that is the page's first message, raises `TooLarge`.
    """
    try:
        page = parse_json(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NetworkFailure(f"the page is not valid JSON: {error}") from error
    if not isinstance(page, dict) or not isinstance(page.get("messages"), list):
        raise NetworkFailure("the body is not a page")
    retry = page.get("retry")
    fine = (
        is_cursor(page.get("cursor"))
        and isinstance(page.get("more"), bool)
        and page.get("closed", True) is True
        and ("retry" not in page or (type(retry) is int and retry >= 0))
    )
    if not fine:
        raise NetworkFailure("the page has an invalid member")
    gap = read_gap(page["gap"]) if "gap" in page else None
    messages = [_message(each) for each in page["messages"]]
    for index, each in enumerate(messages if len(body) > max_message else []):
        size = len(json.dumps(each.data, separators=(",", ":"), ensure_ascii=False))
        if size > max_message and index == 0:
            raise TooLarge(each.cursor, size, max_message)
        if size > max_message:
            return Step(messages[:index], messages[index - 1].cursor, True, False, gap)
    return Step(messages, page["cursor"], page["more"], "closed" in page, gap, retry)


def _message(value: Any) -> Message:
    if not isinstance(value, dict) or not is_cursor(value.get("cursor")) or "data" not in value:
        raise NetworkFailure("a message lacks a member")
    event = value.get("event", "message")
    if not isinstance(event, str):
        raise NetworkFailure("a message has an invalid event name")
    return Message(value["cursor"], event, value["data"])


def read_stream(answer: Answer, max_message: int = MAX_MESSAGE) -> Iterator[Step]:
    """Yield the steps of a stream; a network failure if it is silent for two heartbeats (SSE-CLIENT-7).

    Events, and bytes of an event with data, are progress; comments are not.
    """
    decoder, heartbeat, silent = Decoder(max_message), 15, 0.0
    retry: Optional[int] = None
    while True:
        began = time.monotonic()
        chunk = answer.read(2 * heartbeat - silent)
        silent += time.monotonic() - began  # The application's own time does not count.
        if not chunk:
            return
        before = decoder.pending
        try:
            events = list(decoder.push(chunk))
        except ValueError as error:
            raise TooLarge(None, max_message, max_message) from error
        if decoder.pending > before or any(event.data is not None for event in events):
            silent = 0.0
        for event in events:
            size = event.too_large or len(event.data or "")
            if size > max_message:
                raise TooLarge(event.position if is_cursor(event.position) else None, size, max_message)
            if event.name == "$open" and event.data is not None:
                heartbeat = _heartbeat(event.data)
            yield _step(event)
        if decoder.retry != retry:
            retry = decoder.retry
            yield Step([], retry=retry)
        if silent >= 2 * heartbeat:
            raise Silence("the stream was silent for two heartbeats")


def _step(event: Event) -> Step:
    cursor = event.position if is_cursor(event.position) else None
    if event.data is None:
        return Step([], cursor)
    if event.name == "$closed":
        return Step([], cursor, closed=True, is_event=True)
    if event.name == "$open":
        told = _object(event.data).get("gap")
        gap = None if told is None else read_gap(told)
        return Step([], cursor, gap=gap, is_event=True, begins=cursor)
    if event.name.startswith("$"):
        return Step([], cursor, is_event=True)
    if cursor is None:
        raise NetworkFailure("a message has no valid cursor")
    try:
        data = parse_json(event.data)
    except (ValueError, RecursionError) as error:
        raise NetworkFailure(f"the data is not valid JSON: {error}") from error
    return Step([Message(cursor, event.name, data)], cursor, is_event=True)


def _heartbeat(data: str) -> int:
    value = _object(data).get("heartbeat")
    return value if type(value) is int and 1 <= value <= 300 else 15


def _object(data: str) -> Any:
    try:
        value = parse_json(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
