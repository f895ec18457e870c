"""What readers call what has no label in the graph: named graphs, releases, the overview."""

from __future__ import annotations

import re
from typing import Final

from ..graph.eras import ERAS, western_year, written
from ..graph.names import GRAPH
from .language import text

EDITION: Final = re.compile(r"([mtshr])(\d\d)")
KINDS: Final = ("official", "secondary", "ontology", "inferred", "provenance")
PROVENANCE: Final = "provenance-"
BUILT: Final = re.compile(r"editions [\w-]+(, [\w-]+)*")
SUBMISSION: Final = re.compile(r"submission-(\d+)")


def graph_name(iri: str, lang: str) -> str:
    """Gives the name of a graph in a language; nothing where it is known by its IRI alone.

    >>> graph_name(GRAPH + "r07", "ja"), graph_name(GRAPH + "r07", "en")
    ('令和7年版（白書の記述）', '2025 edition (as printed)')
    >>> graph_name(GRAPH + "submission-3", "en"), graph_name("https://example.org/g", "en")
    ('Submission of release 3', '')
    """
    name = iri.removeprefix(GRAPH)
    if not iri.startswith(GRAPH):
        return ""
    if name in KINDS:
        return str(text(f"called.{name}", lang))
    own = name.removeprefix(PROVENANCE)
    entry = "entry" if own != name else "statements"
    if submitted := SUBMISSION.fullmatch(own):
        return str(text(f"called.{entry}_of_submission", lang, number=submitted[1]))
    year = _year(own, lang)
    return str(text(f"called.{entry}_of_edition", lang, year=year)) if year else ""


def document_name(address: str, lang: str) -> str:
    """Gives what to call a document of ours, by its address, where its label is not at hand.

    >>> document_name("/id/document/r07-overview", "en"), document_name("/id/document/x", "en")
    ('2025 edition, overview', 'x')
    """
    id = address.rpartition("/")[2]
    edition, _, rest = id.partition("-")
    year = _year(edition, lang)
    return str(text("called.overview", lang, year=year)) if year and rest == "overview" else id


def edition_name(edition: str, lang: str) -> str:
    """Gives the short name of an edition.

    >>> edition_name("r06", "ja"), edition_name("r06", "en"), edition_name("x", "en")
    ('令和6年版', '2024 edition', 'x')
    """
    year = _year(edition, lang)
    return str(text("called.edition", lang, year=year)) if year else edition


def reason(why: str, lang: str) -> str:
    """Gives why a release was made: where editions were built, which.

    >>> reason("editions r07", "ja"), reason("editions r07", "en"), reason("a typing error", "en")
    ('令和7年版情報通信白書', '2025 edition of the white paper', 'a typing error')
    """
    if not BUILT.fullmatch(why):
        return why
    years = [_year(each, lang) for each in why.removeprefix("editions ").split(", ")]
    named = [str(text("releases.of_edition", lang, year=year)) for year in years if year]
    return ("、" if lang == "ja" else ", ").join(named) if len(named) == len(years) else why


def year_of_edition(edition: str) -> int:
    """Gives the year that an edition is named for, by its id; 0 where that does not tell it.

    >>> year_of_edition("h30"), year_of_edition("other")
    (2018, 0)
    """
    found = EDITION.fullmatch(edition)
    return (found and western_year(found[1], int(found[2]))) or 0


def _year(edition: str, lang: str) -> str:
    """Gives the year of an edition as a language counts it."""
    found, year = EDITION.fullmatch(edition), year_of_edition(edition)
    if not found or not year:
        return ""
    era = next(each for each in ERAS if each.letter == found[1])
    return written(era, int(found[2])) if lang == "ja" else str(year)
