"""Charts: what is on them, that they are drawn by the library, and that nothing in them runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.names import thing
from hakusho.graph.periods import parse_period
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.server.app import create_app
from hakusho.server.charts.compared import apart, together
from hakusho.server.charts.drawing import Drawer, Drawings, NotDrawn, finished
from hakusho.server.charts.panels import Panel, conflicts, latest, main_line, panels
from hakusho.server.charts.readings import Named, Reading, Readings, readings
from hakusho.server.charts.service import drawings
from hakusho.server.charts.spec import plain, small, specification, truncated
from hakusho.server.charts.theme import DARK, STYLE_HASH
from hakusho.server.service import Service

SVG = "{http://www.w3.org/2000/svg}"


def reading(
    period: str,
    value: str,
    status: str = "actual",
    page: str = "https://example.org/a.html",
    source: str = "survey",
    unit: str = "percent",
) -> Reading:
    """A reading of a made-up indicator."""
    made = [
        Named(thing(kind, slug).value, slug)
        for kind, slug in (("unit", unit), ("observation-status", status), ("source", source))
    ]
    return Reading(
        f"https://example.org/{period}/{value}", parse_period(period), Decimal(value), value,
        made[0], made[1], None, page, (), made[2], base=unit,
    )  # fmt: skip


def chart(*those: Reading) -> Panel:
    """The first chart of some readings."""
    return panels(Readings(list(those)))[0]


@pytest.fixture(scope="module")
def drawn(matrix_data: DataFolder, packaged_store: EmbeddedStore) -> Iterator[FlaskClient]:
    app = create_app(Service(matrix_data, packaged_store))
    yield app.test_client()
    with app.app_context():
        drawings().close()


def test_years_and_fiscal_years_are_never_on_one_axis() -> None:
    found = Readings([reading(p, "5") for p in ("2022", "2023", "FY2022", "FY2023", "2024")])
    assert {panel.type: len(panel.points) for panel in panels(found)} == {
        "year": 3,
        "fiscal-year": 2,
    }


def test_units_that_do_not_convert_have_charts_of_their_own() -> None:
    found = Readings(
        [reading(p, "5", unit=u) for p in ("2022", "2023") for u in ("yen", "percent")]
    )
    assert sorted(panel.id for panel in panels(found)) == ["year_percent", "year_yen"]


def test_a_series_whose_pages_differ_has_a_line_for_each() -> None:
    panel = chart(
        reading("2022", "5"),
        reading("2023", "6"),
        reading("2023", "7", page="https://example.org/b.html"),
    )
    assert panel.apart
    assert panel.series == ["example.org a", "example.org b"]


def test_a_series_whose_sources_differ_is_told_apart_by_them() -> None:
    panel = chart(reading("2022", "5"), reading("2023", "6"), reading("2023", "7", source="census"))
    assert panel.series == ["survey", "census"]


def test_two_pages_that_print_the_same_value_are_one_point() -> None:
    panel = chart(
        reading("2022", "5"), reading("2023", "6"), reading("2023", "6", page="https://b.example/")
    )
    assert not panel.apart and len(panel.points) == 2


def test_values_that_differ_are_found_whatever_their_pages() -> None:
    group = conflicts([reading("2022", "5"), reading("2022", "6"), reading("2023", "5")])
    assert [[str(each.value) for each in those] for those in group] == [["5", "6"]]


def test_a_forecast_is_never_the_latest_value() -> None:
    found = Readings([reading("2022", "5"), reading("2030", "9", status="forecast")])
    assert [each.period.id for each in latest(found)] == ["2022"]


def test_forecasts_are_dashed_and_hollow_and_targets_stand_alone() -> None:
    spec = specification(
        chart(
            reading("2022", "5"),
            reading("2023", "6"),
            reading("2024", "7", status="forecast"),
            reading("2030", "9", status="target"),
        ),
        "made up",
        "year",
    )
    dashed = next(layer for layer in spec["layer"] if "strokeDash" in layer["mark"])
    assert [each["period"] for each in dashed["data"]["values"]] == ["2023", "2024"]
    told = {each["period"]: (each["awaited"], each["target"]) for each in spec["data"]["values"]}
    assert told["2024"] == (True, False) and told["2030"] == (True, True)


def test_many_series_of_one_period_are_bars() -> None:
    assert chart(reading("2022", "5"), reading("2022", "6")).kind == "bars"


def test_an_axis_that_does_not_begin_at_zero_is_known() -> None:
    assert truncated(90.0, 99.0) and not truncated(10.0, 99.0) and not truncated(-1.0, 99.0)


def test_one_line_stands_for_an_indicator() -> None:
    found = Readings([reading("2022", "5"), reading("2023", "6"), reading("FY2023", "7")])
    assert [point.reading.period.id for point in main_line(found)] == ["2022", "2023"]
    assert small(main_line(found), "made up")["width"] < 200


def test_two_indicators_share_a_chart_only_where_unit_and_type_of_period_agree() -> None:
    yearly = main_line(Readings([reading("2022", "5"), reading("2023", "6")]))
    fiscal = main_line(Readings([reading("FY2022", "5"), reading("FY2023", "6")]))
    yen = main_line(Readings([reading("2022", "5", unit="yen"), reading("2023", "6", unit="yen")]))
    assert (apart(yearly, fiscal), apart(yearly, yen), apart(yearly, ())) == ("type", "unit", "few")
    assert apart(yearly, yearly) is None
    assert together([("a", yearly), ("b", yearly)]).series == ["a", "b"]


def test_every_chart_of_the_packaged_edition_has_one_type_of_period_and_finite_numbers(
    packaged_store: EmbeddedStore,
) -> None:
    for slug in ("broadcaster-revenue", "media-trust-rate", "un-egov-rank", "radio-stations"):
        found = readings(packaged_store, thing("indicator", slug), "ja")
        assert found
        for panel in panels(found):
            assert {point.reading.period.type for point in panel.points} == {panel.type}
            json.dumps(specification(panel, slug, panel.type), allow_nan=False)


def test_a_chart_is_drawn_with_title_description_and_text_and_without_anything_that_runs(
    drawn: FlaskClient,
) -> None:
    answer = drawn.get("/charts/indicator/broadcaster-revenue/fiscal-year.svg?lang=ja")
    assert answer.status_code == 200 and answer.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(answer.data)
    assert root.attrib["role"] == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text == "放送事業者の売上高（億円）"
    assert description is not None and "令和5年度" in (description.text or "")
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {"年度", "ケーブルテレビ", "NHK"} <= texts
    assert not list(root.iter(f"{SVG}script")) and " style=" not in answer.text
    assert STYLE_HASH in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_every_colour_of_a_chart_has_one_for_dark_screens(drawn: FlaskClient) -> None:
    body = drawn.get("/charts/indicator/media-trust-rate/year.svg").text
    assert set(re.findall(r'(?:fill|stroke)="(#\w+)"', body)) <= set(DARK)


def test_the_specification_is_given_with_its_data(drawn: FlaskClient) -> None:
    answer = drawn.get("/charts/indicator/broadcaster-revenue/fiscal-year.vl.json?lang=en")
    spec = json.loads(answer.data)
    assert "vega-lite/v5" in spec["$schema"]
    assert {"period", "value", "printed", "source", "page"} <= spec["data"]["values"][0].keys()


def test_a_chart_that_there_is_not_is_refused_with_those_there_are(drawn: FlaskClient) -> None:
    answer = drawn.get("/charts/indicator/broadcaster-revenue/year.svg")
    assert answer.status_code == 400 and "fiscal-year" in answer.text
    assert drawn.get("/charts/indicator/broadcaster-revenu/year.svg").status_code == 404
    wide = drawn.get("/charts/indicator/broadcaster-revenue/fiscal-year.svg?width=9e9")
    assert wide.status_code == 400


def test_a_chart_is_drawn_once_for_as_long_as_it_stays_the_same_and_old_ones_go(
    drawn: FlaskClient, tmp_path: Path
) -> None:
    class Counting(Drawer):
        count = 0

        def draw(self, spec: object) -> str:
            self.count += 1
            return '<svg class="marks" xmlns="http://www.w3.org/2000/svg"></svg>'

    drawer = Counting()
    kept = Drawings(tmp_path, drawer)
    first = [kept.svg(1, {"a": 1}, "t", "d") for _ in range(2)]
    assert first[0] == first[1] and drawer.count == 1
    assert kept.svg(2, {"a": 1}, "t", "d") == first[0] and drawer.count == 1
    kept.svg(2, {"a": 2}, "t", "d")
    assert drawer.count == 2
    kept.svg(3, {"a": 2}, "t", "d")
    assert drawer.count == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "3"]


def test_the_drawing_process_that_takes_too_long_is_ended() -> None:
    drawer = Drawer(seconds=0.0)
    with pytest.raises(NotDrawn, match="longer than 0 s"):
        drawer.draw({})
    drawer.close()


@pytest.mark.parametrize(
    "inside",
    ["<script>1</script>", '<a href="javascript:1"/>', '<g onload="1"/>', "<foreignObject/>"],
)
def test_a_drawing_that_could_run_something_is_refused(inside: str) -> None:
    with pytest.raises(NotDrawn):
        finished(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>', "t", "d")


def test_labels_lose_what_would_break_or_turn_a_drawing() -> None:
    assert plain("a\x00b\u202ec\u200fd") == "abcd"
    drawn = finished('<svg xmlns="http://www.w3.org/2000/svg"></svg>', "<b>\x01", "&\u202e")
    assert ElementTree.fromstring(drawn)[0].text == "<b>"
