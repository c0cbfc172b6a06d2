"""The parameters and the mechanism of a read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Collection, Dict, FrozenSet, Optional
from urllib.parse import unquote_to_bytes

from .grammar import is_event_name, is_position
from .problems import Problem
from .settings import Settings

_DIGITS = re.compile(r"[0-9]+")
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")  # the qvalue of RFC 9110
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)')
_MAX_NAMES = 32
_TABLE = ("after", "limit", "gap", "stream", "wait", "event")


@dataclass(frozen=True)
class Query:
    """The parameters of a read, validated and clamped."""

    after: Optional[str] = None
    limit: int = 0
    gap: Optional[str] = None
    stream: bool = False
    wait: Optional[int] = None
    events: Optional[FrozenSet[str]] = None

    def without_hold(self) -> Query:
        """The same read, as a plain poll."""
        return replace(self, stream=False, wait=None)


def parse_query(raw: bytes, settings: Settings) -> Query:
    """Parse the parameters of the table; raises `invalid-parameter` (CORE-PARAM-1 to -6)."""
    values: Dict[str, str] = {}
    for pair in raw.split(b"&"):
        name_bytes, _, value_bytes = pair.partition(b"=")
        name = _decode(name_bytes)
        if name not in _TABLE:
            continue
        if name in values:
            raise Problem("invalid-parameter", f"{name} occurs twice", members={"parameter": name})
        values[name] = _decode(value_bytes)
    for name, value in values.items():
        if not _is_well_formed(name, value):
            raise Problem("invalid-parameter", f"{name} is malformed", members={"parameter": name})
    limit, wait, event = values.get("limit"), values.get("wait"), values.get("event")
    return Query(
        after=values.get("after"),
        limit=settings.default_limit if limit is None else _at_most(limit, settings.max_limit),
        gap=values.get("gap"),
        stream="stream" in values,
        wait=None if wait is None else _at_most(wait, settings.max_wait),
        events=None if event is None else frozenset(event.split(",")),
    )


def _decode(text: bytes) -> str:
    return unquote_to_bytes(text.replace(b"+", b" ")).decode("utf-8", "replace")


def _is_well_formed(name: str, value: str) -> bool:
    if name == "after":
        return is_position(value)
    if name == "limit":
        return _DIGITS.fullmatch(value) is not None and value.strip("0") != ""
    if name == "gap":
        return value in ("start", "end")
    if name == "stream":
        return value == "1"
    if name == "wait":
        return _DIGITS.fullmatch(value) is not None
    names = value.split(",")
    return len(names) <= _MAX_NAMES and all(map(is_event_name, names))


def _at_most(digits: str, maximum: int) -> int:
    # `int` refuses thousands of digits; CORE-PARAM-6 does not.
    significant = digits.lstrip("0")
    return maximum if len(significant) > 9 else min(int(significant or "0"), maximum)


def choose_mechanism(query: Query, accept: Optional[str], offered: Collection[str]) -> str:
    """The algorithm of CORE-CHOICE-1: `poll`, `long-poll` or `sse`, or a problem."""
    ranges = _parse_accept(accept or "")
    stream_quality = ranges.get("text/event-stream", 0.0)
    asked = query.stream or (
        stream_quality > 0 and ranges.get("application/json", 0.0) <= stream_quality
    )
    if asked and "sse" in offered:
        return "sse"
    takes_json = any(
        ranges.get(name, 0.0) > 0 for name in ("application/json", "application/*", "*/*")
    )
    if asked and ranges and not takes_json:
        raise Problem("not-acceptable")
    if not {"poll", "long-poll"} & set(offered):
        raise Problem("not-acceptable")
    return "long-poll" if query.wait is not None and "long-poll" in offered else "poll"


def _parse_accept(accept: str) -> Dict[str, float]:
    """The highest quality of every range."""
    ranges: Dict[str, float] = {}
    # Ignore commas and semicolons in quoted strings.
    for item in _QUOTED.sub('""', accept).split(","):
        if not item.strip():
            continue
        name, *parameters = (part.strip() for part in item.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                value = value.strip()
                if _QUALITY.fullmatch(value):
                    quality = float(value)
                break
        ranges[name.lower()] = max(quality, ranges.get(name.lower(), 0.0))
    return ranges
