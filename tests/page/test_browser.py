"""The page in a real browser: keys alone, nothing asked elsewhere, nothing axe would mend."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import rsip_sim
from rsip_sim.page.app import Page
from rsip_sim.page.serve import Server
from tests.fakes.programs import BROWSERS, program
from tests.page.conftest import FIRST, OURS, REFINED, THEIRS, write_policies

LENGTH = "#agreement-length-months"
WIDE, PHONE = 1280, 390
PATIENCE = 120_000  # milliseconds: how long a busy machine takes is no argument
DONE = f"From {REFINED} simulated futures."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One page for all tests here, in a folder of its own."""
    program(*BROWSERS)
    folder, before = tmp_path_factory.mktemp("page"), Path.cwd()
    write_policies(folder)
    os.chdir(folder)
    serving = Server(Page(folder, [Path(THEIRS), Path(OURS)], FIRST, REFINED), 0)
    thread = threading.Thread(target=serving.answer)
    thread.start()
    yield serving
    serving.should_exit = True
    thread.join()
    os.chdir(before)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program(*BROWSERS),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@contextmanager
def looked_at(server: Server, browser: Any, query: str = "", width: int = WIDE, script: bool = True,
              **how: Any):  # fmt: skip
    """A window on the page; afterwards it has asked nobody else, and found nothing amiss."""
    how = {"reduced_motion": "reduce", **how}  # else a click may meet a page that still glides
    context = browser.new_context(viewport={"width": width, "height": 900}, **how)
    context.set_default_timeout(PATIENCE)
    window = context.new_page()
    if not script:
        window.route("**/page.js", lambda route: route.fulfill(body=""))
    asked: list[str] = []
    amiss: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.on("console", lambda message: amiss.append(message.text))
    window.on("pageerror", lambda error: amiss.append(str(error)))
    window.goto(f"{server.address}{query}")
    try:
        yield window
        elsewhere = [url for url in asked if not url.startswith((server.address, "data:"))]
        assert elsewhere == []
        assert amiss == []
        assert context.cookies() == []
        assert window.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        context.close()


def wait_for(window: Any, words: str, at: str = "#state") -> None:
    window.locator(at, has_text=words).wait_for()


def cells(window: Any) -> list[list[str]]:
    """The rows of the first table."""
    rows = window.locator("#result table").first.locator("tbody tr")
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


