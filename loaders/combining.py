"""Several editions as one dataset, in which the latest word of each thing holds.

Where a later edition's row says otherwise what a thing has one of, such as its status, what the
earlier edition said goes to a graph beside the others: `superseded-r07` has what left `r07`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from ..graph.errors import BadEdition
from ..graph.names import GRAPH, expand, graph, shorten, term, thing
from .about import read_about
from .columns import columns, kinds
from .compiled import statements
from .edition import EditionDataset, load_edition, read_tables
from .nodes import provenance_graph
from .rows import OWN_EVIDENCE
from .tables import Table

SUPERSEDED: Final = "superseded-"
"""How the name of a graph begins that has what another said before a later edition."""

_PLACES: Final = frozenset((term("describedIn"), term("placedIn")))
"""A thing has a place in each edition that speaks of it."""

_BROADER, _TOP = (NamedNode(expand(f"skos:{name}")) for name in ("broader", "topConceptOf"))
_EXCLUSIVE: Final = {_BROADER: _TOP, _TOP: _BROADER}

_SEEN: Final = (term("page"), term("evidenceKind"))
_TYPE: Final = NamedNode(expand("rdf:type"))

Key = tuple[object, NamedNode, str | None]
"""What there is one of: a subject's property, in a language where it is a text."""


@dataclass(frozen=True)
class Combined:
    """What editions say together, the latest last, and how many statements are superseded."""

    editions: tuple[EditionDataset, ...]
    quads: tuple[Quad, ...]
    superseded: int


def in_order(folders: Iterable[Path]) -> list[Path]:
    """Gives edition folders as they were published; two of one edition are refused."""
    about = {folder: read_about(folder) for folder in dict.fromkeys(folders)}
    first: dict[str, Path] = {}
    for folder, said in about.items():
        other = first.setdefault(said["id"], folder)
        if other != folder:
            edition = said["id"]
            raise BadEdition(
                folder,
                f"is the same edition {edition} as {other}",
                f"{other} と同じ版（{edition}）です",
            )
    return sorted(about, key=lambda folder: (about[folder]["published"], about[folder]["id"]))


def combine(folders: Sequence[Path]) -> Combined:
    """Loads edition folders, a later one after what it may refer to, and puts them together."""
    tables: list[Table] = []
    datasets: list[EditionDataset] = []
    for folder in in_order(folders):
        datasets.append(load_edition(folder, tables))
        tables += read_tables(folder)
    quads: dict[Quad, None] = {}
    count = 0
    for dataset in datasets:
        later = _fitted(dataset.quads, quads)
        gone = withdrawn(quads, later)
        count += len(gone)
        quads = {quad: None for quad in quads if quad not in gone}
        quads |= dict.fromkeys(later)
        quads |= dict.fromkeys(_kept_apart(gone, dataset.edition))
    return Combined(tuple(datasets), tuple(quads), count)


def withdrawn(earlier: Iterable[Quad], later: Iterable[Quad]) -> set[Quad]:
    """Gives the statements of which later ones say otherwise, of what there is one of."""
    known: dict[Key, list[Quad]] = {}
    for quad in earlier:
        if quad.predicate in _single() and not _is_apart(quad):
            known.setdefault(_key(quad), []).append(quad)
    said: dict[Key, set[object]] = {}
    for quad in later:
        if quad.predicate not in _single():
            continue
        key = _key(quad)
        if key in known:
            said.setdefault(key, set()).add(quad.object)
        # A challenge is below another or at the top.
        other = (quad.subject, _EXCLUSIVE.get(quad.predicate, quad.predicate), None)
        if quad.predicate in _EXCLUSIVE and other in known:
            said.setdefault(other, set())
    return {
        quad for key, values in said.items() for quad in known[key] if quad.object not in values
    }


def _fitted(later: Iterable[Quad], earlier: Iterable[Quad]) -> list[Quad]:
    """Gives what an edition says, without what does not take an earlier one's place.

    Where an earlier edition speaks of a thing itself and this one's row was read elsewhere, the
    thing keeps the page on which it was read. A link on the same page is the same link.
    """
    quads = list(later)
    own = {thing("evidence-kind", kind) for kind in OWN_EVIDENCE}
    evidence = term("evidenceKind")
    spoken = {q.subject for q in earlier if q.predicate == evidence and q.object in own}
    elsewhere = {q.subject for q in quads if q.predicate == evidence and q.object not in own}
    kept = spoken & elsewhere
    known = _links(earlier)
    same = {link for about, link in _links(quads).items() if known.get(about, link) != link}
    return [
        quad
        for quad in quads
        if quad.subject not in same and not (quad.subject in kept and quad.predicate in _SEEN)
    ]


def _links(quads: Iterable[Quad]) -> dict[frozenset[tuple[NamedNode, object]], object]:
    """Gives links by what they are about and the page they are on."""
    about = (term("subject"), term("relation"), term("object"), term("page"))
    found: dict[object, set[tuple[NamedNode, object]]] = {}
    links = set()
    for quad in quads:
        if quad.predicate in about:
            found.setdefault(quad.subject, set()).add((quad.predicate, quad.object))
        elif quad.predicate == _TYPE and quad.object == term("Link"):
            links.add(quad.subject)
    return {frozenset(found[link]): link for link in links if link in found}


def _kept_apart(gone: Iterable[Quad], by: str) -> list[Quad]:
    """Gives superseded statements in graphs of their own, and by which edition they are."""
    kept: dict[Quad, None] = {}
    names: dict[str, None] = {}
    for quad in gone:
        name = shorten(quad.graph_name.value).removeprefix("hkg:")  # type: ignore[union-attr]
        names[name] = None
        apart = graph(SUPERSEDED + name)
        kept[Quad(quad.subject, quad.predicate, quad.object, apart)] = None
    about = provenance_graph(by)
    for name in sorted(names):
        subject = graph(SUPERSEDED + name)
        for predicate, value in (
            ("rdf:type", NamedNode(expand("prov:Entity"))),
            ("prov:wasDerivedFrom", graph(name)),
            ("prov:wasInvalidatedBy", thing("whitepaper", by)),
        ):
            kept[Quad(subject, NamedNode(expand(predicate)), value, about)] = None
    return list(kept)


def _key(quad: Quad) -> Key:
    language = quad.object.language if isinstance(quad.object, Literal) else None
    return quad.subject, quad.predicate, language


def _is_apart(quad: Quad) -> bool:
    name = getattr(quad.graph_name, "value", "")
    return name.startswith((GRAPH + "provenance", GRAPH + SUPERSEDED))


@cache
def _single() -> frozenset[NamedNode]:
    """Gives the properties that a row gives one value: those of the columns that hold no list."""
    found: set[NamedNode] = set()
    many: set[NamedNode] = set()
    for table in kinds():
        about = statements(table)
        for name, column in columns(table).items():
            statement = about.get(name)
            if statement is not None and not statement.reverse:
                (many if column.many else found).add(statement.property)
    return frozenset(found - many - _PLACES - {_TYPE})
