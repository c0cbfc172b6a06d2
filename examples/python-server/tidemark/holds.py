"""Limits the number of held requests and streams (CORE-SECURITY-5)."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import Counter as Counts
from typing import Iterator

from .settings import Settings


class Holds:
    """Counts held requests and streams, per client address and in total."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held: Counts[str] = Counter()
        self._total = 0
        self.closing = False
        """True once the server has started to shut down."""

    @contextmanager
    def enter(self, address: str) -> Iterator[bool]:
        """Whether there is room for one more; it counts until the `with` block ends."""
        settings = self._settings
        if self._total >= settings.max_held or self._held[address] >= settings.max_held_per_address:
            yield False
            return
        self._total += 1
        self._held[address] += 1
        try:
            yield True
        finally:
            self._total -= 1
            self._held[address] -= 1
            if not self._held[address]:
                del self._held[address]
