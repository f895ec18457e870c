"""Search over another engine: the same folding and marks among what the engine names."""

from __future__ import annotations

import pytest

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.search.finding import Found, find
from hakusho.server.foreign_search import candidates, spellings


def found(store: EmbeddedStore, query: str, lang: str = "ja") -> Found:
    with candidates(store, query) as some:
        assert not some.cut
        return find(some.index, query, lang=lang)


@pytest.mark.parametrize("query", ["監視", "guard", "ＧＵＡＲＤ", "Guard 監視"])
def test_what_has_all_words_is_found_whatever_their_case_and_width(
    matrix_store: EmbeddedStore, query: str
) -> None:
    assert "policy/guard" in [hit.id for hit in found(matrix_store, query).hits]


def test_the_words_are_marked_where_they_stand(matrix_store: EmbeddedStore) -> None:
    (hit, *_) = found(matrix_store, "監視").hits
    assert "監視" in [piece.text for piece in hit.match.pieces if piece.marked]


@pytest.mark.parametrize("query", ["", "  ", "zzzz", "guard zzzz", '"} UNION {"', "x" * 10_000])
def test_what_is_nowhere_is_not_found(matrix_store: EmbeddedStore, query: str) -> None:
    assert found(matrix_store, query).hits == ()


def test_kana_of_both_kinds_and_long_vowels_make_no_difference(
    packaged_store: EmbeddedStore,
) -> None:
    ids = [
        {hit.id for hit in found(packaged_store, query).hits}
        for query in ("サイバー", "さいばー", "サイバ", "ｻｲﾊﾞｰ")
    ]
    assert len(ids[0]) == 20
    assert ids[0] == ids[1] == ids[2] == ids[3]


def test_an_english_word_is_asked_for_without_its_ending() -> None:
    assert spellings("policies")[0] == "polic"
    assert spellings("AI")[0] == "ai"
