"""What can be set, in one place."""

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
    """How many messages a page holds if `limit` is absent, and at most."""
    page_bytes: int = 1 << 20
    """A page ends after the message that passes this size (POLL-PAGE-8)."""
    scan_limit: int = 10_000
    """How many messages of the log are looked at for one filtered page."""
    page_max_age: int = 3600
    """How long a cache may keep a page of the history; 0 forbids it."""
    retain: Optional[int] = 100_000
    """How many messages a channel keeps; `None` keeps all."""
    max_channels: int = 10_000
    """How many channels can be written in one run."""
    declared: Optional[FrozenSet[str]] = None
    """The names of the only channels there are; `None` makes every name a channel."""
    writers: FrozenSet[str] = frozenset()
    """The origins whose pages can publish, close and remove; pages of all origins can read."""
    key_ttl: int = 86_400
    """How long an idempotency key is remembered."""
    max_keys: int = 100_000
    """How many unexpired idempotency keys a channel remembers."""
    max_body: int = 1 << 20
    max_batch: int = 1000
    """The most bytes and messages of one `POST`."""
    max_held: int = 2000
    max_held_per_address: int = 500
    """How many long polls and streams are served at a time, in all and for one client address."""
    max_connections: int = 2500
    max_head: int = 16 << 10
    """The most bytes of a request line with its header fields."""
    idle_seconds: float = 75
    """How long an open connection can wait for its next request."""
    head_seconds: float = 10
    body_seconds: float = 30
    send_seconds: float = 60
    """How long a client can take to send a head, to send a body, and to take what it was sent."""
    drain_seconds: float = 5
    """How long requests under way have to end after SIGTERM."""
