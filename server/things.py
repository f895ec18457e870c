"""What the graph says about one thing, as its page shows it: the sentence first, then the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from ..graph.names import BASE, GRAPH, HK, HKID, expand, shorten
from ..graph.store import Row, Store, Term
from ..graph.terms import python, text
from ..queries.catalogue import ask, catalogue
from .hierarchy import Hierarchy, hierarchy_of
from .language import text as words
from .printed import JAPANESE, read_out
from .remembered import remembered

RDF_TYPE: Final = expand("rdf:type")
LABELS: Final = (expand("rdfs:label"), expand("skos:prefLabel"))
SENTENCES: Final = tuple(map(expand, ("dcterms:description", "skos:definition", "skos:note")))
ALSO: Final = expand("skos:altLabel")
PAGE: Final = expand("hk:page")
EVIDENCE: Final = expand("hk:evidenceKind")
REPLACED: Final = expand("dcterms:isReplacedBy")
PRINTED: Final = expand("hk:printedValue")
MOMENTS: Final = (expand("xsd:date"), expand("xsd:dateTime"))
TOLD_ABOVE: Final = (RDF_TYPE, *LABELS, *SENTENCES, ALSO, PAGE, EVIDENCE, REPLACED)
CUBE: Final = ("slice-key", "structure", "component")
"""The kinds of things that are named for the dimensions of the data cube which they have."""
SHOWN: Final = 12
"""How many values of one property a page shows; the rest has pages of its own."""
CUT: Final = 2_000
"""How many incoming statements the question gives at most."""


@dataclass(frozen=True)
class Value:
    """A term as a page shows it: its text, where it leads, and its language.

    The text of a day or a moment is as machines write it: a page writes it for its readers.
    """

    text: str
    href: str | None = None
    outside: bool = False
    lang: str | None = None
    number: bool = False
    moment: bool = False
    truth: bool = False


@dataclass
class Fact:
    """A property with its values."""

    name: Value
    values: list[Value] = field(default_factory=list)
    """The first values; `count` is how many there are."""
    count: int = 0
    kind: str = ""
    """The kind, as in their IRIs, of the things that point here with the property."""

    @property
    def left(self) -> int:
        """How many values are not shown."""
        return self.count - len(self.values)

    property: str = ""


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
    printed: str = ""
    """What an observation's page prints, where the heading reads it out in another language."""
    kinds: list[Value] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    pages: list[Value] = field(default_factory=list)
    evidence: Value | None = None
    replaced_by: Value | None = None
    said: Mapping[str, list[Value]] = field(default_factory=dict)
    """The values of each property, by its short name such as `hk:ledBy`."""
    classes: frozenset[str] = frozenset()
    """The classes it is in, broader ones included, by their short names."""
    facts: list[Fact] = field(default_factory=list)
    incoming: list[Fact] = field(default_factory=list)
    cut: int | None = None

    @property
    def node(self) -> NamedNode:
        """The thing as a question is asked about it: it is known, and not looked up again."""
        return NamedNode(self.iri)

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
    if whole.startswith(GRAPH):
        # A graph is not described in the graph that pages read: its own address gives its content.
        return "/graphs?" + urlencode({"graph": whole, "format": "turtle"})
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
        moment = term.datatype.value in MOMENTS
        meant = python(term)
        number = not moment and not isinstance(meant, str | bool)
        truth = isinstance(meant, bool)
        return Value(shown, lang=term.language, number=number, moment=moment, truth=truth)
    return Value(shown)


