"""The one query that a network comes from, and what its rows say.

The query is put together from files of the ontology: the things, the relations that were chosen,
what these are called, and whom to credit. Each is a branch with columns of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from ..names import PREFIXES, expand, shorten
from ..store import Row, Term
from ..terms import python, sparql
from .parts import ASSIGNED, STATED, Edge, Node
from .relations import Relation, part

_COLUMNS: Final = (
    "?relation ?subject ?object ?link ?assertion ?page ?evidence "
    "?thing ?kind ?label ?replacement ?word ?name ?credit ?licence"
)
_ASSERTIONS: Final = {f"hk:{name}": name for name in (STATED, ASSIGNED)}


def network_query(kinds: Collection[str], joined: Collection[Relation]) -> str:
    """Gives the query for things of some kinds and the relations among them."""
    chosen = ", ".join(sparql(Literal(name)) for name in kinds)
    words = " ".join(_iri(name) for name in (*(one.property for one in joined), *_ASSERTIONS))
    branches = [
        # What was merged into another thing is of no kind any more.
        f"{{ {part('things')} }} FILTER(!BOUND(?kind) || ?kind IN ({chosen}))",
        f"VALUES ?word {{ {words} }} {{ {part('words')} }}",
        f"{{ {part('credits')} }}",
        *(f"{{ {one.pattern} }} BIND({_iri(one.property)} AS ?relation)" for one in joined),
    ]
    head = "\n".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items())
    union = "\nUNION\n".join(f"{{ {branch} }}" for branch in branches)
    return f"{head}\nSELECT {_COLUMNS} WHERE {{\n{union}\n}}"


def nodes(rows: Iterable[Row]) -> dict[str, Node]:
    """Gives the nodes by id, in the order of their ids."""
    kinds: dict[str, str] = {}
    labels: dict[str, dict[str, str]] = {}
    for row in rows:
        if "kind" not in row or isinstance(row["thing"], BlankNode):
            continue
        id, kind = _id(row["thing"]), str(python(row["kind"]))
        # Two kinds, or two names in one language, are a fault of the data that must not make the
        # network differ from one time to the next.
        kinds[id] = min(kind, kinds.get(id, kind))
        label = row.get("label")
        if isinstance(label, Literal) and label.language:
            spoken = labels.setdefault(id, {})
            spoken[label.language] = min(label.value, spoken.get(label.language, label.value))
    return {
        id: Node(id, kinds[id], labels.get(id, {}).get("ja"), labels.get(id, {}).get("en"))
        for id in sorted(kinds)
    }


def edges(rows: Iterable[Row], nodes: Mapping[str, Node]) -> tuple[Edge, ...]:
    """Gives the edges among some nodes, the best of each relation between two of them."""
    best: dict[tuple[str, str, str], Edge] = {}
    for row in rows:
        if "relation" not in row:
            continue
        subject, object = _id(row["subject"]), _id(row["object"])
        if subject not in nodes or object not in nodes:
            continue
        assertion, evidence = _iri_of(row, "assertion"), _iri_of(row, "evidence")
        edge = Edge(
            subject,
            _id(row["relation"]),
            object,
            _ASSERTIONS.get(shorten(assertion), assertion) if assertion else None,
            _iri_of(row, "link"),
            _iri_of(row, "page"),
            shorten(evidence).rpartition("/")[2] if evidence else None,
        )
        key = (subject, object, edge.relation)
        if key not in best or edge.rank < best[key].rank:
            best[key] = edge
    return tuple(best[key] for key in sorted(best))


def replaced(rows: Iterable[Row]) -> dict[str, str]:
    """Gives the ids of things that were merged into others, with the ids of these."""
    return {_id(row["thing"]): _id(row["replacement"]) for row in rows if "replacement" in row}


def words(rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """Gives what relations and assertions are called, by language."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        name = row.get("name")
        if isinstance(name, Literal) and name.language:
            word = _id(row["word"])
            found.setdefault(_ASSERTIONS.get(word, word), {})[name.language] = name.value
    return found


def credits(rows: Iterable[Row]) -> dict[str, str]:
    """Gives whom to credit, as `credit_ja` and `credit_en`, and the `licence`."""
    found: dict[str, set[str]] = {}
    for row in rows:
        credit, licence = row.get("credit"), _iri_of(row, "licence")
        if isinstance(credit, Literal) and credit.language:
            found.setdefault(f"credit_{credit.language}", set()).add(credit.value)
        if licence:
            found.setdefault("licence", set()).add(licence)
    return {name: "; ".join(sorted(texts)) for name, texts in sorted(found.items())}


def _iri(name: str) -> str:
    return sparql(NamedNode(expand(name)))


def _iri_of(row: Row, name: str) -> str | None:
    term = row.get(name)
    return term.value if isinstance(term, NamedNode) else None


def _id(term: Term) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)
