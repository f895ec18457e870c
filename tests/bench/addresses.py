"""The addresses of the pages of a release, found by asking the service what it holds."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from urllib.parse import quote, urlencode

from hakusho.graph.names import HK, HKID
from hakusho.graph.ontology import ontology_dataset
from hakusho.queries.catalogue import catalogue

Ask = Callable[[str], bytes]
"""Gives what an address of the service answers."""

LINK = re.compile(r'(?:href|src|srcset)="([^"]+)"')

PLAIN = (
    "/", "/?unfold=all", "/outline", "/links", "/lists", "/search", "/network", "/compare",
    "/queries", "/sparql", "/ontology", "/quality", "/quality?by=challenge", "/validate",
    "/proposals", "/releases", "/releases/1", "/forms", "/graphs", "/dumps/", "/problems",
    "/openapi.json", "/sitemap.xml", "/.well-known/void", "/dcat.ttl", "/catalog.jsonld",
)  # fmt: skip
LISTS = ("challenges", "policies", "indicators", "sources", "organizations", "milestones")
FORMS = ("policy", "indicator", "observation", "source", "organization", "challenge", "milestone")
WHOLE = (
    "challenge", "policy", "indicator", "organization", "part", "period", "unit", "whitepaper",
    "source", "milestone",
)  # fmt: skip
"""The kinds of things of which every page is asked; of the others a sample is."""
SAMPLE = 60
PAIRS = 40
WORDS = (
    "AI", "5G", "災害", "電波", "放送", "サイバーセキュリティ", "偽情報", "光ファイバ", "人材",
    "privacy", "satellite", "disaster", "broadband", "disinformation", "elderly", "zzz",
)  # fmt: skip


def addresses(ask: Ask, drawings: bool = True) -> Iterator[str]:
    """Gives the address of every kind of page, of each thing or of a sample of them; and those of
    the drawings on them where these are asked for."""
    things = _things(ask)
    yield from PLAIN
    yield from _lists(ask)
    for kind, slugs in sorted(things.items()):
        for slug in slugs if kind in WHOLE else _sample(slugs, SAMPLE):
            yield f"/id/{kind}/{quote(slug)}"
    yield from _of_things(things)
    if drawings:
        yield from _charts(ask, things["indicator"])
    yield from _questions()
    yield from (f"/search?q={quote(word)}" for word in WORDS)
    yield from (f"/search/suggest?q={quote(word)}" for word in WORDS)
    names = {quad.subject.value for quad in ontology_dataset() if hasattr(quad.subject, "value")}
    for name in sorted(names):
        if name.startswith(HK):
            yield f"/ontology/{name.removeprefix(HK)}"


def _things(ask: Ask) -> Mapping[str, Sequence[str]]:
    """Gives the slugs of all things by their kinds."""
    query = "SELECT DISTINCT ?thing WHERE { ?thing a ?class }"
    asked = {"query": query, "format": "json"}
    rows = json.loads(ask(f"/sparql?{urlencode(asked)}"))["results"]["bindings"]
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        iri = row["thing"]["value"]
        if iri.startswith(HKID):
            kind, _, slug = iri.removeprefix(HKID).partition("/")
            found[kind].append(slug)
    return {kind: sorted(slugs) for kind, slugs in found.items()}


def _lists(ask: Ask) -> Iterator[str]:
    """Gives lists, whole and as they are narrowed and ordered by what they link to."""
    for name in LISTS:
        yield f"/{name}"
        narrower = [each for each in _links(ask, f"/{name}") if each.startswith(f"/{name}?")]
        yield from (each for each in _sample(narrower, SAMPLE // 2) if "lang=" not in each)


def _links(ask: Ask, address: str) -> Sequence[str]:
    """Gives what a page links to and shows."""
    # A parameter of no meaning keeps the page itself from being answered before it is measured.
    page = ask(f"{address}?measured=no").decode()
    links = dict.fromkeys(html.unescape(found) for found in LINK.findall(page))
    return [each for each in links if "measured=" not in each]


def _charts(ask: Ask, slugs: Sequence[str]) -> Iterator[str]:
    """Gives the charts that the pages of indicators show, and their specifications."""
    for slug in slugs:
        for each in _links(ask, f"/id/indicator/{quote(slug)}"):
            if each.startswith("/charts/"):
                yield re.sub(r"lang=\w+&?", "", each).rstrip("?&")
    for a, b in _pairs(slugs):
        yield f"/charts/compare.svg?a=indicator/{a}&b=indicator/{b}"


def _of_things(things: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Gives what is shown of things apart from their own pages."""
    for kind in FORMS:
        yield f"/forms/{kind}"
        yield from (f"/forms/{kind}/{quote(each)}" for each in _sample(things[kind], SAMPLE // 3))
    for kind in ("challenge", "policy", "indicator", "organization", "source", "part"):
        for slug in _sample(things[kind], SAMPLE // 3):
            yield f"/network?thing={kind}/{quote(slug)}"
    for a, b in _pairs(things["challenge"]):
        yield f"/network?thing=challenge/{a}&to=challenge/{b}"
    for kind in ("challenge", "indicator", "whitepaper"):
        for a, b in _pairs(things[kind]):
            yield f"/compare?a={kind}/{a}&b={kind}/{b}"
        yield f"/compare?a={kind}/{things[kind][0]}"
    for slug in _sample(things["challenge"], SAMPLE):
        yield f"/links?challenge=challenge/{slug}"
    for slug in _sample(things["part"], SAMPLE):
        yield f"/links?section=part/{slug}"
    for id in ("area/JP", "evidence-kind/other-edition", "unit/percent", "organization/mic"):
        yield f"/pointing?iri={id}&property=hk:{'ledBy' if id.endswith('mic') else 'area'}"
    for slug in _sample(things["challenge"], 5):
        for check in _checks():
            yield f"/quality/{check}?challenge=challenge/{slug}"
    yield from (f"/quality/{check}" for check in _checks())


def _questions() -> Iterator[str]:
    """Gives every question, asked with the example of each of its parameters."""
    for question in catalogue():
        example = {each.name: each.example for each in question.parameters if each.required}
        yield f"/queries/{question.id}" + (f"?{urlencode(example)}" if example else "")


def _checks() -> Iterator[str]:
    for question in catalogue():
        if question.id.startswith("quality/") and question.parameter("section"):
            if question.parameter("challenge"):
                yield question.id.removeprefix("quality/")


def _sample(slugs: Sequence[str], most: int) -> Sequence[str]:
    return slugs[:: max(1, len(slugs) // most)]


def _pairs(slugs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Gives pairs of things that stand apart in the order of their ids."""
    pairs = list(combinations(_sample(slugs, 12), 2))
    yield from pairs[:: max(1, len(pairs) // PAIRS)]
