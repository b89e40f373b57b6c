"""What the page answers to which address; what it refuses stands in `guards`."""

from __future__ import annotations

import contextlib
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from rsip_sim.measures.runs import ComparisonError
from rsip_sim.page import view
from rsip_sim.page.asked import Read, Sources, asked
from rsip_sim.page.deeds import BusyError, Deeds, Desk, told_error
from rsip_sim.page.guards import KEPT_CONTENT, Guarded, RefusedError, fields_of, pairs_of
from rsip_sim.page.live import FIRST, REFINED, Live, Outdated
from rsip_sim.report.html import STYLE

Done = TypeVar("Done")

_STATIC = {"page.css": "text/css", "page.js": "text/javascript"}
_HERE = Path(__file__).parent
_MOST_DIGITS = 10  # of the number of anything here


@dataclass
class Page:
    """The page of one folder.

    folder   in which it was started: it writes nowhere else
    files    scenario files to choose from, as they were named
    first    futures of a first answer;  refined: of the one that follows
    """

    folder: Path
    files: Sequence[Path] = ()
    first: int = FIRST
    refined: int = REFINED
    live: Live = field(default_factory=Live)
    desk: Desk = field(default_factory=Desk)

    def __post_init__(self) -> None:
        """Nothing is asked and nothing done yet."""
        self.sources = Sources(self.files)
        self.deeds = Deeds(self.folder, self.desk)

    def app(self, hosts: Sequence[str]) -> Guarded:
        """The application, for requests to these hosts with their ports."""
        routes = [
            Route("/", self._whole),
            Route("/answer", self._answer),
            Route("/hangs", self._hangs),
            Route("/done", self._done),
            Route("/kept/{number:int}/{name}", self._kept),
            *(Route(f"/{name}", partial(_static, name)) for name in ("report.css", *_STATIC)),
            Route("/save", self._save, methods=["POST"]),
            Route("/keep", self._keep, methods=["POST"]),
            Route("/paper", self._paper, methods=["POST"]),
        ]
        told = {RefusedError: _refused, 404: _nowhere, 405: _nowhere, Exception: _failed}
        return Guarded(Starlette(routes=routes, exception_handlers=told), hosts)

    def warm(self) -> None:
        """Work out the first question ahead, so that nobody waits for what is read only once."""
        read = self._read([])
        if read.made and not read.same:
            with contextlib.suppress(Exception):  # it will be told where it is asked
                self._shown(read, self.first, "ahead", 0)

    def close(self) -> None:
        """Tell whatever is at work to stop, and give it a moment."""
        self.desk.close()

    def _read(self, pairs: list[tuple[str, str]]) -> Read:
        return asked(pairs, self.sources)

    def _shown(
        self, read: Read, futures: int, window: str, turn: int, hangs: bool = False
    ) -> view.Shown:
        """The answer to what was asked, once nothing else is at work."""
        assert read.made is not None
        baseline, policy = read.made

        def work(stop: Callable[[], bool]) -> view.Shown:
            # asked first, since the answer then says what would be under other rules
            on = self.live.hangs_on(baseline, policy, futures, stop) if hangs else None
            answer = self.live.answer(baseline, policy, futures, stop)
            return view.shown(answer, read, self.deeds, on)

        return self.desk.ask(window, turn, work)

    async def _whole(self, request: Request) -> Response:
        """The whole page, with the answer where a form without a script asks for it."""
        pairs = pairs_of(request.url.query)
        show = dict(pairs).get("show", "")

        def made() -> tuple[int, str]:
            read = self._read(pairs)
            answer, problem, status = None, "", 200
            if show and read.made and not read.same:
                refined = show == "refined"
                futures = self.refined if refined else self.first
                try:
                    answer = self._shown(read, futures, "", 0, hangs=refined)
                except (Outdated, BusyError, ComparisonError) as error:
                    problem, status = told_error(error), 503
            return status, self._page(read, answer, problem)

        status, text = await run_in_threadpool(made)
        return HTMLResponse(text, status)

    def _page(self, read: Read, answer: view.Shown | None = None, problem: str = "") -> str:
        futures = self.first, self.refined
        return view.page(read, self.sources, self.deeds, futures, answer, problem)

    async def _answer(self, request: Request) -> Response:
        """How the form stands, and the answer, for the script of the page."""

        def told(read: Read, window: str, turn: int) -> dict[str, object]:
            state = view.state(read, self.deeds)
            if read.made is None or read.same:
                return state
            refined = request.query_params.get("futures") == "refined"
            futures = self.refined if refined else self.first
            answer = self._shown(read, futures, window, turn)
            return {
                **state,
                "said": answer.said,
                "html": answer.html,
                "futures": answer.replications,
                "next": "" if refined else "refined",
            }

        return await self._for_the_script(request, told)

    async def _hangs(self, request: Request) -> Response:
        """What the answer hangs on, and the answer with it, for the script of the page."""

        def told(read: Read, window: str, turn: int) -> dict[str, object]:
            if read.made is None or read.same:
                return {"html": "", "hangs": ""}
            answer = self._shown(read, self.refined, window, turn, hangs=True)
            return {"html": answer.html, "hangs": answer.hangs}

        return await self._for_the_script(request, told)

    async def _for_the_script(
        self, request: Request, told: Callable[[Read, str, int], dict[str, object]]
    ) -> Response:
        pairs = pairs_of(request.url.query)
        given = request.query_params
        window, turn = given.get("window", "")[:40], given.get("turn", "")
        if not (window and turn.isascii() and turn.isdecimal() and len(turn) < _MOST_DIGITS):
            raise RefusedError(400, "The window and the turn of a question are missing.")
        try:
            answer = await run_in_threadpool(lambda: told(self._read(pairs), window, int(turn)))
        except Outdated:
            return JSONResponse({"outdated": True}, 409)
        except (BusyError, ComparisonError) as error:
            return JSONResponse({"problem": told_error(error)}, 503)
        return JSONResponse(answer)

    async def _save(self, request: Request) -> Response:
        """Save the policy, and the baseline where it is not its source any more."""

        def save(read: Read, given: dict[str, str]) -> None:
            baseline, policy = self.deeds.written(read)
            name = given.get("file", "").strip()
            for file, text in ((baseline.file, baseline.text), (name, policy.text)):
                saved = self.deeds.save(file, text) if text else None
                if saved is not None:
                    self.sources.add(saved)
            if not policy.text:
                self.deeds.told(f"{policy.file} says all of it already: there is nothing to save.")

        return await self._deed(request, save)

    async def _keep(self, request: Request) -> Response:
        """Begin to run in full."""

        def keep(read: Read, _given: dict[str, str]) -> None:
            if read.made is not None:
                self.deeds.keep(*read.made)

        return await self._deed(request, keep)

    async def _deed(self, request: Request, do: Callable[[Read, dict[str, str]], None]) -> Response:
        """Do something with what is asked, and go on at the list of what was done."""
        pairs = await fields_of(request)

        def done() -> Response:
            read = self._read(pairs)
            if read.made is None:
                return HTMLResponse(self._page(read), 422)
            do(read, dict(pairs))
            return RedirectResponse(f"/?{read.asked.address()}#done", 303)

        return await run_in_threadpool(done)

    async def _paper(self, request: Request) -> Response:
        """Begin to write the paper of a run that is kept."""
        number = dict(await fields_of(request)).get("run", "")
        is_number = number.isascii() and number.isdecimal() and len(number) < _MOST_DIGITS
        deed = self.deeds.numbered(int(number)) if is_number else None
        if deed is None or deed.folder is None or deed.state != "done":
            raise RefusedError(404, "No run of this number is kept.")
        self.deeds.write_paper(deed)
        before = urlsplit(request.headers.get("referer", ""))
        query = before.query if before.netloc == request.headers["host"] else ""
        return RedirectResponse(f"/?{query}#done", 303)

    async def _done(self, _request: Request) -> Response:
        """The list of what was done, and whether any of it still runs."""
        return JSONResponse({"html": view.done(self.deeds), "running": self.deeds.running})

    async def _kept(self, request: Request) -> Response:
        """A file of a run that was kept: a page is shown, another handed over."""
        deed = self.deeds.numbered(request.path_params["number"])
        path = deed.files.get(request.path_params["name"]) if deed is not None else None
        if path is None or not path.is_file():
            raise RefusedError(404, "No such file is kept.")
        if path.suffix == ".html":
            headers = {"content-security-policy": KEPT_CONTENT}
            return FileResponse(path, media_type="text/html; charset=utf-8", headers=headers)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return FileResponse(path, media_type=kind, filename=path.name)


async def _static(name: str, _request: Request) -> Response:
    path = STYLE if name == STYLE.name else _HERE / "static" / name
    return FileResponse(path, media_type=f"{_STATIC.get(name, 'text/css')}; charset=utf-8")


async def _refused(_request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, RefusedError) else 400
    return PlainTextResponse(f"{error}\n", status)


async def _nowhere(_request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return PlainTextResponse("There is nothing at this address: the page is at /.\n", status)


async def _failed(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"{told_error(error)}\n", 500)
