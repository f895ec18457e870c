"""Statistics of whatever form: harmless when broken, described by a form, loaded into a release."""

from __future__ import annotations

import copy
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.checking import check, publish
from hakusho.loaders.references import References, known_to
from hakusho.loaders.statistics.description import read_description
from hakusho.loaders.statistics.reading import read_statistics
from hakusho.loaders.statistics.skeleton import beside, skeleton

from .observed import DATA, read, told, values

OF_80 = "estat-0009999901-cat01-180"
RATES = {
    "internet-use-individual_FY2024_JP_age-total": ("61.2", "61.2"),
    "internet-use-individual_FY2024_JP_age-20s": ("83.0", "83.0"),
    "internet-use-individual_2024-Q2_JP-13_age-total": ("70.5", "70.5"),
}


def parts(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Gives the way to every part of a JSON document."""
    inside = said.items() if isinstance(said, dict) else enumerate(said)
    for name, part in inside:
        yield (*path, name)
        if isinstance(part, dict | list):
            yield from parts(part, (*path, name))


@pytest.mark.parametrize("name", ["use.json", "countries.json"])
def test_whatever_stands_in_a_message_is_told_and_nothing_fails(
    known: References, name: str
) -> None:
    whole = json.loads((DATA / name).read_bytes())
    ways = list(parts(whole))
    chance = random.Random(1)
    for _ in range(60):
        document, way = copy.deepcopy(whole), chance.choice(ways)
        around = document
        for step in way[:-1]:
            around = around[step]
        around[way[-1]] = chance.choice([None, 7, "x", [], {}, [1], {"a": 1}, True])
        described = name.replace(".json", ".toml")
        files = [
            (name, json.dumps(document).encode()),
            (described, (DATA / described).read_bytes()),
        ]
        read_statistics(files, known)


@pytest.mark.parametrize("name", ["use.json", "use-simple.csv", "countries.csv", "wide.csv"])
def test_a_description_to_fill_in_is_one_with_nothing_wrong(name: str) -> None:
    text = skeleton(name, (DATA / name).read_bytes())
    assert text is not None
    described = read_description(beside(name), text.encode())
    assert described.defects == ()


def test_a_description_that_is_filled_in_is_enough(known: References) -> None:
    text = skeleton("use.json", (DATA / "use.json").read_bytes())
    assert text is not None
    for code, indicator in (("10", "internet-use-individual"), ("20", "internet-use-household")):
        text = text.replace(f'# {code} = "<indicator-id>"', f'{code} = "{indicator}"')
    known.add("indicator", "internet-use-household")
    found = read(known, "use.json", use_toml=text.encode())
    assert told(found) == []
    assert RATES.items() <= values(found).items()


def test_what_has_no_table_of_values_cannot_be_described() -> None:
    assert skeleton("README.md", (DATA / "README.md").read_bytes()) is None


@pytest.mark.slow
def test_statistics_keep_to_the_shapes_and_load_into_the_packaged_edition(
    packaged_data: Path, tmp_path: Path
) -> None:
    folder = DataFolder(shutil.copytree(packaged_data, tmp_path / "data"))
    release = folder.current()
    assert release is not None
    for names in (
        ("use.json", "use.toml"),
        ("countries.json", "countries.toml"),
        ("wide.csv", "wide.toml"),
    ):
        submission = read(known_to(release.engine()), *names)
        report = check(submission, folder)
        assert report.passes, [
            (each.code, each.message_en, each.value)
            for each in report.findings
            if each.severity == "violation"
        ]
        release = publish(submission, folder, who="tests").release
        # The lists of the table are known by now, and a second load says nothing new.
        again = read(known_to(release.engine()), *names)
        assert values(again) == values(submission)
        assert not publish(again, folder, who="tests").new
