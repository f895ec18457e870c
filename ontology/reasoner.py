"""HermiT over the ontology: is it consistent, can each class have members, what is below what?"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from . import files

if TYPE_CHECKING:
    from owlready2 import World  # type: ignore[import-untyped]

_OWL: Final = "http://www.w3.org/2002/07/owl#"
_IMPORTS: Final = NamedNode(_OWL + "imports")
_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PROPERTIES: Final = frozenset(
    NamedNode(_OWL + name) for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)


class ReasonerError(Exception):
    """The reasoner gave no verdict."""


class ReasonerUnavailable(ReasonerError):
    """The reasoner cannot be started on this machine; `missing` is the program it needs."""

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing

    def __str__(self) -> str:
        return (
            f"the reasoner HermiT needs Java, and no program {self.missing!r} is on the PATH; "
            "install a Java runtime, version 8 or later, and try again (Debian, Ubuntu: "
            "apt-get install default-jre-headless; macOS: brew install openjdk; "
            "Windows: winget install EclipseAdoptium.Temurin.21.JRE)"
        )


class ReasonerFailed(ReasonerError):
    """The reasoner stopped without a verdict; `output` is what it said last."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output

    def __str__(self) -> str:
        return f"the reasoner HermiT stopped without a verdict: {self.output}"


@dataclass(frozen=True)
class Verdict:
    """What the reasoner found; classes are IRIs.

    `unsatisfiable` are the classes that can have no members; `parents` has for each class those
    directly above it. Both are empty when the ontology is inconsistent: anything follows from a
    contradiction.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    parents: dict[str, frozenset[str]]

    @property
    def sound(self) -> bool:
        """Whether the ontology is consistent and each of its classes can have members."""
        return self.consistent and not self.unsatisfiable


def reason(paths: Iterable[Path] | None = None) -> Verdict:
    """Gives HermiT's verdict on Turtle files taken together, by default those of the ontology.

    Literals of types that OWL 2 does not know, such as `xsd:date`, take no part in it.
    """
    # owlready2 starts SQLite when it is imported; only those who reason pay for it.
    import owlready2

    if shutil.which(owlready2.JAVA_EXE) is None:
        raise ReasonerUnavailable(owlready2.JAVA_EXE)
    # A world of its own: what others load into owlready2's default world stays apart.
    world = owlready2.World()
    try:
        text = _n_triples(files.core() if paths is None else paths)
        world.get_ontology("urn:hakusho:reasoned#").load(fileobj=BytesIO(text))
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
        return Verdict(True, _unsatisfiable(world), _parents(world))
    except owlready2.OwlReadyInconsistentOntologyError:
        return Verdict(consistent=False, unsatisfiable=(), parents={})
    except owlready2.OwlReadyJavaError as error:
        raise ReasonerFailed(str(error)) from error
    finally:
        world.close()


def _n_triples(paths: Iterable[Path]) -> bytes:
    """Gives the files as N-Triples: owlready2 reads no Turtle."""
    triples = [
        quad.triple
        for path in paths
        for quad in parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    text = serialize(_readable(triples), format=RdfFormat.N_TRIPLES)
    assert text is not None, "serialize gives bytes when no output is named"
    return text


def _readable(triples: list[Triple]) -> Iterator[Triple]:
    """Gives the triples that owlready2 can take without misreading them.

    It would fetch what is imported, though it is all here. And it has one Python object for each
    IRI: a property that is also an individual, as OWL 2 allows, would lose its place among the
    properties, so its classes as an individual (`qb:DimensionProperty` …) are left out.
    """
    properties = {
        triple.subject
        for triple in triples
        if triple.predicate == _TYPE and triple.object in _PROPERTIES
    }
    for triple in triples:
        if triple.predicate == _IMPORTS:
            continue
        if triple.predicate == _TYPE and triple.subject in properties:
            if isinstance(triple.object, NamedNode) and not triple.object.value.startswith(_OWL):
                continue
        yield triple


def _unsatisfiable(world: World) -> tuple[str, ...]:
    """Gives the classes equivalent to owl:Nothing, which is one of them by definition."""
    return tuple(sorted({found.iri for found in world.inconsistent_classes()} - {_OWL + "Nothing"}))


def _parents(world: World) -> dict[str, frozenset[str]]:
    """Gives the named classes directly above each named class, equivalent ones included."""
    return {
        found.iri: frozenset(
            above.iri for above in (*found.is_a, *found.equivalent_to) if hasattr(above, "iri")
        )
        for found in world.classes()
    }
