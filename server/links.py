"""The links between policies and challenges as lists show them, read once for each release."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import compress
from operator import and_
from sys import intern

from ..graph.errors import BadParameter
from ..graph.names import shorten
from ..graph.store import Row, Store
from ..graph.terms import text
from ..queries.catalogue import ask
from .lists.bits import Rows, of_flags, of_rows
from .lists.index import index
from .lists.kinds import KINDS
from .lists.labels import called
from .matrix import Challenge, matrix
from .outline import Part, outlines
from .remembered import remembered
from .things import address, text_of


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its id and label, with the address of its page."""

    id: str
    label: str
    page: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link: the policy, the challenge, where the policy stands, and what proves it."""

    id: str
    policy: Named
    linked: Named
    part: Named
    described: bool
    assertion: Named
    stated: bool
    reason: str
    page: str
    evidence: Named | None

    @property
    def place(self) -> str:
        """What tells its place in a list: a policy may stand in several parts."""
        return f"{self.id} {self.part.id}"


@dataclass(frozen=True)
class Links:
    """All links in order, and which of them are in each challenge and each part."""

    every: Sequence[Link]
    within: Mapping[str, int]
    """The links of each challenge and part, those of what is narrower too, as bits."""
    stated: int
    """The links that a page itself states, as bits."""
    places: Mapping[str, Sequence[int]]
    """The rows of each link."""

    def of(self, *within: str) -> Rows:
        """Gives the links that are in all of some challenges and parts."""
        size = len(self.every)
        bits = reduce(and_, (self.within.get(each, 0) for each in within), (1 << size) - 1)
        return Rows(bits, size)

    def listed(self, those: Rows) -> list[Link]:
        """Gives links in their order."""
        return list(compress(self.every, those.flags))


@dataclass(frozen=True)
class Page:
    """A page of links: those it shows, and what is counted of all."""

    shown: Sequence[Link]
    links: int
    policies: int
    stated: int
    before: int
    """How many links come before those that it shows."""
    after: str
    """The place after which the next page begins; empty where there is none."""


def of_cell(store: Store, challenge: str | None, section: str | None, lang: str) -> list[Link]:
    """Gives the links of a challenge and a part of the white paper, smaller ones included; raises
    BadParameter for what is neither."""
    found = _of(store, challenge, section, lang)
    return found.listed(found.of(*_given(challenge, section)))


def page_of_cell(
    store: Store, challenge: str | None, section: str | None, lang: str, after: str, most: int
) -> Page:
    """Gives a page of the links of a cell, after the link that the page before ended with; raises
    BadParameter."""
    links = _of(store, challenge, section, lang)
    those = links.of(*_given(challenge, section))
    listed = those.listed
    start = _start(links, listed, after)
    rows = listed[start : start + most]
    shown = [links.every[row] for row in rows]
    return Page(
        shown,
        those.number,
        len({links.every[row].policy.id for row in listed}),
        (those.bits & links.stated).bit_count(),
        start,
        shown[-1].place if start + most < len(listed) else "",
    )


def _start(links: Links, listed: Sequence[int], after: str) -> int:
    """Gives where in a list of links a page begins."""
    if not after:
        return 0
    last = next(
        (
            row
            for row in links.places.get(after.partition(" ")[0], ())
            if links.every[row].place == after
        ),
        None,
    )
    if last is None:
        raise BadParameter("after", after[:200], "the link that the page before ended with")
    return bisect_right(listed, last)


def _given(challenge: str | None, section: str | None) -> list[str]:
    return [each for each in (challenge, section) if each is not None]


def _of(store: Store, challenge: str | None, section: str | None, lang: str) -> Links:
    """Gives the links to choose from: those of the release, or just those of what is neither a row
    nor a column of the matrix."""
    above = remembered("broader", lambda: _broader(store))
    given = _given(challenge, section)
    if all(each in above for each in given):
        return remembered(("links", lang), lambda: _read(store, above, lang))
    asked = ask(store, "links/of-cell", challenge=challenge, section=section, lang=lang).rows
    return _made(asked, {}, {}, given)


def _read(store: Store, above: Mapping[str, frozenset[str]], lang: str) -> Links:
    rows = ask(store, "links/every", lang=lang).rows
    few = {
        text_of(row, name) for row in rows for name in ("linked", "part", "assertion", "evidence")
    }
    policies = index(store, KINDS["policies"])
    labels = dict(zip(policies.ids, policies.shown[lang], strict=True))
    labels |= {shorten(iri): name for iri, name in called(store, few - {""}, lang).items()}
    return _made(rows, labels, above)


def _made(
    rows: Iterable[Row],
    labels: Mapping[str, str],
    above: Mapping[str, frozenset[str]],
    everywhere: Iterable[str] = (),
) -> Links:
    """Gives the links of rows, with the labels of what the rows have no label of."""
    named = cache(lambda id, label: Named(id, label, address(id)))
    every = [_link(row, labels, named) for row in rows]
    size = len(every)
    within: dict[str, list[int]] = {}
    places: dict[str, list[int]] = {}
    for row, link in enumerate(every):
        places.setdefault(link.id, []).append(row)
        for end in (link.linked.id, link.part.id):
            for each in above.get(end, ()):
                within.setdefault(each, []).append(row)
    bits = {each: of_rows(those, size) for each, those in within.items()}
    bits |= dict.fromkeys(everywhere, (1 << size) - 1)
    return Links(every, bits, of_flags(bytes(link.stated for link in every)), places)


def _broader(store: Store) -> Mapping[str, frozenset[str]]:
    """Gives each challenge and part with all that it is in, itself included."""

    def walk(
        nodes: Iterable[Challenge | Part], path: frozenset[str]
    ) -> Iterator[tuple[str, frozenset[str]]]:
        for node in nodes:
            whole = path | {node.id}
            yield node.id, whole
            yield from walk(node.narrower if isinstance(node, Challenge) else node.below, whole)

    top = remembered(("matrix", "ja"), lambda: matrix(store, "ja")).top
    parts = remembered("outlines", lambda: outlines(store, "ja"))
    return dict(walk([*top, *parts], frozenset()))


def _link(row: Row, labels: Mapping[str, str], named: Callable[[str, str], Named]) -> Link:
    def thing(name: str) -> Named:
        id, label = text(row[name]), row.get(f"{name}Label")
        return named(id, text(label) if label is not None else labels.get(id, id))

    return Link(
        id=text(row["link"]),
        policy=thing("policy"),
        linked=thing("linked"),
        part=thing("part"),
        described=text(row["placement"]) == "hk:describedIn",
        assertion=thing("assertion"),
        stated=text(row["assertion"]) == "hk:stated",
        reason=text_of(row, "reason"),
        page=intern(text_of(row, "page")),
        evidence=thing("evidence") if "evidence" in row else None,
    )
