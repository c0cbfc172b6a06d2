"""How many requests are held and streams are served at a time (CORE-SECURITY-5)."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import Counter as Counts
from typing import Iterator

from .settings import Settings


class Holds:
    """Counts what is held, for each client address and in all."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held: Counts[str] = Counter()
        self._total = 0
        self.closing = False
        """True from the moment when the server lets go of its connections."""

    @contextmanager
    def enter(self, address: str) -> Iterator[bool]:
        """Whether one more can be held; it counts until the block is left."""
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
