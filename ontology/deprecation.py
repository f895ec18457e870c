"""Terms of the ontology that are retired: since when, why, and what to use instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from . import files

_DEPRECATED: Final = NamedNode("http://www.w3.org/2002/07/owl#deprecated")
_VERSION: Final = NamedNode("http://www.w3.org/2002/07/owl#versionInfo")
_NOTE: Final = NamedNode("http://www.w3.org/2004/02/skos/core#historyNote")
_REPLACED_BY: Final = NamedNode("http://purl.org/dc/terms/isReplacedBy")


@dataclass(frozen=True)
class Deprecation:
    """A retired term; `replaced_by` is None where no one term takes its place."""

    term: str
    version: str
    message_ja: str
    message_en: str
    replaced_by: str | None


class IncompleteDeprecation(Exception):
    """Retirements that do not say all they must; `problems` has one sentence for each lack."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "; ".join(self.problems)


def deprecations(paths: Iterable[Path] | None = None) -> list[Deprecation]:
    """Gives the retired terms in Turtle files, by default those of the ontology, sorted by IRI.

    :raises IncompleteDeprecation: with all that is missing, when anything is.
    """
    found: list[Deprecation] = []
    problems: list[str] = []
    for path in files.deprecations() if paths is None else paths:
        store = Store()
        store.load(path=str(path), format=RdfFormat.TURTLE)
        for quad in store.quads_for_pattern(None, _DEPRECATED, None):
            if isinstance(quad.subject, NamedNode):
                _read(store, quad.subject, path, found, problems)
    if problems:
        raise IncompleteDeprecation(tuple(sorted(problems)))
    return sorted(found, key=lambda deprecation: deprecation.term)


def _read(
    store: Store, term: NamedNode, path: Path, found: list[Deprecation], problems: list[str]
) -> None:
    """Adds what is said of one term to what was found, or what is not said to the problems."""
    where = f"{path.name}: {term.value}"
    version, replaced_by = _one(store, term, _VERSION), _one(store, term, _REPLACED_BY)
    messages = {
        quad.object.language: quad.object.value
        for quad in store.quads_for_pattern(term, _NOTE, None)
        if isinstance(quad.object, Literal)
    }
    lacks = [
        f"{where} has no skos:historyNote in {name}"
        for language, name in (("ja", "Japanese"), ("en", "English"))
        if not messages.get(language)
    ]
    if version != path.stem:
        lacks.append(f"{where} says owl:versionInfo {version!r} in the file of {path.stem!r}")
    if lacks:
        problems.extend(lacks)
        return
    found.append(Deprecation(term.value, path.stem, messages["ja"], messages["en"], replaced_by))


def _one(store: Store, term: NamedNode, predicate: NamedNode) -> str | None:
    """Gives the value of a property, None where there is none or more than one."""
    values = [quad.object for quad in store.quads_for_pattern(term, predicate, None)]
    if len(values) == 1 and isinstance(values[0], NamedNode | Literal):
        return values[0].value
    return None
