"""README tells the truth: its commands, settings and queries are those that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hakusho.graph.embedded import EmbeddedStore
from hakusho.server.cli import COMMANDS
from hakusho.server.settings import SETTINGS

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^ *```sparql\n(.*?)^ *```", README, re.DOTALL | re.MULTILINE)
PREFIXES, QUERIES = BLOCKS[0], BLOCKS[1:]


def test_every_command_is_in_the_table_and_every_one_in_the_table_exists() -> None:
    table = README.split("## Commands")[1].split("Each says more")[0]
    assert set(re.findall(r"`hakusho ([\w-]+)`", table)) == set(COMMANDS)


def test_every_setting_is_told_with_its_meaning() -> None:
    rows = re.findall(r"^\| `(HAKUSHO_\w+)` \| .*? \| (.*?) \|$", README, re.MULTILINE)
    assert rows == [(setting.variable, setting.en) for setting in SETTINGS]


def test_there_are_five_queries_to_paste() -> None:
    assert len(QUERIES) == 5


@pytest.mark.parametrize("query", QUERIES, ids=range(1, len(QUERIES) + 1))
def test_a_query_of_the_readme_finds_something(packaged_store: EmbeddedStore, query: str) -> None:
    assert packaged_store.rows(PREFIXES + query)
