"""What a network is made of: things as nodes, relations between them as edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ..names import expand

FORMATS: Final = ("graphml", "gexf", "cytoscape")
"""What a network can be written out as."""

STATED: Final = "stated"
ASSIGNED: Final = "assigned"


@dataclass(frozen=True, order=True)
class Node:
    """A thing of the network, with its name in each language that it has one in."""

    id: str
    kind: str
    label_ja: str | None = None
    label_en: str | None = None

    @property
    def slug(self) -> str:
        """The id without the kind.

        >>> Node("policy/notice", "policy").slug
        'notice'
        """
        return self.id.rpartition("/")[2]

    @property
    def iri(self) -> str:
        """The whole IRI."""
        return expand(self.id)

    def name(self, lang: str) -> str:
        """Gives the label in a language; where it has none the id, which passes for no label."""
        return (self.label_ja if lang == "ja" else self.label_en) or self.id

    def attributes(self) -> dict[str, str]:
        """Gives what is known of it, by name."""
        return _known(
            kind=self.kind,
            slug=self.slug,
            label_ja=self.label_ja,
            label_en=self.label_en,
            iri=self.iri,
        )


@dataclass(frozen=True)
class Edge:
    """A relation from one thing to another, and what it rests on.

    `assertion` is `stated` or `assigned` where a link records the relation, `link` is the IRI of
    that link, `page` the IRI of the page, and `evidence` what kind of page it is.
    """

    subject: str
    relation: str
    object: str
    assertion: str | None = None
    link: str | None = None
    page: str | None = None
    evidence: str | None = None

    @property
    def ends(self) -> frozenset[str]:
        """The two things, without direction."""
        return frozenset((self.subject, self.object))

    @property
    def rank(self) -> tuple[Any, ...]:
        """What edges between two things are sorted by: by relation what a page states before what
        was assigned, then by page."""
        return (
            self.relation,
            self.assertion != STATED,
            self.page is None,
            self.page or "",
            self.link or "",
            self.evidence or "",
        )

    def attributes(self) -> dict[str, str]:
        """Gives what is known of it, by name."""
        return _known(
            relation=self.relation,
            assertion=self.assertion,
            link=self.link,
            page=self.page,
            evidence=self.evidence,
        )


def _known(**attributes: str | None) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value is not None}