def thing(store: Store, iri: str, lang: str) -> Thing:
    """Gives what the graph says about a thing, in a language; raises UnknownThing."""
    node = NamedNode(iri)
    said = _by_property(ask(store, "things/said", thing=node).rows, "value")
    pointing = ask(store, "things/pointing", thing=node).rows
    if not said and not pointing:
        raise catalogue().missing(store, shorten(iri))
    hierarchy = remembered("hierarchy", lambda: hierarchy_of(store))
    groups = _groups(pointing, hierarchy, said, iri)
    said = hierarchy.specific(said)
    subjects = [subject for members in groups.values() for subject in members[:SHOWN]]
    wanted = [*said, *(name for name, _ in groups), *_things(said)]
    labels = headings(store, [*wanted, *subjects, *_values(said), iri], lang)
    found = Thing(iri, shorten(iri))
    _name(found, said, labels, lang)
    found.kinds = [_named(each, labels) for each in hierarchy.narrowest(_things(said))]
    found.facts = _facts(said, labels, lang, iri)
    found.incoming = [
        Fact(
            _named(property, labels),
            [_named(subject, labels) for subject in members[:SHOWN]],
            len(members),
            kind,
            shorten(property),
        )
        for (property, kind), members in groups.items()
    ]
    found.cut = CUT if len(pointing) >= CUT else None
    return found


def names(store: Store, things: Iterable[str], lang: str) -> dict[str, Term]:
    """Gives the labels of things by IRI; one without a label has no entry."""
    return _told(store, "things/names", "thingLabel", things, lang)


def headings(store: Store, things: Iterable[str], lang: str) -> dict[str, Term]:
    """Gives what to call things, by IRI: their labels, or what observations and links relate."""
    found: dict[str, Term] = {}
    dimensions: dict[str, list[str]] = {}
    for iri, row in _asked(store, "things/headings", things, lang):
        if "dimension" in row:
            dimensions.setdefault(iri, []).append(text(row["heading"]))
        else:
            found.setdefault(iri, heading_of(row, lang))
    for iri, named in dimensions.items():
        kind = words(f"kinds.{kind_of(iri)}", lang) if kind_of(iri) in CUBE else ""
        listed = ("、" if lang == "ja" else ", ").join(named)
        joint = "：" if lang == "ja" else ": "
        found.setdefault(iri, Literal(f"{kind}{joint}{listed}" if kind else listed))
    return found


def heading_of(row: Row, lang: str) -> Term:
    """Gives the heading in a row: that of an observation has its value, read out with its unit."""
    heading = row["heading"]
    if "printed" not in row:
        return heading
    value = number_of(row, "value")
    read, _ = read_out(text_of(row, "printed"), text_of(row, "unit"), value, lang)
    return Literal(f"{text(heading)}{'：' if lang == 'ja' else ': '}{read}")


def number_of(row: Row, name: str) -> Decimal | None:
    """Gives the number of a term in a row, where it is one."""
    value = python(row[name]) if name in row else None
    return Decimal(value) if isinstance(value, Decimal | int) else None


def text_of(row: Row, name: str) -> str:
    """Gives the text of a term in a row, an IRI whole; nothing where it is unbound."""
    term = row.get(name)
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode) else text(term)


def _groups(
    pointing: Iterable[Row], hierarchy: Hierarchy, said: Mapping[str, list[Term]], iri: str
) -> dict[tuple[str, str], list[str]]:
    """Gives what else points to a thing by property and kind, without what is said the other way
    round or follows from a more specific property."""
    by_property = hierarchy.specific(_by_property(pointing, "subject"))
    groups: dict[tuple[str, str], list[str]] = {}
    for property, subjects in by_property.items():
        told = {
            value for other in hierarchy.inverse.get(property, ()) for value in said.get(other, ())
        }
        for subject in subjects:
            if isinstance(subject, NamedNode) and subject not in told and subject.value != iri:
                groups.setdefault((property, kind_of(subject.value)), []).append(subject.value)
    return dict(sorted(groups.items(), key=lambda item: (not item[0][0].startswith(HK), item[0])))


def kind_of(iri: str) -> str:
    """Gives the KIND in the IRI of a thing of ours; `page` for what is not ours.

    >>> kind_of("https://w3id.org/hakusho/id/policy/notice"), kind_of("https://example.org/")
    ('policy', 'page')
    """
    if iri.startswith(HKID):
        return iri.removeprefix(HKID).partition("/")[0]
    return "term" if iri.startswith(BASE) else "page"


