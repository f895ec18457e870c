"""RDF documents of strangers, read in a worker: what is refused, and N-Quads of the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from ..errors import BadDocument, HakushoError, LimitExceeded, UnsupportedFormat
from ..limits import Limits
from .frames import Channel
from .messages import packed, packed_error, unpacked
from .output import Output

FORMATS: Final = (
    RdfFormat.TURTLE,
    RdfFormat.TRIG,
    RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS,
    RdfFormat.RDF_XML,
    RdfFormat.JSON_LD,
)
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
    """An RDF document: its bytes, its media type and the IRI that its own are relative to."""

    content: bytes
    media_type: str
    base_iri: str | None = None

    def packed(self) -> list[bytes]:
        """Gives the parts of the message that carries it."""
        return packed(json.dumps([self.media_type, self.base_iri]).encode(), self.content)

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
        pyoxigraph.serialize(_quads(document, limits), output.file, RdfFormat.N_QUADS)
        output.finish()
    except HakushoError as error:
        channel.send(b"X", packed_error(error))
    except SyntaxError as error:
        wrong = BadDocument(_reason(str(error.msg)), error.lineno, error.offset)
        channel.send(b"X", packed_error(wrong))
    except MemoryError as error:
        if not TOKEN_TOO_LONG.search(str(error)):
            raise
        channel.send(b"X", packed_error(BadDocument("one term of the document is too long")))
    except (ValueError, OSError) as error:
        channel.send(b"X", packed_error(BadDocument(str(error))))


def _quads(document: Document, limits: Limits) -> Iterator[Quad]:
    """Gives the quads of a document, its blank nodes under new names."""
    read = RdfFormat.from_media_type(document.media_type)
    if read is None:
        raise UnsupportedFormat(document.media_type, tuple(known.media_type for known in FORMATS))
    _check(read, document.content, limits.nesting)
    return pyoxigraph.parse(
        document.content, read, base_iri=document.base_iri, rename_blank_nodes=True
    )


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
