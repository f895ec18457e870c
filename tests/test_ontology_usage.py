"""Every term of the ontology is there for something: a shape, a rule, a question or a column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from hakusho.graph.names import HK
from hakusho.ontology import files
from hakusho.ontology.deprecation import deprecations

QUERIES = Path(__file__).parents[1] / "queries"
COMMENT = re.compile(r"^\s*#(?!\+).*$", re.MULTILINE)
MENTION = re.compile(rf"(?:\bhk:|{re.escape(HK)})([A-Za-z]\w*)")


def users() -> Iterator[Path]:
    """Gives the files that a term can be used in; the modules themselves do not count."""
    yield from files.shapes()
    yield from files.rules()
    yield from files.inconsistencies()
    yield from QUERIES.rglob("*.rq")
    yield files.context()


def declared() -> set[str]:
    store = Store()
    for path in files.core():
        store.load(path=str(path), format=RdfFormat.TURTLE)
    subjects = {quad.subject for quad in store if isinstance(quad.subject, NamedNode)}
    return {term.value.removeprefix(HK) for term in subjects if term.value.startswith(HK)}


def retired() -> set[str]:
    return {deprecation.term.removeprefix(HK) for deprecation in deprecations()}


def mentions(path: Path) -> set[str]:
    return set(MENTION.findall(COMMENT.sub("", path.read_text(encoding="utf-8"))))


def test_no_term_is_without_use() -> None:
    unused = sorted(declared() - retired() - set().union(*map(mentions, users())))
    assert unused == [], (
        f"no shape, rule, question or column uses {', '.join(unused)}: "
        "use the term, retire it in ontology/deprecations, or take it out before it is released"
    )


def test_no_shape_rule_question_or_column_uses_a_term_that_there_is_not() -> None:
    known = declared()
    unknown = {path.name: found for path in users() if (found := mentions(path) - known)}
    assert unknown == {}
