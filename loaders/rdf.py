"""RDF documents as submissions: Turtle, TriG, N-Triples, N-Quads, RDF/XML and JSON-LD.

They are read in a worker, so that no document takes this process down, and their blank nodes
become IRIs, so that the same document loaded twice says nothing new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from hashlib import sha256
from itertools import islice
from typing import Any, Final, Protocol

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from ..graph.errors import BadDocument, HakushoError, LimitExceeded
from ..graph.limits import Limits
from ..graph.names import graph
from ..graph.workers.pool import WorkerPool
from .defects import defect
from .packing import BadPacking, bare, unpacked
from .rdf_context import nodes_apart, remote_context, with_context
from .rdf_lines import lines_of
from .submission import INFO, Defect, Place, Placed, Submission, SubmittedFile

ENDINGS: Final = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "rdf": RdfFormat.RDF_XML,
    "owl": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "json": RdfFormat.JSON_LD,
}
"""The formats by the ending of a file's name, that of its compression apart."""

GENID: Final = "https://w3id.org/.well-known/genid/hakusho/"
"""What the IRIs of nodes without a name begin with (RDF 1.1, section 3.5)."""

OWN_GRAPHS: Final = {
    graph("inferred"): "inferred-left-out",
    graph("provenance"): "history-left-out",
}
"""The graphs that each release writes for itself, and what is said when a document has them."""


MOST_NODES: Final = 500
"""How many nodes of a JSON document are looked at one by one for the one that is wrong."""


class Parse(Protocol):
    """Gives the quads of a document as N-Quads, as `WorkerPool.parse` does."""

    def __call__(
        self, content: bytes, media_type: str, base_iri: str | None, genid: str | None
    ) -> bytes: ...


def rdf_format(name: str) -> RdfFormat | None:
    """Gives the RDF format that a file's name tells of, if it does.

    >>> rdf_format("r07.nq.gz") == RdfFormat.N_QUADS, rdf_format("policies.csv")
    (True, None)
    """
    return ENDINGS.get(bare(name).lower().rpartition(".")[2])


def read_rdf(
    name: str,
    content: bytes,
    parse: Parse | None = None,
    limits: Limits | None = None,
) -> Submission:
    """Gives what an RDF document says, or all that keeps it from being read."""
    read = rdf_format(name) or RdfFormat.TURTLE
    place = Place(name)
    try:
        document = unpacked(content, (limits or Limits()).upload_bytes)
    except BadPacking as error:
        found = defect(error.code, place, most=f"{error.most:,}")
        return _refused(name, read, content, [found])
    text = document
    if read == RdfFormat.JSON_LD:
        try:
            text = _in_context(document)
        except BadDocument as error:
            return _refused(name, read, content, _defects(error, place, document))
    with ExitStack() as stack:
        if parse is None:
            parse = stack.enter_context(WorkerPool(lambda: None, limits)).parse
        try:
            statements = parse(text, read.media_type, None, genid_of(document))
        except HakushoError as error:
            if read == RdfFormat.JSON_LD:
                error = _located(error, document, parse)
            return _refused(name, read, content, _defects(error, place, document))
    quads = list(pyoxigraph.parse(statements, RdfFormat.N_QUADS))
    kept, left_out = own_graphs_apart(quads, place)
    things = tuple(
        dict.fromkeys(quad.subject for quad in kept if isinstance(quad.subject, NamedNode))
    )
    file = SubmittedFile(name, read.media_type, sha256(content).hexdigest(), len(kept))
    lines = lines_of(document.decode("utf-8", "replace"), (thing.value for thing in things))
    places: dict[Placed, Place] = {
        (thing.value, None, None): Place(name, row=lines.get(thing.value)) for thing in things
    }
    if not quads:
        left_out.append(defect("no-statements", place))
    return Submission((file,), tuple(kept), things, frozenset(), tuple(left_out), places)


