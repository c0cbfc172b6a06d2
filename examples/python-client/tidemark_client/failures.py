"""How reading and publishing can fail."""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Optional


class Gap(NamedTuple):
    """Messages after the position were lost; `start` and `end` are cursors to go on from."""

    reason: str
    requested: str
    start: str
    end: str


class NetworkFailure(Exception):
    """No answer of a Tidemark server, or a broken one: the client tries again by itself."""


class Silence(NetworkFailure):
    """Nothing came in time."""


class Refused(Exception):
    """A Tidemark server refused, and trying again does not mend it."""

    def __init__(self, status: int, problem: Dict[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail') or problem.get('title') or 'refused'}")
        self.status = status
        self.problem = problem


class TooLarge(Exception):
    """A message above `max_message`: raise that, or go on behind it with `after` set to `cursor`."""

    def __init__(self, cursor: Optional[str], size: int, limit: int) -> None:
        super().__init__(f"the message {cursor or '(unread)'} has {size} characters or more, and the limit is {limit}")
        self.cursor = cursor
        self.size = size


class GapError(Exception):
    """A gap, and the application said nothing about where to go on."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"messages after {gap.requested} are lost ({gap.reason})")
        self.gap = gap
