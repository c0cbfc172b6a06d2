"""Polling and long polling: positions, gaps, pages, validators."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import re
from dataclasses import dataclass
from typing import Dict, Optional

from .grammar import is_cursor
from .holds import Holds
from .http import Answer, Headers, Request
from .log import Channel, Message, Page
from .problems import Problem
from .query import Query
from .settings import Settings

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@dataclass(frozen=True)
class Origin:
    """Where a read begins, and the gap before it, if any."""

    position: int
    gap: Optional[Dict[str, str]] = None


def find_origin(channel: Channel, after: Optional[str], gap: Optional[str]) -> Origin:
    """Where a read from `after` begins; raises `gap` unless the client chose where to continue."""
    if after is None or after == "start":  # CORE-POSITION-2
        return Origin(channel.dropped)
    if after == "end":
        return Origin(channel.end)
    return find_resumption(channel, after, gap)


def find_resumption(channel: Channel, cursor: str, gap: Optional[str]) -> Origin:
    """The same for a cursor, or for an invalid one."""
    position, reason = channel.locate(cursor)
    if position is not None:
        return Origin(position)
    told = {
        "reason": reason,
        "requested": cursor,
        "start": channel.cursor(channel.dropped),
        "end": channel.cursor(channel.end),
    }
    if gap is None:
        raise Problem("gap", members=told)  # CORE-GAP-1
    return Origin(channel.dropped if gap == "start" else channel.end, told)  # CORE-GAP-4


def answer_poll(request: Request, query: Query, channel: Channel, settings: Settings) -> Answer:
    """Answer with a page at once, or with 304 if the client has it."""
    origin = find_origin(channel, query.after, query.gap)
    page = channel.read(origin.position, query.limit, query.events)
    caching = _cache_control(query, origin, page, settings)
    if caching == "no-store":
        return _answer_page(channel, page, origin, caching)
    tag = _entity_tag(channel, page, query)
    headers = [("ETag", tag), ("Cache-Control", caching)]
    if _has_tag(request.head.get("if-none-match"), tag):
        return Answer(304, headers)  # POLL-ETAG-3
    answer = _answer_page(channel, page, origin, caching)
    answer.headers.append(headers[0])
    return answer


async def answer_long_poll(
    request: Request, query: Query, channel: Channel, settings: Settings, holds: Holds
) -> Answer:
    """Hold the request until there is a message, the wait is over, or LP-NOW applies."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + (query.wait or 0)
    with holds.enter(request.address) as admitted:
        while True:
            changed = channel.changed
            # On waking, the request is judged as if it had just arrived (LP-WAIT-5).
            origin = find_origin(channel, query.after, query.gap)
            page = channel.read(origin.position, query.limit, query.events)
            concrete = query.after is not None and is_cursor(query.after)
            if page.messages or page.more or page.closed or origin.gap or not concrete:
                return _answer_page(channel, page, origin)
            seconds = deadline - clock()
            if seconds <= 0:
                return _answer_page(channel, page, origin)
            if holds.closing or not admitted:
                return _answer_page(channel, page, origin, retry=random.randint(1000, 5000))
            await request.hold(changed, seconds)


def message_json(channel: Channel, message: Message) -> str:
    """The JSON text of a message in a page; `data` is the published text."""
    event = "" if message.event == "message" else f'"event":"{message.event}",'
    return f'{{"cursor":"{channel.cursor(message.number)}",{event}"data":{message.data}}}'


def _answer_page(
    channel: Channel,
    page: Page,
    origin: Origin,
    caching: str = "no-store",
    retry: Optional[int] = None,
) -> Answer:
    members = [
        f'"messages":[{",".join(message_json(channel, message) for message in page.messages)}]',
        f'"cursor":"{channel.cursor(page.end)}"',
        f'"more":{json.dumps(page.more)}',
    ]
    if page.closed:
        members.append('"closed":true')
    if origin.gap is not None:
        members.append(f'"gap":{json.dumps(origin.gap)}')
    if retry is not None:
        members.append(f'"retry":{retry}')
    headers: Headers = [("Content-Type", "application/json"), ("Cache-Control", caching)]
    return Answer(200, headers, f"{{{','.join(members)}}}".encode())


def _cache_control(query: Query, origin: Origin, page: Page, settings: Settings) -> str:
    """The table of core, "Caching". Answers of this server are never `public`."""
    concrete = query.after is not None and is_cursor(query.after)
    if query.wait is not None or origin.gap is not None or not concrete:
        return "no-store"
    if page.more:
        age = settings.page_max_age
        return f"private, max-age={age}" if age else "no-store"
    return "private, no-cache"


def _entity_tag(channel: Channel, page: Page, query: Query) -> str:
    """A weak tag over everything in POLL-ETAG-2; the cursors name the epoch."""
    events = None if query.events is None else sorted(query.events)
    parts = [channel.cursor(page.begin), channel.cursor(page.end), page.more, page.closed, events]
    return f'W/"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}"'


def _has_tag(if_none_match: Optional[str], tag: str) -> bool:
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    return tag[2:] in _ENTITY_TAG.findall(if_none_match)
