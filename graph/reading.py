"""RDF documents of strangers, read in a worker: what is refused, and N-Quads of the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from .evaluation import SIZE, Output, said
from .frames import Channel

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


class Refused(ValueError):
    """A document that is not read, whatever it says; `limit` names the limit it exceeds."""

    def __init__(self, message: str, limit: str = "") -> None:
        super().__init__(message)
        self.limit = limit


@dataclass(frozen=True)
class Reading:
    """An RDF document as it travels to a worker, beside its bytes."""

    media_type: str
    base: str | None
    nesting: int
    size: int

    def packed(self, document: bytes) -> list[bytes]:
        """Gives the reading and the document as the parts of one message."""
        head = json.dumps(asdict(self)).encode()
        return [SIZE.pack(len(head)), head, document]

    @classmethod
    def unpacked(cls, content: bytes) -> tuple[Reading, bytes]:
        """Gives the reading and the document that a message carries."""
        (size,) = SIZE.unpack_from(content)
        head = json.loads(content[SIZE.size : SIZE.size + size])
        return cls(**head), content[SIZE.size + size :]


def serve_reading(channel: Channel) -> None:
    """Reads the document that comes on the channel and sends it back as N-Quads."""
    reading, document = Reading.unpacked(channel.receive()[1])
    output = Output(channel, reading.size)
    output.form = "graph"
    try:
        pyoxigraph.serialize(quads(reading, document), output.file, RdfFormat.N_QUADS)
        output.finish(False)
    except MemoryError:
        raise
    except Refused as error:
        _send_error(channel, {"kind": "refused", "text": str(error), "limit": error.limit})
    except Exception as error:
        _send_error(channel, said(error))


def quads(reading: Reading, document: bytes) -> Iterator[Quad]:
    """Gives the quads of a document, its blank nodes under new names."""
    kind = RdfFormat.from_media_type(reading.media_type)
    if kind is None:
        raise Refused(f"{reading.media_type} is no RDF format that is read here", "format")
    _check(kind, document, reading.nesting)
    return pyoxigraph.parse(document, kind, base_iri=reading.base, rename_blank_nodes=True)


def _check(kind: RdfFormat, document: bytes, nesting: int) -> None:
    if kind == RdfFormat.RDF_XML:
        if DOCTYPE.search(document):
            raise Refused(
                "a DOCTYPE is not accepted: its entities can grow without end; "
                "write their values out"
            )
        deepest = _deepest_element(document)
    elif kind in (RdfFormat.JSON_LD, RdfFormat.STREAMING_JSON_LD):
        deepest = _deepest(JSON_TOKEN, document)
    elif document.count(b"[") + document.count(b"(") + document.count(b"<<") > nesting:
        deepest = _deepest(TURTLE_TOKEN, document)
    else:
        return
    if deepest > nesting:
        raise Refused(f"it is nested {deepest} deep, and {nesting} is the limit", "nesting")


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


def _send_error(channel: Channel, error: dict[str, Any]) -> None:
    channel.send(b"X", json.dumps(error).encode())
