"""Statistics in SDMX, in JSON and in CSV, become observations; what cannot be read is told."""

from __future__ import annotations

import json

from hakusho.graph.names import thing
from hakusho.loaders.references import References

from .observed import DATA, read, said, told, values

BROADBAND = {
    "imaginary-broadband-use_2023_JP_firm-size-total": ("80.0", "80.0"),
    "imaginary-broadband-use_2024_JP_firm-size-total": ("81.5", "81.5"),
    "imaginary-broadband-use_2024_JP_firm-size-large": ("93.4", "93.4"),
}


def test_a_message_in_sdmx_json_becomes_observations(known: References) -> None:
    submission = read(known, "countries.json", "countries.toml")
    area = "sdmx-imaginary-1-ref-area-img-avg"
    assert told(submission) == []
    assert values(submission) == BROADBAND | {
        "imaginary-broadband-use_2024-Q1_JP_firm-size-total": ("79.25", "79.25"),
        "imaginary-broadband-use_2023_DE_firm-size-total": ("77.1", "77.1"),
        f"imaginary-broadband-use_2024_{area}_firm-size-total": ("70", "70"),
    }


def test_the_csv_of_sdmx_says_the_same(known: References) -> None:
    description = (DATA / "countries.toml").read_bytes()
    found = read(known, "countries.csv", countries_toml=description)
    assert told(found) == []
    assert values(found) == BROADBAND


def test_the_status_of_sdmx_is_kept(known: References) -> None:
    submission = read(known, "countries.json", "countries.toml")
    estimated, broken = (
        next(each for each in submission.things if slug in each.value)
        for slug in ("2024_JP_firm-size-total", "firm-size-large")
    )
    assert said(submission, estimated, "hk:observationStatus") == [
        thing("observation-status", "estimate").value
    ]
    assert said(submission, broken, "skos:note") == ["break in the series", "時系列に断層あり"]


def test_the_first_drafts_of_sdmx_json_are_read_too(known: References) -> None:
    message = json.loads((DATA / "countries.json").read_bytes())
    data = message.pop("data")
    message |= {"structure": data["structures"][0], "dataSets": data["dataSets"]}
    message["header"] = message.pop("meta")
    draft = json.dumps(message).encode()
    description = (DATA / "countries.toml").read_bytes()
    assert BROADBAND.items() <= values(read(known, a_json=draft, a_toml=description)).items()


def test_an_index_beyond_the_structure_is_told_with_its_path(known: References) -> None:
    message = json.loads((DATA / "countries.json").read_bytes())
    message["data"]["dataSets"][0]["series"]["9:0"] = {"observations": {"0": [1.0]}}
    description = (DATA / "countries.toml").read_bytes()
    found = read(known, a_json=json.dumps(message).encode(), a_toml=description)
    places = [each.place.column for each in found.defects if each.code == "sdmx-index"]
    assert places == ["dataSets[0], series 9:0, observations 0"]