def genid_of(document: bytes) -> str:
    """Gives what the IRIs of a document's blank nodes begin with."""
    return f"{GENID}{sha256(document).hexdigest()[:16]}-"


def own_graphs_apart(quads: Iterable[Quad], place: Place) -> tuple[list[Quad], list[Defect]]:
    """Gives quads without those that a release makes itself, and says what was left out."""
    kept: list[Quad] = []
    apart: dict[str, int] = {}
    for quad in quads:
        name = quad.graph_name
        code = None if isinstance(name, DefaultGraph) else OWN_GRAPHS.get(name)  # type: ignore[arg-type]
        if code is None:
            kept.append(quad)
        else:
            apart[code] = apart.get(code, 0) + 1
    said = [
        defect(code, place, severity=INFO, count=f"{number:,}") for code, number in apart.items()
    ]
    return kept, said


def _in_context(document: bytes) -> bytes:
    """Gives a JSON document with our context in it where it is meant to be read by that."""
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = document.count(b"\n", 0, error.start) + 1
        raise BadDocument("the text is not UTF-8", line) from None
    try:
        said: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadDocument(error.msg, error.lineno, error.colno) from None
    except RecursionError:
        raise BadDocument("the document is nested too deeply") from None
    if not isinstance(said, dict | list):
        raise BadDocument("a JSON document of statements is an object or a list of objects", 1, 1)
    return with_context(text, said).encode()


def _located(error: HakushoError, document: bytes, parse: Parse) -> HakushoError:
    """Gives an error of a JSON document with the lines of the nodes that have one, if it has no
    place itself."""
    text = document.decode("utf-8-sig")
    if not isinstance(error, BadDocument) or error.line is not None or remote_context(text):
        return error
    wrong: list[tuple[str, int | None, int | None]] = []
    for line, node in islice(nodes_apart(text), MOST_NODES):
        try:
            parse(node, RdfFormat.JSON_LD.media_type, None, GENID)
        except BadDocument as found:
            wrong.append((found.message, line, None))
    return BadDocument(*wrong[0], wrong[1:]) if wrong else error


def _defects(error: HakushoError, place: Place, document: bytes) -> list[Defect]:
    """Gives what a reader has against a document, each with its line and column."""
    if isinstance(error, LimitExceeded):
        return [defect("rdf-limit", place, problem=str(error))]
    if not isinstance(error, BadDocument):
        return [defect("rdf-unread", place, problem=str(error))]
    if "context" in error.message and error.line is None:
        found = remote_context(document.decode("utf-8", "replace"))
        if found is not None:
            at = Place(place.file, row=found[1])
            return [defect("remote-context", at, found[0])]
    if "DOCTYPE" in error.message:
        line = document.upper().count(b"\n", 0, document.upper().index(b"<!DOCTYPE")) + 1
        return [defect("doctype", Place(place.file, row=line))]
    wrong: Sequence[tuple[str, int | None, int | None]]
    wrong = [(error.message, error.line, error.column), *error.more]
    # After an error the reader may stumble several times over the same line.
    firsts = {line: (problem, line, column) for problem, line, column in reversed(wrong)}
    lines = document.split(b"\n")
    return [_syntax(place.file, *firsts[line], lines) for line in sorted(firsts, key=_order)]


def _order(line: int | None) -> int:
    return 0 if line is None else line


def _syntax(
    file: str, problem: str, line: int | None, column: int | None, lines: list[bytes]
) -> Defect:
    value = None
    if line is not None and line <= len(lines):
        value = lines[line - 1].decode("utf-8", "replace").strip()[:200] or None
    place = Place(file, row=line, column=None if column is None else str(column))
    return defect("rdf-syntax", place, value, problem=problem)


def _refused(name: str, read: RdfFormat, content: bytes, found: list[Defect]) -> Submission:
    file = SubmittedFile(name, read.media_type, sha256(content).hexdigest(), 0)
    return Submission(files=(file,), defects=tuple(found))
