"""What stands between the page and everything else that runs in the same browser.

The page listens on 127.0.0.1 alone. Any site open in the browser can still send requests there, by
its own name or through one that it points to 127.0.0.1: those are refused by Host, by Origin and by
what the browser says of where a request comes from. A page answered may load nothing from elsewhere
and run no script but its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_ADDRESS = 32 * 1024  # bytes of what is asked in an address
LARGEST_BODY = 64 * 1024
MOST_FIELDS = 400

CONTENT = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip
KEPT_CONTENT = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Of pages that are kept in results: one file each, with its style in it, without any script."""

_ALWAYS = {
    "content-security-policy": CONTENT,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class RefusedError(Exception):
    """A request that is answered with this status and these words."""

    def __init__(self, status: int, words: str) -> None:
        """Keep both."""
        self.status = status
        super().__init__(words)


class Guarded:
    """An application behind the guards."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        """Let in requests to these hosts, each with its port."""
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or hand it on and put the guarding headers on its answer."""
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refusal(scope, Headers(scope=scope))
        if refused is None:
            await self._app(scope, receive, guarded)
        else:
            status, words = refused
            await PlainTextResponse(f"{words}\n", status)(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if host not in self._hosts:
            return 403, "This page answers to 127.0.0.1 alone."
        if len(scope["query_string"]) > LONGEST_ADDRESS:
            return 414, "This address is too long."
        changes = scope["method"] not in ("GET", "HEAD")
        origin = headers.get("origin")
        if origin != f"http://{host}" and (changes or origin is not None):
            return 403, "This was asked by another site, or by none that says its name."
        comes_from = headers.get("sec-fetch-site", "none")
        follows_link = headers.get("sec-fetch-mode") == "navigate" and scope["path"] == "/"
        if comes_from not in ("none", "same-origin") and not (follows_link and not changes):
            return 403, "This was asked by another site."
        return None


async def fields_of(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that was sent.

    Raises RefusedError for anything but a form of a reasonable size.
    """
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind != "application/x-www-form-urlencoded":
        raise RefusedError(415, "A form is expected.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise RefusedError(413, "This form is too large.")
    return pairs_of(body.decode("utf-8", "replace"))


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Names and values of an address or a form; RefusedError where they are too many."""
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise RefusedError(400, "This asks for more than the form has.") from None
