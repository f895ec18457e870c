"""What media types there are, by the form of an answer, and which of them a request wants.

`MEDIA` is the one table: content negotiation, `?format=`, file extensions, the service description
and the lists in 406 answers all read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from ..graph.errors import UnsupportedFormat
from ..graph.store import Form

Family = Form | Literal["dataset", "page"]


@dataclass(frozen=True)
class Media:
    """A media type: what it is called in `?format=`, what it can carry and how it is named."""

    name: str
    media_type: str
    families: tuple[Family, ...]
    label: str
    also: tuple[str, ...] = ()
    """Other names in `?format=`, and file extensions."""
    aliases: tuple[str, ...] = ()
    """Other media types that ask for this one."""
    iri: str = ""
    """The name of the format at https://www.w3.org/ns/formats/, as service descriptions use it."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the type may be called in `?format=` and as an extension."""
        return (self.name, *self.also)

    @property
    def content_type(self) -> str:
        """The media type as a header gives it."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type

    @property
    def text(self) -> bool:
        """Whether the type's default charset is not UTF-8, so that it has to be said."""
        return self.media_type.startswith("text/")


TABLE: Final[tuple[Family, ...]] = ("solutions", "boolean")
GRAPH: Final[tuple[Family, ...]] = ("graph", "dataset")
FORMATS: Final = "http://www.w3.org/ns/formats/"

# The first of a family is what a request without a preference gets.
MEDIA: Final[tuple[Media, ...]] = (
    Media(
        "json", "application/sparql-results+json", TABLE, "SPARQL JSON", ("srj",),
        ("application/json",), FORMATS + "SPARQL_Results_JSON",
    ),
    Media(
        "xml", "application/sparql-results+xml", TABLE, "SPARQL XML", ("srx",),
        ("application/xml", "text/xml"), FORMATS + "SPARQL_Results_XML",
    ),
    Media("csv", "text/csv", TABLE, "CSV", iri=FORMATS + "SPARQL_Results_CSV"),
    Media(
        "tsv", "text/tab-separated-values", TABLE, "TSV", iri=FORMATS + "SPARQL_Results_TSV"
    ),
    Media(
        "turtle", "text/turtle", ("graph",), "Turtle", ("ttl",),
        ("application/x-turtle", "application/turtle"), FORMATS + "Turtle",
    ),
    Media(
        "jsonld", "application/ld+json", GRAPH, "JSON-LD", ("json-ld",),
        ("application/json",), FORMATS + "JSON-LD",
    ),
    Media(
        "nt", "application/n-triples", ("graph",), "N-Triples", ("ntriples", "n-triples"),
        ("text/plain",), FORMATS + "N-Triples",
    ),
    Media(
        "rdfxml", "application/rdf+xml", ("graph",), "RDF/XML", ("rdf", "xml", "rdf-xml"),
        ("application/xml", "text/xml"), FORMATS + "RDF_XML",
    ),
    Media("trig", "application/trig", GRAPH, "TriG", ("tri-g",), iri=FORMATS + "TriG"),
    Media(
        "nq", "application/n-quads", GRAPH, "N-Quads", ("nquads", "n-quads"),
        ("text/x-nquads",), FORMATS + "N-Quads",
    ),
    Media("html", "text/html", ("page",), "HTML", ("htm",), ("application/xhtml+xml",)),
)  # fmt: skip

HTML: Final = MEDIA[-1]
JSON: Final = Media("json", "application/json", ("page",), "JSON")
"""What is neither rows nor RDF, told to programs."""

_BY_TYPE: Final = {media.media_type: media for media in MEDIA}


def offered(*families: Family) -> tuple[Media, ...]:
    """Gives the media types that can carry one of the given families, the preferred first.

    >>> [media.name for media in offered("solutions")]
    ['json', 'xml', 'csv', 'tsv']
    """
    return tuple(media for media in MEDIA if not set(families).isdisjoint(media.families))


