"""What was read from a white paper as tables for a person to finish: never a load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from .citations import Citation
from .figures import HOME, Figure
from .known import Known, key
from .outline import section_id
from .reading import Document
from .titles import Title

Cells = dict[str, str]

EVIDENCE: Final = "edition"
AREA_NOTE: Final = (
    "地域の印字がないため日本とした。",
    "No area is printed; taken to be Japan.",
)


@dataclass
class Proposal:
    """The proposed rows of each table, the lines left to a person, and what became of each line."""

    edition: str
    tables: dict[str, list[Cells]] = field(default_factory=dict)
    figures: list[Cells] = field(default_factory=list)
    unread: list[Cells] = field(default_factory=list)
    lines: list[Cells] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def propose(documents: Sequence[Document], known: Known) -> Proposal:
    """Gives the tables that some documents of one edition propose."""
    builder = _Builder(documents[0].edition, known)
    for document in documents:
        builder.add(document)
    builder.number_sections()
    for document in documents:
        builder.account(document)
    return builder.proposal


class _Builder:
    def __init__(self, edition: str, known: Known) -> None:
        self.edition = edition
        self.known = known
        names = ("sections", "challenges", "organizations", "sources", "indicators")
        tables: dict[str, list[Cells]] = {name: [] for name in (*names, "observations")}
        self.proposal = Proposal(edition, tables)
        self._ids: dict[tuple[str, ...], str] = {}

    def add(self, document: Document) -> None:
        """Adds the rows of a document, in the order of its text."""
        self._sections(document)
        self._challenges(document)
        for cited in document.cited:
            ids = [self._source(citation, document) for citation in cited.citations]
            self._take(document, cited.line, *(f"sources/{each}" for each in ids))
        for figure in document.figures:
            self._observation(figure, document)
        for figure, same in document.repeats:
            self._take(document, figure.line, self._target(same, document))
        for title in document.titles:
            self._title(title, document)

    def _sections(self, document: Document) -> None:
        sections = self.proposal.tables["sections"]
        known = {row["id"]: row["title_ja"] for row in sections}
        for place, section in sorted(document.outline.sections.items()):
            slug = section_id(self.edition, place)
            if slug in known:
                if key(known[slug]) != key(section.title):
                    line = document.ledger.lines[section.line - 1]
                    document.ledger.leave(line, "conflict", what=section.title, other=known[slug])
                continue
            numbers = [*map(str, place[:3]), "", "", ""]
            cells = dict(zip(("part", "chapter", "section"), numbers, strict=False))
            cells["subsection"] = "-".join(map(str, place[3:]))
            parent = section_id(self.edition, place[:-1]) if len(place) > 1 else ""
            titles = {"title_ja": section.title, "title_status": "printed", "parent_id": parent}
            row = {"id": slug, "edition": self.edition, **cells, **titles}
            sections.append(self._printed(row, document))

    def number_sections(self) -> None:
        """Puts the sections into the order of the edition and numbers them."""
        sections = self.proposal.tables["sections"]
        sections.sort(key=_order)
        for position, row in enumerate(sections, start=1):
            row["position"] = str(position)

    def _challenges(self, document: Document) -> None:
        for challenge in document.challenges:
            where = self._section_of(document, challenge.lines[0].number)
            slug = self._id("challenges", self.known.challenge(challenge.label), challenge.label)
            labels = {"label_ja": challenge.label, "summary_ja": challenge.summary}
            row = {"id": slug, **labels, "section_id": where}
            self._row("challenges", row, document)
            for line in challenge.lines:
                document.ledger.take(line, f"challenges/{slug}")

    def _source(self, citation: Citation, document: Document) -> str:
        """Gives the id of a source, adding it and its publisher where they are not there yet."""
        known = self.known.source(citation.title, citation.year)
        names = (citation.publisher, citation.title, citation.year)
        slug = self._id("sources", known, *names)
        publisher = self._organization(citation, document)
        row = {"id": slug, "title_ja": citation.title, "publisher_org_id": publisher}
        self._row("sources", row | {"year": citation.year, "kind": citation.kind}, document)
        return slug

    def _organization(self, citation: Citation, document: Document) -> str:
        name = citation.publisher
        known = self.known.organization(name) or self.known.organization(
            name.removesuffix("データ")
        )
        # A source without a title is named by its author, or by what it is: 各社決算情報.
        if not name or (name == citation.title and not known):
            return ""
        slug = self._id("organizations", known, name)
        self._row("organizations", {"id": slug, "label_ja": name}, document)
        return slug

    def _indicator(self, label: str, unit: str, definition: str, line: int, doc: Document) -> str:
        slug = self._id("indicators", self.known.indicator(label, unit), label, unit)
        row = {"id": slug, "label_ja": label, "unit_id": unit, "definition_ja": definition}
        self._row("indicators", row | {"section_id": self._section_of(doc, line)}, doc)
        return slug

    def _observation(self, figure: Figure, document: Document) -> None:
        slug = self._indicator(figure.label, figure.unit, figure.definition, figure.line, document)
        source = document.source_of(figure)
        ja, en = figure.note
        if figure.area == HOME and not figure.area_printed:
            ja, en = ja + AREA_NOTE[0], f"{en} {AREA_NOTE[1]}".strip()
        row = {
            "indicator_id": slug,
            "period": figure.period,
            "area": figure.area,
            **figure.breakdown,
            "value": figure.value,
            "printed_value": figure.printed,
            "unit_id": figure.unit,
            "status": figure.status,
            "precision": figure.precision,
            "source_id": self._source(source, document) if source else "",
            "figure_no": figure.number,
            "note_ja": ja,
            "note_en": en,
        }
        self.proposal.tables["observations"].append(self._printed(row, document))
        self._take(document, figure.line, self._target(figure, document))

    def _target(self, figure: Figure, document: Document) -> str:
        """Gives the name of a figure's observation in the account of lines."""
        slug = self._id("indicators", "", figure.label, figure.unit)
        codes = [f"{n.replace('_', '-')}-{figure.breakdown[n]}" for n in sorted(figure.breakdown)]
        return "observations/" + "_".join([slug, figure.period, figure.area, *codes])

    def _title(self, title: Title, document: Document) -> None:
        """Lists a chart or table, and proposes as an indicator what its title says it measures."""
        number = len(self.proposal.figures) + 1
        self.proposal.figures.append(
            {
                "number": str(number),
                "figure_no": title.number,
                "title_ja": title.label,
                "brackets_ja": title.brackets,
                "period": title.period or "",
                "section_id": self._section_of(document, title.line),
                "page_url": document.page_url,
                "line": str(document.ledger.lines[title.line - 1].place),
            }
        )
        named = {row["label_ja"] for row in self.proposal.tables["indicators"]}
        targets = [f"figures/{number}"]
        if title.measured and title.label not in named:
            slug = self._indicator(title.label, "", "", title.line, document)
            targets.append(f"indicators/{slug}")
        for line in title.lines:
            document.ledger.take(line, *targets)

    def account(self, document: Document) -> None:
        """Adds what became of each line of a document, and the lines left to a person."""
        ledger = document.ledger
        for line in ledger.lines:
            outcome, targets = ledger.outcome(line), ";".join(ledger.targets(line))
            place = {"file": document.file, "line": str(line.place)}
            self.proposal.lines.append(place | {"outcome": outcome, "target": targets})
        for entry in sorted(ledger.unread, key=lambda each: each.line):
            place = {"file": document.file, "line": str(ledger.lines[entry.line - 1].place)}
            why = {f"why_{lang}": text for lang, text in entry.why.items()}
            self.proposal.unread.append(place | {"text": entry.text, "kind": entry.kind} | why)
        for outcome, count in ledger.counts().items():
            self.proposal.counts[outcome] = self.proposal.counts.get(outcome, 0) + count

    def _id(self, table: str, known: str, *names: str) -> str:
        """Gives the id of a thing: the one that it has, else the next of its table."""
        named = (table, *map(key, names))
        if named not in self._ids:
            prefix = f"{self.edition}-{table[:-1]}-"
            new = sum(1 for slug in set(self._ids.values()) if slug.startswith(prefix)) + 1
            self._ids[named] = known or f"{prefix}{new}"
        return self._ids[named]

    def _row(self, table: str, row: Cells, document: Document) -> None:
        """Adds a row to a table that has none of its id; what is known keeps its names."""
        if any(other["id"] == row["id"] for other in self.proposal.tables[table]):
            return
        known = self.known.named(table, row["id"])
        self.proposal.tables[table].append(self._printed(row | known, document))

    def _printed(self, row: Cells, document: Document) -> Cells:
        return row | {"page_url": document.page_url, "evidence": EVIDENCE}

    def _section_of(self, document: Document, line: int) -> str:
        place = document.outline.place_of(document.scope_of(line))
        return section_id(self.edition, place) if place else ""

    def _take(self, document: Document, line: int, *targets: str) -> None:
        document.ledger.take(document.ledger.lines[line - 1], *targets)


def _order(row: Cells) -> tuple[int, ...]:
    below = [int(part) for part in row["subsection"].split("-") if part]
    return (*(int(row[level] or 0) for level in ("part", "chapter", "section")), *below)
