"""How engines differ in speaking SPARQL 1.1: a profile each, as data in `engines/NAME.toml`.

Adding an engine is adding its file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final, Literal

from ..errors import HakushoError

FOLDER: Final = Path(__file__).resolve().parent / "engines"
GENERIC: Final = "generic"

Style = Literal["direct", "form"]
Auth = Literal["none", "basic", "digest"]


class UnknownEngine(HakushoError):
    """A name that no engine's profile has; `offered` lists those that there are."""

    def __init__(self, name: str, offered: tuple[str, ...]) -> None:
        super().__init__(name, offered)
        self.name = name
        self.offered = offered

    def __str__(self) -> str:
        near = get_close_matches(self.name, self.offered, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"there is no engine {self.name!r} among {', '.join(self.offered)}{hint}"


@dataclass(frozen=True)
class Dialect:
    """What has to be known of an engine beyond the recommendations."""

    name: str
    title: str
    tried: str
    """The version that the compliance suite has run against; empty where it has not."""
    query: str
    update: str
    graphs: str
    """Where queries, updates and graphs are sent; `{url}` stands for the address given."""
    caution: str = ""
    """What whoever uses it should know: answers that are not those of the recommendation."""
    server: str = ""
    """What its Server header begins with."""
    header: str = ""
    """A header that no other engine sends."""
    query_style: Style = "form"
    update_style: Style = "direct"
    auth: Auth = "basic"
    """How a name and password are sent to it."""
    triples_per_update: int = 2_000
    blank_nodes_in_update: bool = True
    """Whether INSERT DATA may have blank nodes."""
    atomic: bool = True
    """Whether several operations of one update take effect together or not at all."""
    partial: tuple[str, ...] = ()
    """Headers that say of an answer of status 200 that it is not whole."""
    cuts_graphs: bool = False
    """Whether an answer that is a graph may be cut with no header to say so."""
    idle_connections: int = 8
    """How many connections may stay open between requests: some give each a thread of few."""
    default_graph: Literal["own", "union"] = "own"
    """Whether it has a default graph of its own, or reads all named graphs in its place."""
    own_graphs: tuple[str, ...] = ()
    """Graphs that are the engine's and no data."""
    blank_node_prefix: str = ""
    """What its JSON results put before the label of a blank node, against the recommendation."""
    boolean_column: str = ""
    """The column of the row that it gives in the place of a boolean."""
    position: str = r"line:? (?P<line>\d+)(?:, col(?:umn)?:? (?P<column>\d+))?"
    """How a refusal of a text says where it is wrong."""
    too_long: str = r"\b[Tt]ime[d-]? ?out\b"
    """How an error says that the engine's own time limit is over."""


def dialect(name: str) -> Dialect:
    """Gives the profile of an engine by its name.

    >>> dialect("virtuoso").query
    '{url}/sparql'
    """
    try:
        return dialects()[name]
    except KeyError:
        raise UnknownEngine(name, tuple(dialects())) from None


@cache
def dialects() -> Mapping[str, Dialect]:
    """Gives every profile by name.

    >>> sorted(dialects())
    ['fuseki', 'generic', 'graphdb', 'neptune', 'oxigraph', 'stardog', 'virtuoso']
    """
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def recognized(headers: Mapping[str, str]) -> Dialect:
    """Gives the profile of the engine that answered with these headers, their names in lower case.

    >>> recognized({"server": "Oxigraph/0.5.13"}).name
    'oxigraph'
    """
    for each in dialects().values():
        by_name = each.server and headers.get("server", "").startswith(each.server)
        if by_name or (each.header and each.header.lower() in headers):
            return each
    return dialect(GENERIC)


def _read(path: Path) -> Dialect:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = said.keys() - {field.name for field in fields(Dialect)} | (said.keys() & {"name"})
    if unknown:
        raise ValueError(f"{path.name} says {', '.join(sorted(unknown))}, which no profile has")
    lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    return Dialect(name=path.stem, **{**said, **lists})
