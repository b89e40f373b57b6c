"""The page served on this machine alone, until Ctrl-C."""

from __future__ import annotations

import errno
import socket
import sys
import threading
from types import FrameType

import uvicorn

from rsip_sim.experiment.errors import InputError
from rsip_sim.page.app import Page
from rsip_sim.page.guards import LARGEST_BODY

HOST = "127.0.0.1"
_MOST_CONNECTIONS = 64
_SECONDS = 3  # for what is at work to stop


class Server(uvicorn.Server):
    """Serves a page on this machine alone, and tells it first when it is to end."""

    def __init__(self, page: Page, port: int) -> None:
        """Answer at a port of this machine.

        port  0 for any that is free

        Raises InputError where the port is in use or may not be used.
        """
        self._page = page
        self.socket = bound(port)
        self.port: int = self.socket.getsockname()[1]
        names = (HOST, "localhost")
        hosts = [f"{name}:{self.port}" for name in names] + list(names) * (self.port == 80)
        super().__init__(
            uvicorn.Config(
                page.app(hosts), http="h11", ws="none", loop="asyncio", lifespan="off",
                interface="asgi3", log_config=None, access_log=False, server_header=False,
                proxy_headers=False, limit_concurrency=_MOST_CONNECTIONS,
                h11_max_incomplete_event_size=LARGEST_BODY, timeout_graceful_shutdown=_SECONDS,
            )
        )  # fmt: skip

    @property
    def address(self) -> str:
        """Of the page."""
        return f"http://{HOST}:{self.port}/"

    def answer(self) -> None:
        """Answer until it is told to exit; Ctrl-C raises KeyboardInterrupt at the end of it."""
        threading.Thread(target=self._page.warm, name="rsip-ahead", daemon=True).start()
        try:
            self.run(sockets=[self.socket])
        finally:
            self.socket.close()
            self._page.close()
            self._page.deeds.wait(_SECONDS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What is at work stops first, since an answer waits for it."""
        self._page.close()
        super().handle_exit(sig, frame)


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
        listening.listen(_MOST_CONNECTIONS)  # before anybody is told to ask
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        raise InputError(
            f"port {port} {'is in use' if taken else f'cannot be used ({error.strerror})'}; name "
            f"another, such as rsip page --port {port + 1 if taken and port < 65_535 else 8012}, "
            "or 0 for any that is free"
        ) from None
    return listening
