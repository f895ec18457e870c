"""What of a release can be searched: the names of its things, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from ..names import HK, HKID, expand

Field = str
LABEL: Final = "label"
ALT: Final = "alt"
ABOUT: Final = "about"

FIELDS: Final = {
    "rdfs:label": LABEL,
    "skos:prefLabel": LABEL,
    "skos:altLabel": ALT,
    "dcterms:description": ABOUT,
    "skos:definition": ABOUT,
}
"""The properties whose texts can be searched, and what each is to a reader."""

TERM: Final = "term"
KINDS: Final = (
    "challenge",
    "policy",
    "indicator",
    "source",
    "organization",
    "milestone",
    "part",
    "figure",
    "whitepaper",
    "area",
    "period",
    "unit",
    TERM,
)
"""The kinds of things that can be found, the most asked for first."""

# A series is named as its indicator is, a dataset as its edition: they would only repeat those.
_REPEATED: Final = ("series", "dataset", "observation", "link", "document")


@dataclass(frozen=True)
class Text:
    """A text of a thing: what it is to it, in which language, and what it says."""

    field: Field
    lang: str
    value: str


@dataclass
class Entry:
    """A thing that can be found, with its texts."""

    iri: str
    kind: str
    texts: list[Text] = field(default_factory=list)

    def label(self, lang: str) -> str | None:
        """Gives its name in a language."""
        return next(
            (text.value for text in self.texts if text.field == LABEL and text.lang == lang), None
        )


def kind_of(iri: str) -> str | None:
    """Gives the kind under which a thing is found; none for what is not to be found.

    >>> kind_of("https://w3id.org/hakusho/id/policy/notice")
    'policy'
    >>> kind_of("https://w3id.org/hakusho/id/age/20s"), kind_of("http://www.w3.org/2002/07/owl#Thing")
    ('term', None)
    """
    if iri.startswith(HK):
        return TERM
    if not iri.startswith(HKID):
        return None
    kind = iri.removeprefix(HKID).partition("/")[0]
    if kind in _REPEATED:
        return None
    return kind if kind in KINDS else TERM


def entries(store: Store) -> Iterator[Entry]:
    """Gives the things of a store that have a name, the most asked for kinds first."""
    found: dict[str, Entry] = {}
    for name, place in FIELDS.items():
        property = NamedNode(expand(name))
        for quad in store.quads_for_pattern(None, property, None, DefaultGraph()):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(value, Literal):
                continue
            entry = found.get(subject.value)
            if entry is None:
                kind = kind_of(subject.value)
                if kind is None:
                    continue
                entry = found[subject.value] = Entry(subject.value, kind)
            text = Text(place, value.language or "", value.value)
            if text not in entry.texts:
                entry.texts.append(text)
    named = [entry for entry in found.values() if any(t.field == LABEL for t in entry.texts)]
    yield from sorted(named, key=lambda entry: (KINDS.index(entry.kind), entry.iri))