def named(name: str, candidates: Sequence[Media]) -> Media:
    """Gives the candidate with that name, other name or media type.

    >>> named("ttl", offered("graph")).media_type
    'text/turtle'
    """
    wanted = name.strip().lower()
    for media in candidates:
        if wanted in (*media.names, media.media_type, *media.aliases):
            return media
    raise UnsupportedFormat(name, tuple(media.name for media in candidates))


@dataclass(frozen=True)
class Range:
    """A media range of an Accept header with its quality."""

    type: str
    subtype: str
    quality: float
    precision: int

    def covers(self, media_type: str) -> bool:
        """Tells whether a media type falls within the range."""
        kind, _, sub = media_type.partition("/")
        return self.type in ("*", kind) and self.subtype in ("*", sub)


@lru_cache(maxsize=512)
def ranges(accept: str) -> tuple[Range, ...]:
    """Reads an Accept header (RFC 9110, section 12.5.1); what is not a media range is passed over.

    >>> [(each.type, each.quality) for each in ranges("text/*;q=0.5, application/json")]
    [('text', 0.5), ('application', 1.0)]
    """
    found = []
    for item in accept.split(","):
        media_range, *parameters = (part.strip() for part in item.split(";"))
        kind, slash, sub = media_range.lower().partition("/")
        if not slash or not kind or not sub:
            continue
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                quality = _quality(value.strip())
        precision = (kind != "*") + (sub != "*")
        found.append(Range(kind, sub, quality, precision))
    return tuple(found)


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def quality(media: Media, accept: str) -> float:
    """Gives how much an Accept header wants a media type: the most precise range decides."""
    best = (-1, 0.0)
    for position, media_type in enumerate((media.media_type, *media.aliases)):
        for each in ranges(accept):
            if each.covers(media_type) and (each.precision == 2 or position == 0):
                best = max(best, (each.precision, each.quality))
    return best[1]


def accepted(accept: str | None, candidates: Sequence[Media]) -> Media | None:
    """Gives the candidate that an Accept header wants most, the earlier of two that it wants alike.

    >>> accepted("text/csv;q=0.5, */*;q=0.1", offered("solutions")).name
    'csv'
    >>> accepted("image/png", offered("solutions")) is None
    True
    """
    if accept is None or not accept.strip():
        return candidates[0]
    if not ranges(accept):
        return None
    best = max(candidates, key=lambda media: quality(media, accept))
    return best if quality(best, accept) > 0 else None


def choose(
    candidates: Sequence[Media], accept: str | None = None, format: str | None = None
) -> Media:
    """Gives the media type for an answer: what `?format=` names, else what Accept wants.

    Raises UnsupportedFormat, which lists what there is, when neither is offered.
    """
    if format:
        return named(format, candidates)
    media = accepted(accept, candidates)
    if media is None:
        raise UnsupportedFormat(accept or "", tuple(media.media_type for media in candidates))
    return media


@lru_cache(maxsize=512)
def by_form(
    forms: tuple[Form, ...], accept: str | None = None, format: str | None = None
) -> Mapping[Form, str]:
    """Gives the media type for each form that can be had as asked; a form that cannot is left out.

    >>> by_form(("solutions", "graph"), format="csv")
    {'solutions': 'text/csv'}
    """
    found: dict[Form, str] = {}
    for form in forms:
        try:
            found[form] = choose(offered(form), accept, format).media_type
        except UnsupportedFormat:
            # Only the query's own form matters, and it is known once the text is read.
            continue
    return found


def media_of(media_type: str) -> Media:
    """Gives the entry of a media type."""
    return _BY_TYPE[media_type]


@lru_cache(maxsize=512)
def wants_page(accept: str | None) -> bool:
    """Tells whether a request would rather have a page for people than any data.

    >>> wants_page("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    True
    >>> wants_page("*/*")
    False
    """
    if not accept:
        return False
    best = max(quality(media, accept) for media in MEDIA[:-1])
    return (
        any(
            each.precision > 0 and each.quality > 0 and each.covers(HTML.media_type)
            for each in ranges(accept)
        )
        and quality(HTML, accept) >= best
    )