def _by_property(rows: Iterable[Row], column: str) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    for row in rows:
        found.setdefault(text_of(row, "property"), []).append(row[column])
    return found


def _values(said: Mapping[str, list[Term]]) -> list[str]:
    """Gives the things of ours that are shown as values."""
    return [
        value.value
        for property, values in said.items()
        if property != RDF_TYPE
        for value in values[:SHOWN]
        if isinstance(value, NamedNode) and value.value.startswith(BASE)
    ]


def _things(said: Mapping[str, list[Term]]) -> list[str]:
    return [value.value for value in said.get(RDF_TYPE, ()) if isinstance(value, NamedNode)]


def _told(
    store: Store, question: str, column: str, things: Iterable[str], lang: str
) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for iri, row in _asked(store, question, things, lang):
        found.setdefault(iri, row[column])
    return found


def _asked(
    store: Store, question: str, things: Iterable[str], lang: str
) -> Iterator[tuple[str, Row]]:
    nodes = [NamedNode(each) for each in dict.fromkeys(things)]
    for row in ask(store, question, thing=nodes, lang=lang).rows if nodes else ():
        yield text_of(row, "thing"), row


def _named(iri: str, labels: Mapping[str, Term]) -> Value:
    return value_of(NamedNode(iri), labels.get(iri))


def _shown(values: Iterable[Term], labels: Mapping[str, Term]) -> list[Value]:
    return [
        value_of(value, labels.get(value.value) if isinstance(value, NamedNode) else None)
        for value in values
    ]


def _name(
    found: Thing, said: Mapping[str, list[Term]], labels: Mapping[str, Term], lang: str
) -> None:
    other = "en" if lang == "ja" else "ja"

    def literals(properties: Iterable[str], language: str) -> list[str]:
        return [
            value.value
            for name in properties
            for value in said.get(name, ())
            if isinstance(value, Literal) and value.language in (language, None)
        ]

    found.label = next(iter(literals(LABELS, lang)), None)
    found.other_label = next(iter(literals(LABELS, other)), None)
    if found.other_label == found.label:
        found.other_label = None
    if found.label is None and found.iri in labels:
        found.label, found.unnamed = text(labels[found.iri]), True
    found.sentence = next(iter(literals(SENTENCES, lang)), None)
    if found.unnamed and lang == "en":
        found.printed = next((p for p in literals([PRINTED], lang) if JAPANESE.search(p)), "")
    found.also = sorted(set(literals([ALSO], lang)))
    found.said = {shorten(name): _shown(values, labels) for name, values in said.items()}
    found.pages = found.said.get("hk:page", [])
    found.evidence = next(iter(found.said.get("hk:evidenceKind", ())), None)
    found.replaced_by = next(iter(found.said.get("dcterms:isReplacedBy", ())), None)
    found.classes = frozenset(map(shorten, _things(said)))


def _facts(
    said: Mapping[str, list[Term]], labels: Mapping[str, Term], lang: str, iri: str
) -> list[Fact]:
    facts = []
    for property, values in said.items():
        if property in TOLD_ABOVE:
            continue
        spoken = {value.language for value in values if isinstance(value, Literal)}
        if lang in spoken:
            # A text in two languages is read in one of them.
            values = [
                each for each in values
                if not isinstance(each, Literal) or each.language in (lang, None)
            ]  # fmt: skip
        # That a thing is like itself follows of any symmetric and transitive property.
        values = [each for each in values if each != NamedNode(iri)]
        if not values:
            continue
        shown = _shown(values[:SHOWN], labels)
        facts.append(Fact(_named(property, labels), shown, len(values), property=shorten(property)))
    ours = {id(fact): fact.property.startswith("hk:") for fact in facts}
    return sorted(facts, key=lambda fact: (not ours[id(fact)], fact.name.text))
