"""How reading and publishing can fail."""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Optional


class Gap(NamedTuple):
    """Messages after the position are lost; `start` and `end` are cursors to continue from."""

    reason: str
    requested: str
    start: str
    end: str


class NetworkFailure(Exception):
    """No answer from a Tidemark server, or an invalid one; the client retries by itself."""


class Silence(NetworkFailure):
    """The server was silent for too long."""


class Refused(Exception):
    """A Tidemark server refused permanently: a retry does not help."""

    def __init__(self, status: int, problem: Dict[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail') or problem.get('title') or 'refused'}")
        self.status = status
        self.problem = problem


class TooLarge(Exception):
    """A message exceeds `max_message`: raise that, or continue after it with `after` set to `cursor`."""

    def __init__(self, cursor: Optional[str], size: int, limit: int) -> None:
        super().__init__(f"the message {cursor or '(unread)'} has {size} characters or more, and the limit is {limit}")
        self.cursor = cursor
        self.size = size


class GapError(Exception):
    """There is a gap, and the application did not choose where to continue."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"messages after {gap.requested} are lost ({gap.reason})")
        self.gap = gap
