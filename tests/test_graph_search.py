"""Search: what is found, in which order, why, and what hostile or unlucky queries meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from hakusho.graph.names import expand, thing
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.release import Release
from hakusho.graph.search.finding import LONGEST, Found, find
from hakusho.graph.search.folding import fold, folded
from hakusho.graph.search.keeping import NAME, search_index

THINGS = [
    ("challenge/disaster", "rdfs:label", "災害の激甚化", "Disasters"),
    ("challenge/disaster", "skos:altLabel", "自然災害", "Natural disasters"),
    ("policy/relief", "rdfs:label", "災害対策", "Disaster relief"),
    ("policy/relief", "dcterms:description", "サーバーの貸出し。", "Lends servers to towns."),
    ("policy/radio-act", "rdfs:label", "電波法", "Radio Act"),
    ("policy/ai-act", "rdfs:label", "AI法", "AI Act"),
    ("policy/aid", "rdfs:label", "援助", "Aid"),
    ("indicator/ai", "rdfs:label", "生成AIの利用", "Use of generative AI"),
    ("organization/cyber", "rdfs:label", "サイバー・セキュリティ局", "Cybersecurity bureau"),
    ("series/relief", "rdfs:label", "災害対策", "Disaster relief"),
]


def _quads() -> Iterator[Quad]:
    for id, name, ja, en in THINGS:
        for lang, value in (("ja", ja), ("en", en)):
            yield Quad(
                thing(*id.split("/")),
                NamedNode(expand(name)),
                Literal(value, language=lang),
                NamedNode(expand("hkg:r07")),
            )


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return DataFolder(tmp_path_factory.mktemp("data")).publish(_quads(), who="tests")


@pytest.fixture(scope="module")
def index(release: Release) -> sqlite3.Connection:
    return search_index(release)


@given(st.text("災害対策サーバーｻｰﾊﾞﾞａＡeéÉ－-・ 　\tかがヴ㍻①ßſ", max_size=30))
def test_a_text_is_folded_alike_whether_or_not_the_way_back_is_wanted(text: str) -> None:
    found = folded(text)
    assert found.text == fold(text)
    assert len(found.text) == len(found.starts) == len(found.ends)
    assert all(start < end for start, end in zip(found.starts, found.ends, strict=True))


def ids(found: Found) -> list[str]:
    return [hit.id for hit in found.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("災害", ["challenge/disaster", "policy/relief"]),
        ("電波", ["policy/radio-act"]),
        ("AI", ["policy/ai-act", "indicator/ai"]),
        ("ａｉ", ["policy/ai-act", "indicator/ai"]),
        ("ｻｲﾊﾞｰ", ["organization/cyber"]),
        ("さいばー", ["organization/cyber"]),
        ("サイバーセキュリティ", ["organization/cyber"]),
        ("サーバ", ["policy/relief"]),
        ("サーバー", ["policy/relief"]),
        ("害", ["challenge/disaster", "policy/relief"]),
        ("害対", ["policy/relief"]),
        ("生成AIの", ["indicator/ai"]),
        ("災害　貸出", ["policy/relief"]),
        ("relief disaster", ["policy/relief"]),
        ("server", ["policy/relief"]),
        ("natural", ["challenge/disaster"]),
        ("災波", []),
        ("", []),
        ("、。!?", []),
    ],
)
def test_words_are_found_whatever_their_width_case_kana_and_long_vowels(
    index: sqlite3.Connection, query: str, expected: list[str]
) -> None:
    assert ids(find(index, query)) == expected


def test_a_name_that_is_the_query_comes_before_one_that_begins_with_it_and_one_that_has_it(
    index: sqlite3.Connection,
) -> None:
    assert ids(find(index, "災害対策"))[0] == "policy/relief"
    assert ids(find(index, "自然災害")) == ["challenge/disaster"]
    assert ids(find(index, "disaster", lang="en")) == ["challenge/disaster", "policy/relief"]


@pytest.mark.parametrize(
    ("query", "field", "marked"),
    [
        ("ｻｲﾊﾞ", "label", "サイバー"),
        ("自然災害", "alt", "自然災害"),
        ("さあば", "about", None),
        ("サーバ", "about", "サーバー"),
        ("natural", "alt", "Natural"),
        ("lending", "about", "Lends"),
    ],
)
def test_a_hit_says_which_text_matched_and_where(
    index: sqlite3.Connection, query: str, field: str, marked: str | None
) -> None:
    hits = find(index, query).hits
    if marked is None:
        assert hits == ()
        return
    assert hits[0].match.field == field
    assert [piece.text for piece in hits[0].match.pieces if piece.marked] == [marked]


def test_hits_are_counted_by_kind_and_given_page_by_page(index: sqlite3.Connection) -> None:
    whole = find(index, "disaster")
    assert whole.counts == {"challenge": 1, "policy": 1} and whole.total == 2
    assert ids(find(index, "disaster", kind="policy")) == ["policy/relief"]
    pages = [ids(find(index, "disaster", start=start, limit=1)) for start in range(3)]
    assert pages == [["challenge/disaster"], ["policy/relief"], []]


@pytest.mark.parametrize(
    ("query", "near"),
    [("Radio Akt", "Radio Act"), ("災害対さく", "災害対策"), ("cybersecurty", "cybersecurity")],
)
def test_what_finds_nothing_is_answered_with_what_is_near(
    index: sqlite3.Connection, query: str, near: str
) -> None:
    found = find(index, query)
    assert found.total == 0
    assert fold(near) in {fold(name) for name in found.nearest}


@pytest.mark.parametrize(
    "query",
    ['"', "'); DROP TABLE things; --", "NEAR(a b)", "*", "label:", "a\x00b", "\u202e\u200d", "^x",
     "災" * 10_000, "a b " * 5_000, '" OR 1', "\ud800", "%_", "🏴󠁧󠁢" * 50, "́" * 500],
)  # fmt: skip
def test_no_query_does_harm(index: sqlite3.Connection, query: str) -> None:
    found = find(index, query)
    assert len(found.query) <= LONGEST
    assert found.shortened == (len(query) >= 500)


def test_an_index_is_made_once_and_one_that_is_damaged_or_half_made_anew(release: Release) -> None:
    kept = release.derived_path / NAME
    search_index(release).close()
    before = kept.stat().st_ino
    search_index(release).close()
    assert kept.stat().st_ino == before
    kept.write_bytes(b"SQLite format 3\x00 and no more")
    (release.derived_path / f".{NAME}.1").write_bytes(b"half")
    assert ids(find(search_index(release), "電波")) == ["policy/radio-act"]


def test_where_nothing_can_be_written_a_release_is_searched_all_the_same(
    release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(Release, "derived_path", tmp_path / "file" / "derived")
    assert ids(find(search_index(release), "電波")) == ["policy/radio-act"]
