"""How reading and publishing can fail."""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Optional


class Gap(NamedTuple):
    """Messages after the position were lost; `start` and `end` are cursors to continue from."""

    reason: str
    requested: str
    start: str
    end: str


class NetworkFailure(Exception):
    """No answer from a Tidemark server, or a broken one: the client retries by itself."""


class Silence(NetworkFailure):
    """Nothing arrived in time."""


class Refused(Exception):
    """A Tidemark server refused, and a retry would not help."""

    def __init__(self, status: int, problem: Dict[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail') or problem.get('title') or 'refused'}")
        self.status = status
        self.problem = problem


class TooLarge(Exception):
    """A message above `max_message`: raise the limit, or continue after it with `after` set to `cursor`."""

    def __init__(self, cursor: Optional[str], size: int, limit: int) -> None:
        super().__init__(f"the message {cursor or '(unread)'} has {size} characters or more, and the limit is {limit}")
        self.cursor = cursor
        self.size = size


class GapError(Exception):
    """A gap, and the application did not say where to continue."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"messages after {gap.requested} are lost ({gap.reason})")
        self.gap = gap
