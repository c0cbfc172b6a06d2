#!/usr/bin/env python3
"""A Tidemark server: `python3 server.py --port 8080`."""

from __future__ import annotations

import argparse
import asyncio
import signal
from typing import Callable, List, Optional

from tidemark.application import Application
from tidemark.listener import Listener
from tidemark.settings import Settings


def _whole(least: int, most: Optional[int] = None) -> Callable[[str], int]:
    def whole(text: str) -> int:
        number = int(text)
        if number < least or (most is not None and number > most):
            raise argparse.ArgumentTypeError(f"{number} is out of range")
        return number

    return whole


def parse_arguments(arguments: Optional[List[str]] = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A Tidemark server with its log in memory.")
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="the address to listen at (%(default)s)")
    add(
        "--port",
        type=_whole(0, 65535),
        default=8080,
        help="the port; 0 takes a free one (%(default)s)",
    )
    add(
        "--heartbeat",
        type=_whole(1, 300),
        default=15,
        metavar="S",
        help="the longest silence of a stream, seconds (%(default)s)",
    )
    add(
        "--max-wait",
        type=_whole(1, 3600),
        default=60,
        metavar="S",
        help="the longest hold of a long poll, seconds (%(default)s)",
    )
    add(
        "--retain",
        type=_whole(1),
        default=100_000,
        metavar="N",
        help="how many messages a channel keeps (%(default)s)",
    )
    add("--declared", metavar="NAME,NAME", help="the only channels (default: every name)")
    add(
        "--writer",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="an origin whose pages can publish, close and remove (default: none)",
    )
    return parser.parse_args(arguments)


async def main() -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way finish."""
    options = parse_arguments()
    settings = Settings(
        heartbeat=options.heartbeat,
        max_wait=options.max_wait,
        retain=options.retain,
        declared=None if options.declared is None else frozenset(options.declared.split(",")),
        writers=frozenset(options.writer),
    )
    application = Application(settings)
    listener = Listener(application, settings)
    port = await listener.listen(options.host, options.port)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    host = f"[{options.host}]" if ":" in options.host else options.host
    print(f"listening on http://{host}:{port}/channels/{{channel}}", flush=True)
    await stopped.wait()
    application.let_go()
    await listener.drain()


if __name__ == "__main__":
    asyncio.run(main())
