"""The codes of a table matched to those of the lists here, and lists of its own for the others."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from ...graph.names import HKID, expand, thing
from ...graph.ontology import code_lists
from ..defects import defect
from ..references import References
from ..submission import Place
from .cube import Code, Cube, Dimension
from .description import Mapped
from .words import is_total

PREFECTURE: Final = re.compile(r"(?P<number>0[1-9]|[1-3][0-9]|4[0-7])000")
"""A code of e-Stat for a prefecture; ISO 3166-2 has the same number."""

NATION: Final = "00000"
JAPAN: Final = "JP"
WRONG: Final = ""
"""The id of a code that is said to be one that there is not."""

_IN_SCHEME: Final = NamedNode(expand("skos:inScheme"))
_COUNTRY: Final = "authority/country/"


class Codes:
    """Gives the ids of codes; what a table brings of its own stands in `statements`."""

    def __init__(self, cube: Cube, known: References) -> None:
        self._cube = cube
        self._known = known
        self._found: dict[tuple[str, str], str] = {}
        self._listed: set[str] = set()
        self._added: set[tuple[str, str]] = set()
        self.statements: list[Quad] = []

    def of(self, dimension: Dimension, name: str, kind: str, mapped: Mapped, place: Place) -> str:
        """Gives the id of a code among those of a kind, nothing where it is mapped to none."""
        key = (dimension.id, name)
        if key not in self._found:
            if dimension.id not in self._listed and kind != "area":
                self._list(dimension, kind, mapped)
            code = dimension.codes.get(name, Code(name, name))
            matched = self._matched(code, kind, mapped, place)
            self._found[key] = self._own(dimension, code, kind) if matched is None else matched
        return self._found[key]

    def _matched(self, code: Code, kind: str, mapped: Mapped, place: Place | None) -> str | None:
        """Gives the id of the list's code that is mapped to, or has the same code or name."""
        names = [name for name in (code.label_ja, code.label_en, code.id) if name]
        for name in (code.id, *names):
            if name in mapped.codes:
                meant = mapped.codes[name]
                if self._known.knows(kind, meant):
                    return meant
                if place is not None:
                    nearest = self._known.nearest(kind, meant)
                    wrong, words = self._known.missing(kind)
                    self._cube.defects.append(defect(wrong, place, meant, nearest, None, **words))
                return WRONG
        if kind == "area":
            return self._area(code)
        for name in names:
            same = [slug for slug in self._known.named(kind, name) if self._is_listed(kind, slug)]
            if len(same) == 1:
                return same[0]
        if any(map(is_total, names)) and self._known.knows(kind, "total"):
            return "total"
        return code.id if self._known.knows(kind, code.id) else None

    def _is_listed(self, kind: str, slug: str) -> bool:
        """Says whether a code is in the list of its kind: others are in lists of tables alone."""
        code, scheme = thing(kind, slug), thing("scheme", kind)
        if (code, scheme) in _listed() or (kind, slug) in self._added:
            return True
        return any(self._known.stored_quads(code, _IN_SCHEME, scheme))

    def _area(self, code: Code) -> str | None:
        if code.id == NATION or code.label_ja == "全国":
            return JAPAN
        prefecture = PREFECTURE.fullmatch(code.id)
        coded = f"{JAPAN}-{prefecture['number']}" if prefecture else code.id
        if self._known.knows("area", coded):
            return coded
        country = _countries().get(code.id.upper())
        if country is not None:
            return country
        for name in filter(None, (code.label_ja, code.label_en)):
            same = self._known.named("area", name)
            if len(same) == 1:
                return same[0]
        return None

    def _list(self, dimension: Dimension, kind: str, mapped: Mapped) -> None:
        """States the code list of a dimension: a scheme of its own, every code a concept in it."""
        self._listed.add(dimension.id)
        scheme = self._scheme(dimension)
        self._describe_scheme(scheme, dimension)
        for code in dimension.codes.values():
            concept = thing(kind, self._slug(dimension, code))
            self._describe(concept, code)
            self._say(concept, "skos:inScheme", scheme)
            above = dimension.codes.get(code.parent or "")
            if above is not None:
                self._say(concept, "skos:broader", thing(kind, self._slug(dimension, above)))
            else:
                self._say(concept, "skos:topConceptOf", scheme)
            same = self._matched(code, kind, mapped, None)
            if same and same != self._slug(dimension, code):
                self._say(concept, "skos:exactMatch", thing(kind, same))

    def _own(self, dimension: Dimension, code: Code, kind: str) -> str:
        """Gives the id of a code that no list here has; it is in the kind's list from now on."""
        if kind == "area":
            prefecture = PREFECTURE.fullmatch(code.id)
            slug = f"{JAPAN}-{prefecture['number']}" if prefecture else self._slug(dimension, code)
            area, scheme = thing(kind, slug), self._scheme(dimension)
            if dimension.id not in self._listed:
                self._listed.add(dimension.id)
                self._describe_scheme(scheme, dimension)
            self._describe(area, code)
            self._say(area, "skos:inScheme", scheme)
            self._say(area, "rdf:type", NamedNode(expand("hk:Area")))
            if prefecture:
                self._say(area, "skos:broader", thing(kind, JAPAN))
        else:
            slug = self._slug(dimension, code)
        self._say(thing(kind, slug), "skos:inScheme", thing("scheme", kind))
        self._added.add((kind, slug))
        self._known.add(kind, slug, filter(None, (code.label_ja, code.label_en)))
        return slug

    def _describe_scheme(self, scheme: NamedNode, dimension: Dimension) -> None:
        self._say(scheme, "rdf:type", NamedNode(expand("skos:ConceptScheme")))
        title = self._cube.title_ja or self._cube.title_en or self._cube.file
        label = f"{dimension.label_ja}（{title}）"
        self._say(scheme, "rdfs:label", Literal(label, language="ja"))
        if dimension.label_en and self._cube.title_en:
            label = f"{dimension.label_en} ({self._cube.title_en})"
            self._say(scheme, "rdfs:label", Literal(label, language="en"))

    def _describe(self, concept: NamedNode, code: Code) -> None:
        self._say(concept, "rdf:type", NamedNode(expand("skos:Concept")))
        self._say(concept, "skos:notation", Literal(code.id))
        for text, language in ((code.label_ja, "ja"), (code.label_en, "en")):
            if text:
                self._say(concept, "rdfs:label", Literal(text, language=language))

    def _scheme(self, dimension: Dimension) -> NamedNode:
        return thing("scheme", f"{self._cube.id}-{_slug(dimension.id)}")

    def _slug(self, dimension: Dimension, code: Code) -> str:
        return f"{self._cube.id}-{_slug(dimension.id)}-{_slug(code.id)}"

    def _say(self, subject: NamedNode, name: str, value: NamedNode | Literal) -> None:
        quad = Quad(subject, NamedNode(expand(name)), value, DefaultGraph())
        self.statements.append(quad)


def _slug(text: str) -> str:
    """Gives a text as part of an id; one that is in Japanese is known by its hash.

    >>> _slug("A1101"), _slug("Y15-24"), _slug("６～12歳")
    ('a1101', 'y15-24', '439c8f5e')
    """
    plain = "-".join(filter(None, re.split(r"[^a-z0-9]+", text.lower())))
    if plain and text.isascii():
        return plain
    return sha256(text.encode()).hexdigest()[:8]


@cache
def _listed() -> frozenset[tuple[object, object]]:
    """Gives the packaged codes, each with its list."""
    return frozenset(
        (quad.subject, quad.object) for quad in code_lists() if quad.predicate == _IN_SCHEME
    )


@cache
def _countries() -> dict[str, str]:
    """Gives the areas by the three letters of a country."""
    under = HKID + "area/"
    return {
        quad.object.value.rpartition("/")[2]: quad.subject.value.removeprefix(under)
        for quad in code_lists()
        if isinstance(quad.object, NamedNode)
        and isinstance(quad.subject, NamedNode)
        and _COUNTRY in quad.object.value
        and quad.subject.value.startswith(under)
    }
