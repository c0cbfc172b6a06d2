"""All settings in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import FrozenSet, Optional


@dataclass(frozen=True)
class Settings:
    """The choices that the protocol leaves to a server. Sizes are in bytes, times in seconds."""

    heartbeat: int = 15
    """The longest silence of a stream, 1 to 300."""
    max_wait: int = 60
    """The longest hold of a long poll, 1 to 3600."""
    default_limit: int = 100
    max_limit: int = 1000
    """How many messages a page has if `limit` is absent, and at most."""
    page_bytes: int = 1 << 20
    """A page ends after the message that exceeds this size (POLL-PAGE-8)."""
    scan_limit: int = 10_000
    """How many messages of the log are scanned for one filtered page."""
    page_max_age: int = 3600
    """How long a cache may keep a page of history; 0 forbids it."""
    retain: Optional[int] = 100_000
    """How many messages a channel keeps; `None` keeps all."""
    max_channels: int = 10_000
    """How many channels can be written to in one run."""
    declared: Optional[FrozenSet[str]] = None
    """The names of the only channels; with `None`, every name is a channel."""
    writers: FrozenSet[str] = frozenset()
    """The origins whose pages can publish, close and remove; pages of all origins can read."""
    key_ttl: int = 86_400
    """How long an idempotency key is remembered."""
    max_keys: int = 100_000
    """How many unexpired idempotency keys a channel remembers."""
    max_body: int = 1 << 20
    max_batch: int = 1000
    """The maximum bytes and messages of one `POST`."""
    max_held: int = 2000
    max_held_per_address: int = 500
    """How many long polls and streams are served at a time, in total and per client address."""
    max_connections: int = 2500
    max_head: int = 16 << 10
    """The maximum bytes of a request line with its header fields."""
    idle_seconds: float = 75
    """How long an idle connection is kept open."""
    head_seconds: float = 10
    body_seconds: float = 30
    send_seconds: float = 60
    """How long a client can take to send a head, to send a body, and to read an answer."""
    drain_seconds: float = 5
    """How long requests under way have to finish after SIGTERM."""
