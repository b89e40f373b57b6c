"""Charts as files: picture, drawing, table and words, the same bytes every time."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from rsip_sim.charts.frame import Chart
from rsip_sim.measures.metrics import METRICS
from rsip_sim.studies.compare.charts import metric_fan
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR, fake_results

SVG = "{http://www.w3.org/2000/svg}"


def chart() -> Chart:
    pair = [NO_AGREEMENT, TWO_YEAR]
    return metric_fan(fake_results(pair, 40), pair, METRICS["erosion"])


def written(made: Chart, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in made.files().items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(chart(), tmp_path_factory.mktemp("charts"))


def test_a_chart_is_four_files() -> None:
    endings = sorted(name.removeprefix("erosion_fan") for name in chart().files())
    assert endings == [".alt.txt", ".csv", ".png", ".svg"]


def test_the_same_chart_gives_the_same_bytes(folder: Path) -> None:
    for name, content in chart().files().items():
        assert content == (folder / name).read_bytes(), name


def test_the_drawing_keeps_its_text_and_carries_its_alternative(folder: Path) -> None:
    root = ElementTree.parse(folder / "erosion_fan.svg").getroot()
    made = chart()
    assert root.get("role") == "img"
    assert root.get("aria-label") == made.title
    assert root.findtext(f"{SVG}title") == made.title
    assert root.findtext(f"{SVG}desc") == made.alt
    texts = [node.text for node in root.iter(f"{SVG}text")]
    assert "Never an agreement" in texts
    assert not any("DejaVu" in (node.get("style") or "").split(",")[0] for node in root.iter())


def test_the_drawing_holds_no_date(folder: Path) -> None:
    assert "<dc:date>" not in (folder / "erosion_fan.svg").read_text()


def test_the_picture_is_16_cm_wide_at_200_dots_an_inch(folder: Path) -> None:
    picture = Image.open(io.BytesIO((folder / "erosion_fan.png").read_bytes()))
    assert picture.width == pytest.approx(16 / 2.54 * 200, abs=1)
    assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)
    assert picture.info["Title"] == chart().title
    assert picture.info["Description"] == chart().alt


def test_the_table_reads_back(folder: Path) -> None:
    table = pd.read_csv(folder / "erosion_fan.csv")
    assert list(table.columns) == ["scenario", "month", "mean", "p05", "median", "p95"]


def test_no_font_is_missed(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    chart().files()
    assert not caplog.records
    assert not recwarn.list
