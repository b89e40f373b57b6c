"""The page served on this machine alone, until Ctrl-C."""

from __future__ import annotations

import errno
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from rsip_sim.experiment.errors import InputError
from rsip_sim.page.app import Page
from rsip_sim.page.guards import LARGEST_BODY

HOST = "127.0.0.1"
_MOST_CONNECTIONS = 64
_SECONDS = 3  # for what is at work to stop


class _Server(uvicorn.Server):
    """A server that tells the page first when it is to end."""

    def __init__(self, config: uvicorn.Config, page: Page) -> None:
        super().__init__(config)
        self._page = page

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._page.close()
        super().handle_exit(sig, frame)


def serve(page: Page, port: int, told: Callable[[str], None]) -> None:
    """Answer in a browser of this machine until Ctrl-C, which raises KeyboardInterrupt.

    port  0 for any that is free
    told  is told the address

    Raises InputError where the port is in use or may not be used.
    """
    with bound(port) as listening:
        number = listening.getsockname()[1]
        hosts = [f"{name}:{number}" for name in (HOST, "localhost")]
        config = uvicorn.Config(
            page.app([*hosts, *(name.removesuffix(":80") for name in hosts if number == 80)]),
            http="h11", ws="none", loop="asyncio", lifespan="off", interface="asgi3",
            log_config=None, access_log=False, server_header=False, proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS, h11_max_incomplete_event_size=LARGEST_BODY,
            timeout_graceful_shutdown=_SECONDS,
        )  # fmt: skip
        threading.Thread(target=page.warm, name="rsip-ahead", daemon=True).start()
        told(f"http://{HOST}:{number}/")
        try:
            _Server(config, page).run(sockets=[listening])
        finally:
            page.close()
            page.deeds.wait(_SECONDS)


def bound(port: int) -> socket.socket:
    """A socket of this machine alone at a port; InputError where that cannot be had."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # a page just ended may leave its port waiting; on Windows the same word would share it
    if sys.platform == "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        raise InputError(
            f"port {port} {'is in use' if taken else f'cannot be used ({error.strerror})'}; name "
            f"another, such as rsip page --port {port + 1 if taken and port < 65_535 else 8012}, "
            "or 0 for any that is free"
        ) from None
    return listening
