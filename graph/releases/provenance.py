"""Where a release comes from, as PROV: one activity for each publish, in a graph of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from ..names import PREFIXES, graph, thing
from ..terms import literal
from .manifest import Manifest

PROVENANCE: Final = graph("provenance")

Statement = tuple[NamedNode, NamedNode, NamedNode | Literal]

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")


def describe(manifest: Manifest) -> list[Quad]:
    """Gives the statements about a release: who made it, when, why, from which files, and what
    graphs it changed."""
    release = thing("release", str(manifest.number))
    activity = thing("activity", str(manifest.number))
    agent = thing("agent", hashlib.sha256(manifest.who.encode()).hexdigest()[:12])
    said: list[Statement] = [
        (release, _TYPE, _prov("Entity")),
        (release, _dcterms("identifier"), literal(manifest.number)),
        (release, NamedNode(PREFIXES["owl"] + "versionInfo"), literal(manifest.hash)),
        (release, _prov("wasGeneratedBy"), activity),
        (activity, _TYPE, _prov("Activity")),
        (activity, _prov("endedAtTime"), literal(manifest.created, "xsd:dateTime")),
        (activity, _prov("wasAssociatedWith"), agent),
        (activity, _dcterms("type"), literal(manifest.kind)),
        (agent, _TYPE, _prov("Agent")),
        (agent, _LABEL, literal(manifest.who)),
    ]
    if manifest.why:
        said.append((activity, _dcterms("description"), literal(manifest.why)))
    if manifest.parent is not None:
        said.append((release, _prov("wasRevisionOf"), thing("release", str(manifest.parent))))
    for name in manifest.changed:
        if name and not name.startswith("_:") and name != PROVENANCE.value:
            said += [
                (NamedNode(name), _TYPE, _prov("Entity")),
                (NamedNode(name), _prov("wasGeneratedBy"), activity),
            ]
    said += _sources(manifest, activity)
    return [Quad(s, p, o, PROVENANCE) for s, p, o in said]


def _sources(manifest: Manifest, activity: NamedNode) -> Iterator[Statement]:
    for source in manifest.sources:
        file = thing("file", source.sha256)
        yield file, _TYPE, _prov("Entity")
        yield file, _LABEL, literal(source.name)
        yield file, NamedNode(PREFIXES["schema"] + "sha256"), literal(source.sha256)
        yield activity, _prov("used"), file
        if source.graph is not None:
            yield NamedNode(source.graph), _prov("wasDerivedFrom"), file


def _prov(name: str) -> NamedNode:
    return NamedNode(PREFIXES["prov"] + name)


def _dcterms(name: str) -> NamedNode:
    return NamedNode(PREFIXES["dcterms"] + name)
