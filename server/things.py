"""What the graph says about one thing, as its page shows it: the sentence first, then the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from ..graph.names import BASE, HK, HKID, expand, shorten
from ..graph.store import Row, Store, Term
from ..graph.terms import python, text
from ..queries.catalogue import ask, catalogue

RDF_TYPE: Final = expand("rdf:type")
LABELS: Final = (expand("rdfs:label"), expand("skos:prefLabel"))
SENTENCES: Final = tuple(map(expand, ("dcterms:description", "skos:definition", "skos:note")))
ALSO: Final = expand("skos:altLabel")
PAGE: Final = expand("hk:page")
EVIDENCE: Final = expand("hk:evidenceKind")
REPLACED: Final = expand("dcterms:isReplacedBy")
TOLD_ABOVE: Final = (RDF_TYPE, *LABELS, *SENTENCES, ALSO, PAGE, EVIDENCE, REPLACED)
SHOWN: Final = 12
"""How many values of one property are shown before the rest is folded."""
CUT: Final = 2_000
"""How many incoming statements the question gives at most."""


@dataclass(frozen=True)
class Value:
    """A term as a page shows it: its text, where it leads, and its language."""

    text: str
    href: str | None = None
    outside: bool = False
    lang: str | None = None
    number: bool = False


@dataclass
class Fact:
    """A property with its values."""

    name: Value
    values: list[Value] = field(default_factory=list)
    kind: str = ""
    """What the things are that point here with the property."""

    @property
    def shown(self) -> list[Value]:
        """The first values."""
        return self.values[:SHOWN]

    @property
    def rest(self) -> list[Value]:
        """The values after the first."""
        return self.values[SHOWN:]


@dataclass
class Thing:
    """A thing: its names, the sentence about it, its proof, and the statements from and to it."""

    iri: str
    id: str
    label: str | None = None
    other_label: str | None = None
    unnamed: bool = False
    """Whether the label is a heading made up from what the thing relates."""
    sentence: str | None = None
    kinds: list[Value] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    pages: list[Value] = field(default_factory=list)
    evidence: Value | None = None
    replaced_by: Value | None = None
    facts: list[Fact] = field(default_factory=list)
    incoming: list[Fact] = field(default_factory=list)
    cut: int | None = None
    formats: Mapping[str, str] = field(default_factory=dict)


def address(iri: str) -> str:
    """Gives the path of the page about an IRI or id, or the IRI itself where it is not ours.

    >>> address("policy/notice"), address("hk:Policy"), address("https://example.org/")
    ('/id/policy/notice', '/ontology/Policy', 'https://example.org/')
    """
    whole = expand(iri)
    if whole.startswith(HKID):
        return "/id/" + whole.removeprefix(HKID)
    if whole.startswith(HK):
        return "/ontology/" + whole.removeprefix(HK)
    if whole.startswith(BASE):
        return "/resource?" + urlencode({"iri": whole})
    return whole


def value_of(term: Term, label: Term | None = None) -> Value:
    """Gives a term as a page shows it, under its label where it has one."""
    shown = text(label) if label is not None else text(term)
    if isinstance(term, NamedNode):
        href = address(term.value)
        outside = not href.startswith("/")
        if outside and label is None:
            shown = shorten(term.value)
        lang = label.language if isinstance(label, Literal) else None
        # What is not an address of the web is no link: none may lead to javascript: or file:.
        if outside and not href.startswith(("http://", "https://")):
            return Value(shown)
        return Value(shown, href, outside, lang)
    if isinstance(term, Literal):
        number = not isinstance(python(term), str | bool) and "date" not in term.datatype.value
        return Value(shown, lang=term.language, number=number)
    return Value(shown)


def thing(store: Store, iri: str, lang: str) -> Thing:
    """Gives what the graph says about a thing, in a language; raises UnknownThing."""
    node = NamedNode(iri)
    rows = ask(store, "things/outgoing", thing=node, lang=lang).rows
    pointing = ask(store, "things/incoming", thing=node, lang=lang).rows
    if not rows and not pointing:
        raise catalogue().missing(store, shorten(iri))
    found = Thing(iri, shorten(iri))
    _names(found, rows, lang)
    heading = next(iter(ask(store, "things/heading", thing=node, lang=lang).rows), {})
    if found.label is None and "heading" in heading:
        found.label, found.unnamed = text(heading["heading"]), True
    found.facts = _facts(
        (row for row in rows if text_of(row, "property") not in TOLD_ABOVE), "value", lang
    )
    found.incoming = _facts(pointing, "subject", lang)
    found.cut = CUT if len(pointing) >= CUT else None
    return found


def text_of(row: Row, name: str) -> str:
    """Gives the text of a term in a row, an IRI whole; nothing where it is unbound."""
    term = row.get(name)
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode) else text(term)


def _names(found: Thing, rows: Sequence[Row], lang: str) -> None:
    other = "en" if lang == "ja" else "ja"
    told: dict[str, list[Row]] = {}
    for row in rows:
        told.setdefault(text_of(row, "property"), []).append(row)

    def literals(properties: Iterable[str], language: str) -> list[str]:
        return [
            row["value"].value
            for name in properties
            for row in told.get(name, ())
            if isinstance(row["value"], Literal) and row["value"].language in (language, None)
        ]

    def values(name: str) -> list[Value]:
        return [value_of(row["value"], row.get("valueLabel")) for row in told.get(name, ())]

    found.label = next(iter(literals(LABELS, lang)), None)
    found.other_label = next(iter(literals(LABELS, other)), None)
    if found.other_label == found.label:
        found.other_label = None
    found.sentence = next(iter(literals(SENTENCES, lang)), None)
    found.also = sorted(set(literals([ALSO], lang)))
    found.pages = values(PAGE)
    found.evidence = next(iter(values(EVIDENCE)), None)
    found.replaced_by = next(iter(values(REPLACED)), None)
    kinds = [row for row in told.get(RDF_TYPE, ()) if text_of(row, "value").startswith(HK)]
    found.kinds = [value_of(row["value"], row.get("valueLabel")) for row in kinds]


def _facts(rows: Iterable[Row], column: str, lang: str) -> list[Fact]:
    facts: dict[str, Fact] = {}
    spoken: dict[str, set[str]] = {}
    for row in rows:
        kind = text_of(row, "class")
        name = f"{text_of(row, 'property')} {kind}"
        if name not in facts:
            shown = value_of(row["property"], row.get("propertyLabel"))
            facts[name] = Fact(shown, kind=kind)
        fact = facts[name]
        value = value_of(row[column], row.get(f"{column}Label"))
        spoken.setdefault(name, set()).add(value.lang or "")
        fact.values.append(value)
    for name, fact in facts.items():
        if lang in spoken[name]:
            # A text in two languages is read in one of them.
            fact.values = [
                value for value in fact.values if value.href or value.lang in (lang, None)
            ]
    ours = sorted(
        facts,
        key=lambda name: (not name.startswith(HK), facts[name].kind, facts[name].name.text),
    )
    return [facts[name] for name in ours]
