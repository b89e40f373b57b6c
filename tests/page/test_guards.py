"""Nothing but the page itself, on this machine, is answered; it may load nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rsip_sim.page import app
from rsip_sim.page.guards import LARGEST_BODY, LONGEST_ADDRESS
from tests.page.conftest import HOST

STATIC = Path(app.__file__).parent / "static"
PLACES = ("/", "/answer", "/done", "/page.css", "/page.js", "/report.css", "/nowhere", "/save")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8011", "127.0.0.1", "127.0.0.1:80", "", "localhost.evil"]
)
def test_a_name_that_points_here_is_not_answered(client: TestClient, host: str) -> None:
    for place in PLACES:
        assert client.get(place, headers={"host": host}).status_code == 403


@pytest.mark.parametrize("place", ["/save", "/keep", "/paper"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "https://127.0.0.1:8011"},
        {"origin": "http://127.0.0.1:8012", "sec-fetch-site": "same-site"},
        {"origin": f"http://{HOST}", "sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_of_another_site_does_nothing(
    client: TestClient, folder: Path, place: str, headers: dict[str, str]
) -> None:
    before = sorted(folder.iterdir())
    answer = client.post(place, data={"file": "new.yaml"}, headers=headers)
    assert answer.status_code == 403
    assert sorted(folder.iterdir()) == before
    assert "Nothing yet" in client.get("/").text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_may_link_to_the_page_and_ask_nothing_else(
    client: TestClient, site: str
) -> None:
    follows = {"sec-fetch-site": site, "sec-fetch-mode": "navigate"}
    fetches = {"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}
    assert client.get("/", headers=follows).status_code == 200
    assert client.get("/answer?window=a&turn=1", headers=follows).status_code == 403
    for place in PLACES:
        assert client.get(place, headers=fetches).status_code == 403


@pytest.mark.parametrize("place", PLACES)
def test_no_answer_may_load_anything_from_elsewhere_or_sets_a_cookie(
    client: TestClient, place: str
) -> None:
    answer = client.get(place)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_page_holds_no_script_no_style_and_no_address_of_another_place(
    client: TestClient,
) -> None:
    text = client.get("/?show=first").text
    assert re.findall(r"<script[^>]*>", text) == ['<script src="/page.js" defer>']
    assert "<style" not in text
    assert not re.search(r"\s(on\w+|style)=", text)
    places = re.findall(r"""(?:src|href|action|formaction)="([^"]*)""", text)
    assert all(re.match(r"/(?!/)|#|data:", each) for each in places)
    for file in STATIC.iterdir():
        assert not re.search(r"https?:|url\(|@import|//\w", file.read_text("utf-8")), file


def test_a_form_or_an_address_without_end_is_refused(
    client: TestClient, same_site: dict[str, str]
) -> None:
    large = client.post("/save", data={"why.x": "x" * LARGEST_BODY}, headers=same_site)
    assert large.status_code == 413
    many = client.post("/save", data={f"f{at}": "" for at in range(1000)}, headers=same_site)
    assert many.status_code == 400
    assert client.get(f"/?title={'x' * LONGEST_ADDRESS}").status_code == 414
    other = client.post("/save", json={}, headers=same_site)
    assert other.status_code == 415


def test_what_is_written_by_the_planner_or_stands_in_the_address_is_only_text(
    client: TestClient,
) -> None:
    evil = '"><script>alert(1)</script>'
    for name in ("title", "policy", "agreement.length_months", "why.agreement.length_months"):
        text = client.get("/", params={name: evil}).text
        assert "<script>alert" not in text
