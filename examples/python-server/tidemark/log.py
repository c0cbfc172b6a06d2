"""Channels in memory. Everything here is synchronous, hence atomic on one event loop."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import time
from dataclasses import dataclass
from typing import Collection, Dict, List, NamedTuple, Optional, Sequence, Tuple
from weakref import WeakValueDictionary

from .problems import Problem
from .settings import Settings

# Leading zeros are invalid: a position has exactly one cursor (CORE-CURSOR-2).
_MINTED = re.compile(r"([0-9a-f]{16})\.(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})")


class Message(NamedTuple):
    """A message; `number` counts the messages of the epoch up to and including it."""

    number: int
    event: str
    data: str


@dataclass(frozen=True)
class Page:
    """The result of a read: the messages that the filter keeps, and how far it read."""

    messages: Sequence[Message]
    begin: int
    end: int
    more: bool
    closed: bool


class Receipt(NamedTuple):
    """The result of an append."""

    cursors: List[str]
    cursor: str
    closed: bool


class Channel:
    """One append-only log.

    Internally, a position is the number of messages before it. Its cursor also names the epoch: the
    channel in this run of the server (nothing survives a restart), and how often it was removed.
    """

    def __init__(self, identity: str, settings: Settings) -> None:
        self._identity = identity
        self._settings = settings
        self._removals = 0
        self._messages: Dict[int, Message] = {}
        self._keys: Dict[str, Tuple[float, bytes, Receipt]] = {}
        self.dropped = 0
        self.end = 0
        self.closed = False
        self.changed = asyncio.Event()
        """Set once when anything changes, then replaced: take it before you read."""

    @property
    def epoch(self) -> str:
        """The name of the present epoch; no other run, channel or removal has the same."""
        return f"{self._identity}.{self._removals}"

    def cursor(self, position: int) -> str:
        """The one cursor of a position in the present epoch (CORE-CURSOR-2)."""
        return f"{self.epoch}-{position}"

    def locate(self, cursor: str) -> Tuple[Optional[int], str]:
        """The position that a cursor names, or `None` and the `reason` of a gap (CORE-GAP-2)."""
        match = _MINTED.fullmatch(cursor)
        # From another run or another channel: the two cannot be distinguished (CORE-GAP-6).
        if match is None or match[1] != self._identity or int(match[2]) > self._removals:
            return None, "unknown"
        if int(match[2]) < self._removals:
            return None, "epoch"
        position = int(match[3])
        if position > self.end:
            return None, "ahead"
        # Nothing is lost after a cursor just before the oldest retained message (CORE-GAP-3).
        if position < self.dropped:
            return None, "retention"
        return position, ""

    def read(self, begin: int, limit: int, events: Optional[Collection[str]] = None) -> Page:
        """Read from a retained position, up to the limits of a page."""
        messages: List[Message] = []
        size = 0
        position = begin
        last = min(self.end, begin + self._settings.scan_limit)
        while position < last and len(messages) < limit and size < self._settings.page_bytes:
            position += 1
            message = self._messages[position]
            if events is None or message.event in events:
                messages.append(message)
                size += len(message.data)
        more = position < self.end
        return Page(messages, begin, position, more, self.closed and not more)

    def append(
        self,
        entries: Sequence[Tuple[str, str]],
        *,
        close: bool = False,
        after: Optional[str] = None,
        key: Optional[str] = None,
        digest: bytes = b"",
    ) -> Receipt:
        """Append pairs of event name and data text, all or none; checks PUB-ORDER-2 first."""
        if key is not None:
            known = self._recall(key)
            if known is not None:
                if known[1] != digest:
                    raise Problem("key-reused")
                return known[2]
        end = self.cursor(self.end)
        if self.closed and entries:
            raise Problem("closed", members={"end": end})
        if after is not None and after != end:
            raise Problem("not-at-end", members={"end": end})
        cursors: List[str] = []
        for event, data in entries:
            self.end += 1
            self._messages[self.end] = Message(self.end, event, data)
            cursors.append(self.cursor(self.end))
        self.closed = self.closed or close
        receipt = Receipt(cursors, self.cursor(self.end), self.closed)
        if key is not None:
            self._keys[key] = (time.monotonic() + self._settings.key_ttl, digest, receipt)
        self._retain()
        self.wake()
        return receipt

    def remove(self) -> None:
        """Delete everything and begin a new epoch (CORE-CHANNEL-4), unless there is nothing."""
        if self.end == 0 and not self.closed:
            return  # PUB-REMOVE-2
        self._removals += 1
        self._messages.clear()
        self._keys.clear()
        self.dropped = self.end = 0
        self.closed = False
        self.wake()

    def wake(self) -> None:
        """Wake all watchers of the channel."""
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()

    def _recall(self, key: str) -> Optional[Tuple[float, bytes, Receipt]]:
        now = time.monotonic()
        # All keys live equally long, so the oldest come first.
        while self._keys:
            oldest = next(iter(self._keys))
            if self._keys[oldest][0] > now:
                break
            del self._keys[oldest]
        known = self._keys.get(key)
        # A key must not be forgotten early (PUB-KEY-1), so new ones have to wait.
        if known is None and len(self._keys) >= self._settings.max_keys:
            raise Problem("storage-full", headers=(("Retry-After", "60"),))
        return known

    def _retain(self) -> None:
        if self._settings.retain is not None:
            while self.end - self.dropped > self._settings.retain:
                self.dropped += 1
                del self._messages[self.dropped]


class Log:
    """All channels. A channel that was never written to is free once its readers have left."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._run = secrets.token_bytes(16)
        self._in_use: WeakValueDictionary[str, Channel] = WeakValueDictionary()
        self._kept: Dict[str, Channel] = {}

    def knows(self, name: str) -> bool:
        """Whether a channel of that name exists: any, unless names are declared."""
        return self._settings.declared is None or name in self._settings.declared

    def channel(self, name: str) -> Channel:
        """The channel of that name; raises `no-such-channel` (CORE-CHANNEL-3)."""
        if not self.knows(name):
            raise Problem("no-such-channel")
        channel = self._in_use.get(name)
        if channel is None:
            # Derived from the name, so that a first cursor stays valid without being stored
            # (CORE-POSITION-6), and a cursor of another channel is recognized.
            identity = hashlib.blake2b(name.encode(), digest_size=8, key=self._run).hexdigest()
            channel = self._in_use[name] = Channel(identity, self._settings)
        return channel

    def keep(self, name: str) -> Channel:
        """The same, for writing: the channel is never forgotten."""
        channel = self.channel(name)
        if name not in self._kept and len(self._kept) >= self._settings.max_channels:
            raise Problem("storage-full", "Too many channels", headers=(("Retry-After", "60"),))
        self._kept[name] = channel
        return channel

    def wake(self) -> None:
        """Wake the watchers of every channel."""
        for channel in list(self._in_use.values()):
            channel.wake()
