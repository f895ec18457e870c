"""What is refused is said in Japanese on Japanese pages, and quoted where no words are known."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import InvalidQuery
from hakusho.server.refusals import in_words


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x WHERE { ?x a b }",
        "SELECT ?x WHERE { ?x a un:known }",
        "SELECT ?x WHERE { ?x a <b> }",
        "SELECT ?x WHERE { ?x a ?y",
        "SELECT ?x ?y WHERE { ?x a ?z } GROUP BY ?x",
        "SELECT * WHERE { ?x a ?z } GROUP BY ?x",
    ],
)
def test_each_fault_of_grammar_has_its_japanese_words(query: str) -> None:
    store = EmbeddedStore()
    with pytest.raises(InvalidQuery) as caught:
        store.rows(query)
    assert "原文" not in in_words(caught.value, "ja")
    assert in_words(caught.value, "en") == caught.value.message


def test_what_has_no_words_is_quoted() -> None:
    assert in_words(InvalidQuery("something new", 1, 1), "ja") == "（原文）“something new”"


def test_a_page_says_it_in_japanese_with_the_original_beside(client: FlaskClient) -> None:
    answer = client.get(
        "/sparql?lang=ja&query=SELECT ?x WHERE { ?x a b }", headers={"Accept": "text/html"}
    )
    assert "「b」はここに書けません" in answer.text
    assert '<small lang="en">&#39;b&#39; cannot stand here</small>' in answer.text


def test_an_unknown_thing_is_told_in_japanese_with_the_names_of_the_nearest(
    client: FlaskClient,
) -> None:
    answer = client.get("/id/policy/notise?lang=ja", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "「policy/notise」についての記録はありません" in answer.text
    assert "the graph says" not in answer.text
