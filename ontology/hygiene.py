"""The hygiene of the ontology: what its editors agreed on, one query a rule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from . import files

ONTOLOGY: Final = "https://w3id.org/hakusho/ontology"


@dataclass(frozen=True, order=True)
class Fault:
    """A node that breaks a rule; `check` is the name of the rule's file."""

    check: str
    node: str
    message_ja: str
    message_en: str


def faults(store: Store | None = None) -> list[Fault]:
    """Gives what breaks the rules in a store, or in the ontology as it stands in its files."""
    asked = ontology_store() if store is None else store
    return [fault for path in files.checks() for fault in faults_of(path, asked)]


def faults_of(check: Path, store: Store) -> list[Fault]:
    """Gives what breaks one rule."""
    rows = cast(QuerySolutions, store.query(check.read_text(encoding="utf-8")))
    return [
        Fault(check.stem, row["node"].value, row["message_ja"].value, row["message_en"].value)
        for row in rows
    ]


def ontology_store() -> Store:
    """Gives the ontology and its code lists, each file in a graph of its own besides the default.

    A module's graph has the module's own name, so that a rule can ask what stands in which file.
    """
    store = Store()
    for path in [files.root(), *files.modules(), *files.vocabularies(), *files.deprecations()]:
        if path == files.root():
            place = NamedNode(ONTOLOGY)
        elif path.parent.name == "modules":
            place = NamedNode(f"{ONTOLOGY}/{path.stem}")
        else:
            place = NamedNode(f"{ONTOLOGY}/{path.parent.name}/{path.stem}")
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            for graph in (place, DefaultGraph()):
                store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    return store
