"""Asks a running endpoint what the packaged tables promise, and fails on the first that is broken.

Usage: promises.py SPARQL_URL EDITION_FOLDER

Plain HTTP and plain CSV, nothing of hakusho imported: what a stranger could check.
"""

from __future__ import annotations

import csv
import json
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

PREFIXES = """
PREFIX hk: <https://w3id.org/hakusho/ontology#>
PREFIX hkid: <https://w3id.org/hakusho/id/>
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


class Endpoint:
    """A SPARQL endpoint over plain HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, query: str) -> list[dict[str, str]]:
        body = urllib.parse.urlencode({"query": PREFIXES + query}).encode()
        request = urllib.request.Request(
            self.url, body, {"Accept": "application/sparql-results+json"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            found = json.load(response)["results"]["bindings"]
        return [{name: cell["value"] for name, cell in row.items()} for row in found]

    def count(self, pattern: str, counted: str = "*") -> int:
        return int(self.rows(f"SELECT (COUNT({counted}) AS ?n) WHERE {{ {pattern} }}")[0]["n"])


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def promises(ask: Endpoint, folder: Path) -> list[tuple[str, object, object]]:
    """Gives (claim, what the endpoint says, what the tables say)."""
    policies = table(folder, "policies")
    observations = table(folder, "observations")
    sections = table(folder, "sections")
    pairs = {
        (row["id"], challenge)
        for row in policies
        for challenge in row["addresses_challenge_ids"].split(";")
        if challenge
    }
    nine = sorted(f"r07-p2-c2-s{n}" for n in range(1, 10))
    one_each = "hk:value hk:printedValue hk:period hk:area hk:unit hk:source hk:page".split()
    claims: list[tuple[str, Callable[[], object], object]] = [
        ("policies", lambda: ask.count("?p a hk:Policy"), len(policies)),
        (
            "policies with a section, a page and both labels",
            lambda: ask.count(
                """?p a hk:Policy ; hk:describedIn|hk:placedIn ?part ; hk:page ?page ;
                   rdfs:label ?ja, ?en . FILTER(LANG(?ja) = 'ja' && LANG(?en) = 'en')""",
                "DISTINCT ?p",
            ),
            len(policies),
        ),
        (
            "addressed pairs",
            lambda: ask.count("?p a hk:Policy ; hk:addresses ?c . ?c a hk:Challenge"),
            len(pairs),
        ),
        (
            "links behind the pairs",
            lambda: ask.count("?l a hk:Link ; hk:relation hk:addresses ; hk:assertion ?a"),
            len(pairs),
        ),
        (
            "sections of Part II chapter 2 that have policies",
            lambda: [
                row["s"].rsplit("/", 1)[1]
                for row in ask.rows(
                    """SELECT DISTINCT ?s WHERE {
                         ?p a hk:Policy ; hk:describedIn|hk:placedIn ?part .
                         ?part hk:partOf* ?s .
                         ?s hk:partOf <https://w3id.org/hakusho/id/part/r07-p2-c2> } ORDER BY ?s"""
                )
            ],
            nine,
        ),
        (
            "one challenge scheme with two top concepts",
            lambda: [
                ask.count("?c a hk:Challenge ; skos:inScheme ?s", "DISTINCT ?s"),
                ask.count("?c a hk:Challenge ; skos:topConceptOf ?s", "DISTINCT ?c"),
            ],
            [1, 2],
        ),
        ("document parts", lambda: ask.count("?s hk:partOf ?up", "DISTINCT ?s"), len(sections)),
        ("observations", lambda: ask.count("?o a hk:Observation"), len(observations)),
        *(
            (
                f"observations with exactly one {name}",
                lambda name=name: len(  # type: ignore[misc]
                    ask.rows(
                        f"""SELECT ?o WHERE {{ ?o a hk:Observation ; {name} ?v }}
                            GROUP BY ?o HAVING (COUNT(?v) = 1)"""
                    )
                ),
                len(observations),
            )
            for name in one_each
        ),
        (
            "values that are decimals",
            lambda: ask.count(
                "?o a hk:Observation ; hk:value ?v FILTER(DATATYPE(?v) = xsd:decimal)"
            ),
            len(observations),
        ),
        (
            "triples counted once",
            lambda: ask.count("?s ?p ?o"),
            ask.count("{ SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"),
        ),
        (
            "cybersecurity → policies → indicators → latest observation → source → page",
            lambda: bool(
                ask.rows(
                    """SELECT ?policy ?indicator ?value ?source ?page WHERE {
                         ?c skos:broader* <https://w3id.org/hakusho/id/challenge/cybersecurity> .
                         ?policy hk:addresses ?c ;
                           hk:monitoredBy|hk:evidencedBy|hk:hasTarget ?indicator .
                         { SELECT ?indicator (MAX(?e) AS ?end) WHERE {
                             ?x hk:indicator ?indicator ; hk:period/hk:end ?e .
                             ?x hk:observationStatus
                               <https://w3id.org/hakusho/id/observation-status/actual>
                           } GROUP BY ?indicator }
                         ?o hk:indicator ?indicator ; hk:period/hk:end ?end ; hk:value ?value ;
                            hk:source ?source ; hk:page ?page }"""
                )
            ),
            True,
        ),
    ]
    return [(claim, say(), expected) for claim, say, expected in claims]


def main() -> int:
    url, folder = sys.argv[1], Path(sys.argv[2])
    broken = 0
    for claim, said, expected in promises(Endpoint(url), folder):
        kept = said == expected
        broken += not kept
        against = "" if kept else f", tables say {expected}"
        print(f"{'kept  ' if kept else 'BROKEN'} {claim}: {said}{against}")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
