"""Where the things of a submission come from: which file, sheet and row, as PROV.

Who handed it in and when is said of the release that it made (`graph.releases.provenance`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from ...graph.names import expand, graph, thing
from ...graph.store import Term
from ..submission import Place, Submission
from .standing import Standing

DERIVED: Final = NamedNode(expand("prov:wasDerivedFrom"))


def origins(submission: Submission, standing: Standing, things: Iterable[NamedNode]) -> list[Quad]:
    """Gives the row or file that each of some things was derived from.

    They stand in a graph of their own beside the submission's. A row is its file, or the sheet in
    it, and `#row=N`, counted with the header as 1 (RFC 7111).
    """
    name = graph(f"provenance-{standing.own}")
    hashes = {file.name: file.sha256 for file in submission.files}
    only = submission.files[0].name if len(submission.files) == 1 else None
    found: dict[Quad, None] = {}
    used: dict[Place, None] = {}
    for subject in things:
        place = submission.place(subject.value) or (Place(only) if only is not None else None)
        if place is None or place.file not in hashes:
            continue
        holder = Place(place.file, place.sheet)
        used[holder] = None
        entry = _entity(holder, hashes[place.file])
        if place.row is not None:
            entry = NamedNode(f"{entry.value}#row={place.row}")
        found[Quad(subject, DERIVED, entry, name)] = None
    for holder in used:
        for subject, predicate, value in _described(holder, hashes[holder.file]):
            found[Quad(subject, NamedNode(expand(predicate)), value, name)] = None
        for each in (_entity(holder, hashes[holder.file]), thing("file", hashes[holder.file])):
            found[Quad(standing.own_graph, DERIVED, each, name)] = None
    return list(found)


def _entity(holder: Place, sha256: str) -> NamedNode:
    """Gives a file, or a sheet of it, as something that statements are derived from."""
    return thing("file", sha256 if holder.sheet is None else f"{sha256};sheet={holder.sheet}")


def _described(holder: Place, sha256: str) -> list[tuple[NamedNode, str, Term]]:
    subject = _entity(holder, sha256)
    said: list[tuple[NamedNode, str, Term]] = [
        (subject, "rdf:type", NamedNode(expand("prov:Entity"))),
        (subject, "rdfs:label", Literal(holder.file)),
        (subject, "schema:sha256", Literal(sha256)),
    ]
    if holder.sheet is not None:
        said.append((subject, "dcterms:title", Literal(holder.sheet)))
        said.append((subject, "dcterms:isPartOf", thing("file", sha256)))
    return said