@pytest.mark.parametrize(
    ("width", "script", "scheme"),
    [
        (WIDE, True, "light"),
        (PHONE, True, "dark"),
        (WIDE, False, "dark"),
        (PHONE, False, "light"),
    ],
)
def test_axe_finds_nothing_to_mend_and_nothing_is_asked_of_any_other_place(
    server: Server, browser: Any, width: int, script: bool, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    query = "?agreement.length_months=36&show=first"
    how = {"color_scheme": scheme, "bypass_csp": True}  # axe is a script itself
    with looked_at(server, browser, query, width, script, **how) as window:
        window.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        if script:
            wait_for(window, DONE)
            window.fill("#agreement-quorum", "50%")
            wait_for(window, "Cannot be used", "#agreement-quorum-fault")
        found = Axe().run(window).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_a_number_changed_by_keys_alone_gives_the_answer_of_rsip_compare(
    server: Server, browser: Any
) -> None:
    with looked_at(server, browser) as window:
        wait_for(window, DONE)
        for _ in range(30):
            window.keyboard.press("Tab")
            if window.evaluate("document.activeElement.id") == LENGTH[1:]:
                break
        window.keyboard.press("Control+a")
        window.keyboard.type("36")
        wait_for(window, "36 months", "#result h2")
        assert window.input_value(f"[data-for={LENGTH[1:]}]") == "36"
        window.keyboard.press("Tab")  # on to its slider
        window.keyboard.press("ArrowRight")
        window.keyboard.press("ArrowRight")
        assert window.input_value(LENGTH) == "38"
        wait_for(window, "38 months", "#result h2")
        wait_for(window, DONE)
        assert window.locator(f"{LENGTH}-was .differs").is_visible()
        assert "36 months" not in window.inner_text("#result")
        ours = rsip_sim.load_scenario(OURS).changed({"agreement.length_months": 38})
        done = rsip_sim.compare([THEIRS, ours], REFINED, workers=1)
        assert cells(window) == [list(row) for row in done.report.table.labelled]
        assert "agreement.length_months=38" in window.url
        with looked_at(server, browser, window.url.partition("/?")[2].join(["?", ""])) as again:
            wait_for(again, DONE)
            assert cells(again) == cells(window)


def test_the_keys_reach_everything_in_the_order_in_which_it_is_read(
    server: Server, browser: Any
) -> None:
    with looked_at(server, browser) as window:
        wait_for(window, DONE)
        reached = []
        for _ in range(80):
            window.keyboard.press("Tab")
            reached.append(window.evaluate(
                "(all => [all.indexOf(document.activeElement), document.activeElement.id ||"
                " document.activeElement.textContent.trim()])([...document.querySelectorAll('*')])"
            ))  # fmt: skip
            if reached[-1][1] == "BODY" or (len(reached) > 1 and reached[-1] == reached[0]):
                break
        places = [place for place, _ in reached]
        names = [name for _, name in reached]
        inside = places[: places.index(max(places)) + 1]
        assert inside == sorted(inside)
        assert names[:3] == ["Skip to the answer", "baseline", "policy"]
        assert {LENGTH[1:], "file", "Save as a scenario file", "Run in full and keep"} <= set(names)


def test_a_value_that_will_not_do_is_told_at_its_field_and_the_answer_before_is_said_to_be_so(
    server: Server, browser: Any
) -> None:
    with looked_at(server, browser) as window:
        wait_for(window, DONE)
        window.fill(LENGTH, "200")
        fault = window.locator(f"{LENGTH}-fault")
        wait_for(window, "200 is too large; from 0 to 120 months", f"{LENGTH}-fault")
        assert window.get_attribute(LENGTH, "aria-invalid") == "true"
        assert f"{LENGTH[1:]}-fault" in (window.get_attribute(LENGTH, "aria-describedby") or "")
        assert "Agreement length" in window.inner_text("#said")
        assert window.inner_text("#state") == "Below is the answer before."
        window.fill(LENGTH, "24")
        wait_for(window, DONE)
        assert fault.is_hidden()
        assert window.get_attribute(LENGTH, "aria-invalid") is None


def test_what_changed_is_said_politely_and_what_was_open_stays_open(
    server: Server, browser: Any
) -> None:
    with looked_at(server, browser) as window:
        wait_for(window, DONE)
        assert window.get_attribute("#said", "role") == "status"
        before = window.inner_text("#said")
        window.locator("#result summary", has_text="The price").click()
        window.fill("#funding-earmark-gbp-per-year", "0")
        wait_for(window, "Partnership earmark", "#result h2")
        assert window.inner_text("#said") != before
        assert window.locator("#price").is_visible()


def test_a_word_stands_for_a_number_until_one_is_given(server: Server, browser: Any) -> None:
    with looked_at(server, browser) as window:
        window.click("#rank-2 > summary")
        cut = "#funding-council-cut-pct-per-year"
        assert window.is_checked(f"{cut}-word")
        window.fill(cut, "15")
        assert window.is_checked(f"{cut}-number")
        wait_for(window, "15%", "#result h2")
        window.check(f"{cut}-word")
        window.wait_for_url(re.compile(r"^(?!.*council_cut)"))


def test_a_reason_is_asked_for_what_differs_and_goes_into_the_file(
    server: Server, browser: Any
) -> None:
    with looked_at(server, browser) as window:
        wait_for(window, DONE)
        assert window.locator("#agreement-quorum-why").is_hidden()
        window.fill(LENGTH, "60")
        window.fill(f"{LENGTH}-why", "Five years, to outlast an election")
        window.fill("#file", "five.yaml")
        window.click("text=Save as a scenario file")
        wait_for(window, "Saved five.yaml", "#deeds")
        assert re.search(r"why\.agreement\.length_months=Five\+years", window.url)
        assert Path("five.yaml").is_file()
        saved = rsip_sim.load_scenario("five.yaml")
        assert saved.policy.levers.agreement.length_months == 60
        reason = "Five years, to outlast an election"
        assert saved.reasons == {"agreement.length_months": reason}


def test_without_a_script_the_same_form_gives_the_same_answer(server: Server, browser: Any) -> None:
    with looked_at(server, browser, java_script_enabled=False) as window:
        window.fill(LENGTH, "36")
        window.press(LENGTH, "Enter")
        window.wait_for_url("**show=first**")
        few = cells(window)
        window.click("text=with what it hangs on")
        window.wait_for_url("**show=refined**")
        assert window.inner_text("#state") == DONE
        assert window.locator("#hangs").count() == 1
        assert few != []
        ours = rsip_sim.load_scenario(OURS).changed({"agreement.length_months": 36})
        done = rsip_sim.compare([THEIRS, ours], REFINED, workers=1)
        assert cells(window) == [list(row) for row in done.report.table.labelled]
