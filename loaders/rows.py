"""Rows completed into JSON-LD nodes: ids, graphs, pages, figures, and links from pairs.

What a column means is in the context alone; here stands only what a single cell cannot say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Final

from ..graph.names import thing
from .cells import Cells, Json
from .columns import breakdowns, columns, kinds
from .figures import figure_number
from .nodes import Node
from .series import edition_labels, edition_of_page, first_edition
from .tables import Row, Table

SLUG: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
OWN_EVIDENCE: Final = ("edition", "edition-mirror")
"""The evidence of what the edition itself says; only such a row is described in its section."""

OTHER_EVIDENCE: Final = "other-edition"

REQUIRED: Final = {
    "milestones": ("policy_id", "date", "label_ja"),
    "observations": ("indicator_id", "period", "area", "page_url"),
    "links": ("policy_id", "challenge_id", "assertion"),
    "policy_indicators": ("policy_id", "indicator_id", "relation"),
    "merges": ("table", "dropped_id", "kept_id"),
}
"""The columns without which a row is nothing; the other tables need an id."""

LEVELS: Final = ("part", "chapter", "section", "subsection")


class Rows:
    """Completes the rows of one edition's tables; `nodes` holds what became of them.

    `target` is the graph into which everything goes; without it each row goes into the graph of
    what its evidence says printed it.
    """

    def __init__(self, edition: str, cells: Cells, target: str | None = None) -> None:
        self.edition = edition
        self.cells = cells
        self.target = target
        self.nodes: list[Node] = []
        self._seen: dict[tuple[str, str], Row] = {}
        self._pages: set[tuple[str, str]] = set()
        self._pairs: dict[tuple[str, str], tuple[Row, str]] = {}
        self._paired = False
        self._spelt_out: set[tuple[str, str]] = set()
        self._refused: set[tuple[str, str | None, int]] = set()
        self.periods: set[tuple[str, str]] = set()

    def add(self, tables: Iterable[Table]) -> None:
        """Completes the rows of some tables, and then the links that no row spells out."""
        # Links are checked against the pairs of the policies, which are therefore read before.
        for table in sorted(tables, key=lambda table: table.name == "links"):
            self._paired |= table.name == "policies"
            for row in table.rows:
                self.complete(row)
        for (policy, challenge), (row, name) in self._pairs.items():
            # A link that is there already may have a page and reasons of its own.
            linked = challenge in self.cells.known.addressed(policy)
            refused = self._where(row) in self._refused
            if not linked and not refused and (policy, challenge) not in self._spelt_out:
                self._assigned(policy, challenge, row, name)

    def complete(self, row: Row) -> None:
        """Completes one row."""
        special: dict[str, Callable[[Row, dict[str, Json], str], str]] = {
            "sections": self._section,
            "challenges": self._challenge,
            "observations": self._observation,
            "policies": self._policy,
            "milestones": self._milestone,
            "links": self._link,
            "policy_indicators": self._link,
        }
        if row.table == "merges":
            self._merge(row)
        else:
            self._add_row(row, special.get(row.table, self._plain))

    def _add_row(self, row: Row, complete: Callable[[Row, dict[str, Json], str], str]) -> None:
        before, made = len(self.cells.errors), len(self.nodes)
        known = columns(row.table)
        body: dict[str, Json] = {"type": row.table}
        for name, text in row.cells.items():
            if name not in known or name in row.faulty:
                continue
            value = self.cells.read(row, known[name], text)
            if value:
                body[name] = value
        name = self._graph(row)
        if "section_id" in body and row.cells.get("evidence") in OWN_EVIDENCE:
            body["described_section_id"] = body.pop("section_id")
        body["id"] = complete(row, body, name)
        # An id put together from cells that are at fault says nothing.
        if row.sound and ("id" in row.cells or len(self.cells.errors) == before):
            self.check_unique(row, str(body["id"]))
        if len(self.cells.errors) == before and row.sound:
            self.nodes.append(Node(name, body, row))
            self._page(name, row.cells.get("page_url"))
            dated = (body[key] for key in body if key in known and known[key].kind == "period")
            self.periods.update((name, str(period)) for period in dated)
        else:
            # Nor is the figure of a row that is refused described, or what it addresses.
            del self.nodes[made:]
            self._refused.add(self._where(row))

    def _graph(self, row: Row) -> str:
        """Gives the graph of a row: that of the edition, or of the pages, that printed it."""
        evidence, page = row.cells.get("evidence"), row.cells.get("page_url", "")
        named = edition_of_page(page)
        if evidence is None and self.target is None:
            self.cells.fail(row, "no-evidence")
        elif evidence in OWN_EVIDENCE and named not in (None, self.edition):
            self.cells.fail(
                row, "page-of-another-edition", "page_url", page, named=named, edition=self.edition
            )
        elif evidence == OTHER_EVIDENCE and named in (None, self.edition):
            self.cells.fail(row, "page-of-this-edition", "page_url", page)
        elif evidence not in (None, *OWN_EVIDENCE, OTHER_EVIDENCE) and named is not None:
            self.cells.fail(
                row, "page-of-an-edition", "page_url", page, named=named, evidence=evidence
            )
        if self.target is not None:
            return self.target
        return self._printed_in(row) or evidence or self.edition

    def _printed_in(self, row: Row) -> str | None:
        """Gives the edition that says what a row says, or None where no edition does."""
        evidence = row.cells.get("evidence")
        if evidence in OWN_EVIDENCE:
            return self.edition
        page = row.cells.get("page_url", "")
        return edition_of_page(page) if evidence == OTHER_EVIDENCE else None

    def check_unique(self, row: Row, slug: str) -> None:
        key = (kinds()[row.table], slug)
        if key in self._seen:
            first = self._seen[key]
            where = f"{first.file}:{first.line}"
            self.cells.fail(row, "same-thing-twice", "id", slug, kind=key[0], where=where)
        self._seen.setdefault(key, row)

    def _page(self, name: str, page: str | None) -> None:
        """Describes the page of a row once in each graph, and the edition that it belongs to."""
        if page is None or (name, page) in self._pages:
            return
        self._pages.add((name, page))
        body: dict[str, Json] = {"type": "documents", "id": page}
        edition = edition_of_page(page)
        if edition is not None:
            body["edition"] = edition
            self._earlier_edition(name, edition)
        self.nodes.append(Node(name, body))

    def _earlier_edition(self, name: str, edition: str) -> None:
        # Its own edition is told by its folder.
        if edition != self.edition:
            self.introduce(name, edition)

    def introduce(self, name: str, edition: str) -> None:
        """Describes a white paper once in a graph, by what they are called from year to year."""
        if (name, edition) in self._pages:
            return
        self._pages.add((name, edition))
        labels = {f"label_{lang}": label for lang, label in edition_labels(edition).items()}
        self.nodes.append(Node(name, {"type": "whitepapers", "id": edition, **labels}))

    def _required(self, row: Row, *names: str) -> list[str]:
        for name in names:
            if name not in row.cells:
                self.cells.fail(row, "missing-cell", name=name)
        return [row.cells.get(name, "") for name in names]

    def _plain(self, row: Row, body: dict[str, Json], name: str) -> str:
        """Checks the id of a row that has one of its own."""
        (slug,) = self._required(row, "id")
        if slug and not re.fullmatch(SLUG, slug):
            self.cells.fail(row, "bad-id", "id", slug)
        return slug

    def _section(self, row: Row, body: dict[str, Json], name: str) -> str:
        """Gives a section the class of its deepest level, and its place in the edition."""
        filled = [level for level in LEVELS if level in row.cells]
        body["type"] = ["sections", *(level.capitalize() for level in filled[-1:])]
        if not filled:
            self.cells.fail(row, "no-level", name=", ".join(LEVELS))
        if "parent_id" not in row.cells:
            body["parent_edition"] = self.edition
        return self._plain(row, body, name)

    def _challenge(self, row: Row, body: dict[str, Json], name: str) -> str:
        body["type"], body["scheme"] = ["challenges", "Concept"], "challenge"
        if "broader_id" not in row.cells:
            body["top_concept_of"] = "challenge"
        return self._plain(row, body, name)

    def _policy(self, row: Row, body: dict[str, Json], name: str) -> str:
        """Keeps the challenges that a policy addresses for its links, which alone say so."""
        slug = self._plain(row, body, name)
        for challenge in body.pop("addresses_challenge_ids", []):
            self._pairs[slug, challenge] = (row, name)
        return slug

    def addressed(self) -> dict[str, set[str]]:
        """Gives the challenges of each policy whose row lists any."""
        listed: dict[str, set[str]] = {}
        for (policy, challenge), (row, _) in self._pairs.items():
            if self._where(row) not in self._refused:
                listed.setdefault(policy, set()).add(challenge)
        return listed

    @staticmethod
    def _where(row: Row) -> tuple[str, str | None, int]:
        return (row.file, row.sheet, row.number)

    def _milestone(self, row: Row, body: dict[str, Json], name: str) -> str:
        policy, date, label = self._required(row, *REQUIRED["milestones"])
        return f"{policy}_{date}_{_hash8(label)}"

    def _observation(self, row: Row, body: dict[str, Json], name: str) -> str:
        body["type"] = ["observations", "CubeObservation"]
        *key, page = self._required(row, *REQUIRED["observations"])
        for column in breakdowns():
            if column in row.cells:
                key.append(f"{column.replace('_', '-')}-{row.cells[column]}")
        if "figure_no" in row.cells:
            body["figure_id"] = self._figure(row, name, page)
        return "_".join([*key, _hash8(page)])

    def _figure(self, row: Row, name: str, page: str) -> str:
        """Describes the figure that a row is printed in and gives its IRI.

        A number such as `I-2-1-3` is unique in its edition, `表1` only on its page.
        """
        figure, edition = figure_number(row.cells["figure_no"]), self._printed_in(row)
        parts = [edition, figure.slug, None if edition and figure.unique else _hash8(page)]
        iri = thing("figure", "_".join(part for part in parts if part)).value
        body: dict[str, Json] = {
            "type": "figures",
            "id": iri,
            "figure_no": figure.number,
            "label_ja": figure.label_ja,
            "label_en": figure.label_en,
            "page_url": page,
        }
        if edition is not None:
            body["edition"] = edition
        self.nodes.append(Node(name, body))
        return iri

    def _link(self, row: Row, body: dict[str, Json], name: str) -> str:
        """Completes a link that a row spells out, to a challenge or to an indicator."""
        if row.table == "links":
            body["relation"] = "addresses"
            policy, target = self._required(row, *REQUIRED["links"])[:2]
            self._spelt_out.add((policy, target))
            if self._paired and policy and target and (policy, target) not in self._pairs:
                self.cells.fail(row, "link-without-pair", "challenge_id", target, policy=policy)
        else:
            body.setdefault("assertion", "assigned")
            policy, target = self._required(row, *REQUIRED["policy_indicators"])[:2]
        printed_in = self._printed_in(row)
        if printed_in is not None:
            body["edition"] = printed_in
        return self._link_id(policy, str(body.get("relation", "")), target)

    def _assigned(self, policy: str, challenge: str, row: Row, name: str) -> None:
        """Makes the link of a pair that no row gives a page of its own: the curators' reading."""
        body: dict[str, Json] = {
            "type": "links",
            "id": self._link_id(policy, "addresses", challenge),
            "policy_id": policy,
            "relation": "addresses",
            "challenge_id": challenge,
            "assertion": "assigned",
        }
        body |= {key: row.cells[key] for key in ("page_url", "evidence") if key in row.cells}
        printed_in = self._printed_in(row)
        if printed_in is not None:
            body["edition"] = printed_in
        self.nodes.append(Node(name, body, row))

    def _link_id(self, policy: str, relation: str, target: str) -> str:
        """Gives the id of a link; that of a later edition than the first ends in the edition.

        A submission adds to the link that there is.
        """
        term = columns("links")["relation"].choices.get(relation, relation)
        link = f"{policy}_{term.removeprefix('hk:')}_{target}"
        own = self.target is None and self.edition != first_edition()
        return f"{link}_{self.edition}" if own else link

    def _merge(self, row: Row) -> None:
        """Keeps the old IRI of a merged thing, replaced by that of the thing it was merged into."""
        table, dropped, kept = self._required(row, *REQUIRED["merges"])
        kind = kinds().get(table)
        if not table:
            return
        before = len(self.cells.errors)
        if kind is None:
            self.cells.fail(row, "unknown-table-name", "table", table, tables=", ".join(kinds()))
            return
        if self.cells.known.introduces(kind, dropped):
            self.cells.fail(row, "merged-with-row", "dropped_id", dropped)
        if not self.cells.known.knows(kind, kept):
            nearest = self.cells.known.nearest(kind, kept)
            code, words = self.cells.known.missing(kind)
            self.cells.fail(row, code, "kept_id", kept, nearest, **words)
        reasons = {key: row.cells[key] for key in ("reason_ja", "reason_en") if key in row.cells}
        ids = {"dropped_id": f"{kind}/{dropped}", "kept_id": f"{kind}/{kept}"}
        if len(self.cells.errors) == before and row.sound:
            self.nodes.append(Node(self.target or self.edition, {**ids, **reasons}, row))


def _hash8(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
