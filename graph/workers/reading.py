"""RDF documents of strangers, read in a worker: what is refused, and N-Quads of the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from ..errors import BadDocument, HakushoError, LimitExceeded, UnsupportedFormat
from ..limits import Limits
from .frames import Channel
from .messages import packed, packed_error, unpacked
from .output import Output
from .skolem import LINES, skolemised

FORMATS: Final = (
    RdfFormat.TURTLE,
    RdfFormat.TRIG,
    RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS,
    RdfFormat.RDF_XML,
    RdfFormat.JSON_LD,
)
RESUMED: Final = (*LINES, RdfFormat.TURTLE, RdfFormat.TRIG)
"""Formats whose reader goes on after an error."""

MOST_ERRORS: Final = 100
FLOOR: Final = 1_000_000
"""To how many bytes of N-Quads the shortest document may unfold."""
TOKEN_TOO_LONG: Final = re.compile("buffer maximal size")
PLACE: Final = re.compile(r"^Parser error (?:at|between) line .*?: ")
DOCTYPE: Final = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
XML_TAG: Final = re.compile(
    rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"""
    rb"""|<(?P<end>/?)[^<>"'/]++(?:"[^"]*+"|'[^']*+'|/(?!>)|[^<>"'/])*+(?P<empty>/?)>""",
    re.DOTALL,
)
JSON_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
TURTLE_TOKEN: Final = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    rb'|"(?:[^"\\\n\r]|\\.)*+"'
    rb"|'(?:[^'\\\n\r]|\\.)*+'"
    rb'|<[^<>"{}|^`\x00-\x20]*+>|#[^\n\r]*+|\\.'
    rb"|(?P<open><<\(?|[\[({])|(?P<close>\)?>>|[\])}])",
    re.DOTALL,
)


@dataclass(frozen=True)
class Document:
    """An RDF document: its bytes, its media type and the IRI that its own are relative to.

    `genid` is what the IRIs begin with that take the place of its blank nodes; without it they
    stay blank nodes, under new names.
    """

    content: bytes
    media_type: str
    base_iri: str | None = None
    genid: str | None = None

    def packed(self) -> list[bytes]:
        """Gives the parts of the message that carries it."""
        head = json.dumps([self.media_type, self.base_iri, self.genid])
        return packed(head.encode(), self.content)

    @classmethod
    def unpacked(cls, message: bytes) -> Document:
        """Gives the document that a message carries."""
        head, content = unpacked(message)
        return cls(content, *json.loads(head))


def serve_reading(channel: Channel, limits: Limits) -> None:
    """Reads the document that comes on the channel and sends it back as N-Quads."""
    document = Document.unpacked(channel.receive()[1])
    most = min(10 * limits.upload_bytes, FLOOR + limits.upload_ratio * len(document.content))
    output = Output(
        channel, most, LimitExceeded("ratio", f"the document unfolds beyond {most:,} bytes")
    )
    output.form = "graph"
    try:
        read, quads = _quads(document, limits)
        named = quads
        if document.genid is not None and (read not in LINES or b"_:" in document.content):
            named = skolemised(quads, document.genid, read)
        try:
            pyoxigraph.serialize(named, output.file, RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise _all_that_is_wrong(error, quads, read, document.content) from error
        output.finish()
    except HakushoError as error:
        channel.send(b"X", packed_error(error))
    except MemoryError as error:
        if not TOKEN_TOO_LONG.search(str(error)):
            raise
        channel.send(b"X", packed_error(BadDocument("one term of the document is too long")))
    except (ValueError, OSError) as error:
        channel.send(b"X", packed_error(BadDocument(str(error))))


def _quads(document: Document, limits: Limits) -> tuple[RdfFormat, Iterator[Quad]]:
    """Gives the format of a document and its quads, blank nodes that stay so under new names."""
    read = RdfFormat.from_media_type(document.media_type)
    if read is None:
        raise UnsupportedFormat(document.media_type, tuple(known.media_type for known in FORMATS))
    _check(read, document.content, limits.nesting)
    return read, pyoxigraph.parse(
        document.content,
        read,
        base_iri=document.base_iri,
        rename_blank_nodes=document.genid is None,
    )


def _all_that_is_wrong(
    first: SyntaxError, rest: Iterator[Quad], read: RdfFormat, content: bytes
) -> BadDocument:
    """Gives the first error of a document with those after it, where the reader finds its way."""
    wrong = [first]
    while read in RESUMED and len(wrong) < MOST_ERRORS:
        try:
            next(rest)
        except StopIteration:
            break
        except SyntaxError as error:
            wrong.append(error)
    found = [(_reason(str(error.msg)), error.lineno, error.offset) for error in wrong]
    if read == RdfFormat.RDF_XML and first.lineno is None:
        found = [(found[0][0], *place_in_xml(content))]
    return BadDocument(*found[0], found[1:])


def _check(read: RdfFormat, content: bytes, nesting: int) -> None:
    if read == RdfFormat.RDF_XML:
        if DOCTYPE.search(content):
            raise BadDocument(
                "a DOCTYPE is not accepted, since its entities can grow without end; "
                "write out what they stand for"
            )
        deepest = _deepest_element(content)
    elif read in (RdfFormat.JSON_LD, RdfFormat.STREAMING_JSON_LD):
        deepest = _deepest(JSON_TOKEN, content)
    elif content.count(b"[") + content.count(b"(") + content.count(b"<<") > nesting:
        deepest = _deepest(TURTLE_TOKEN, content)
    else:
        return
    if deepest > nesting:
        message = f"the document is nested {deepest} deep, and {nesting} is the limit"
        raise LimitExceeded("nesting", message)


def place_in_xml(content: bytes) -> tuple[int | None, int | None]:
    """Gives the line and column where a document without a DOCTYPE stops being XML, if it does."""
    parser = ParserCreate()
    try:
        parser.Parse(content, True)
    except ExpatError as error:
        return error.lineno, error.offset + 1
    return None, None


def _reason(message: str) -> str:
    """Gives what the engine says is wrong, without the place, which stands beside it."""
    if "LoadDocumentCallback" in message:
        return "the document names a remote JSON-LD context, and none is fetched; write it out"
    return PLACE.sub("", message)


def _deepest(tokens: re.Pattern[bytes], document: bytes) -> int:
    depth = deepest = 0
    for token in tokens.finditer(document):
        if token.lastgroup == "open":
            depth += 1
            deepest = max(deepest, depth)
        elif token.lastgroup == "close":
            depth -= 1
    return deepest


def _deepest_element(document: bytes) -> int:
    depth = deepest = 0
    for tag in XML_TAG.finditer(document):
        if tag["end"] is None:
            continue
        if tag["end"]:
            depth -= 1
        elif not tag["empty"]:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
