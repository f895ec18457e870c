"""Reads what a request asks of a SPARQL endpoint: SPARQL 1.1 Protocol, section 2, and no framework.

A request is an operation (a query or an update) or asks for the endpoint's description; one that
is neither is refused with what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from pyoxigraph import NamedNode

from ..graph.errors import HakushoError
from ..graph.store import Form, Query
from ..graph.workers.revision import Update
from .named_release import PARAMETER
from .negotiation import by_form

FORMS: Final[tuple[Form, ...]] = ("solutions", "boolean", "graph")
FORM_TYPE: Final = "application/x-www-form-urlencoded"
QUERY_TYPE: Final = "application/sparql-query"
UPDATE_TYPE: Final = "application/sparql-update"


class MalformedRequest(HakushoError):
    """A request that is not one of the protocol's; the sentence says what is wrong with it."""


class WrongMethod(MalformedRequest):
    """A method that is not answered here; `allowed` are those that are."""

    def __init__(self, method: str, allowed: tuple[str, ...], why: str = "") -> None:
        super().__init__(method, allowed, why)
        self.method = method
        self.allowed = allowed
        self.why = why

    def __str__(self) -> str:
        said = f"{self.method} is not answered here; there is {', '.join(self.allowed)}"
        return f"{said}: {self.why}" if self.why else said


class UnsupportedContent(MalformedRequest):
    """A body in a media type or charset that is not read here; `accepted` are those that are."""

    def __init__(self, content_type: str, accepted: tuple[str, ...]) -> None:
        super().__init__(content_type, accepted)
        self.content_type = content_type
        self.accepted = accepted

    def __str__(self) -> str:
        came = f"a body of type {self.content_type!r}" if self.content_type else "a body of no type"
        return f"{came} is not read here; send {' or '.join(self.accepted)}, in UTF-8"


class BodyTooLarge(HakushoError):
    """A body larger than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return f"the body is larger than {self.limit:,} bytes"


@dataclass(frozen=True)
class Description:
    """A request for the endpoint's own description."""


Operation = Query | Update | Description


@dataclass(frozen=True)
class Request:
    """The parts of an HTTP request that the protocol reads."""

    method: str
    query_string: str
    content_type: str
    body: Callable[[], bytes]
    url: str
    """The endpoint's own address: what relative IRIs in a text are resolved against."""
    accept: str | None = None
    coding: str = ""
    """The Content-Encoding of the body; none is read here, so that no bomb is unpacked."""


@dataclass(frozen=True)
class Asked:
    """An operation, and the other parameters of the request."""

    operation: Operation
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def format(self) -> str | None:
        """What `?format=` names."""
        return next(iter(self.parameters.get("format", ())), None)

    @property
    def release(self) -> str | None:
        """What `?release=` names, which is a number where it is right."""
        return next(iter(self.parameters.get(PARAMETER, ())), None)


def read(request: Request) -> Asked:
    """Gives the operation that a request asks for."""
    if request.method in ("GET", "HEAD"):
        parameters = _decoded(request.query_string)
        if "update" in parameters:
            raise MalformedRequest("an update is sent by POST, never by GET")
        return _asked(request, parameters)
    if request.method == "POST":
        return _posted(request)
    raise WrongMethod(request.method, ("GET", "HEAD", "POST", "OPTIONS"))


def _posted(request: Request) -> Asked:
    if request.coding.strip().lower() not in ("", "identity"):
        came = f"{request.content_type} in {request.coding}"
        raise UnsupportedContent(came, (FORM_TYPE, QUERY_TYPE, UPDATE_TYPE))
    parameters = _decoded(request.query_string)
    media_type, charset = content_type(request.content_type)
    if media_type == FORM_TYPE and charset in ("", "utf-8"):
        for name, values in _decoded(_utf8(request.body(), "form")).items():
            parameters[name] = parameters.get(name, []) + values
        if not parameters.keys() & {"query", "update"}:
            raise MalformedRequest("the form has neither a query nor an update")
        return _asked(request, parameters)
    for direct, name in ((QUERY_TYPE, "query"), (UPDATE_TYPE, "update")):
        if media_type == direct and charset in ("", "utf-8"):
            if parameters.keys() & {"query", "update"}:
                raise MalformedRequest(
                    f"the body is the {name}, so the address must not carry a query or update too"
                )
            parameters[name] = [_utf8(request.body(), name)]
            return _asked(request, parameters)
    raise UnsupportedContent(request.content_type, (FORM_TYPE, QUERY_TYPE, UPDATE_TYPE))


def _asked(request: Request, parameters: dict[str, list[str]]) -> Asked:
    if "query" in parameters and "update" in parameters:
        raise MalformedRequest("a request carries a query or an update, not both")
    if "update" in parameters:
        if PARAMETER in parameters:
            raise MalformedRequest("an update is of the current release, and names no other")
        using = ("using-graph-uri", "using-named-graph-uri")
        return Asked(_update(request, parameters, *using), parameters)
    if "query" not in parameters:
        return Asked(Description(), parameters)
    format = next(iter(parameters.get("format", ())), None)
    query = Query(
        text=_one(parameters, "query"),
        media_types=by_form(FORMS, request.accept, format),
        default_graphs=_graphs(parameters, "default-graph-uri"),
        named_graphs=_graphs(parameters, "named-graph-uri"),
        base_iri=request.url,
    )
    return Asked(query, parameters)


def _update(request: Request, parameters: dict[str, list[str]], using: str, named: str) -> Update:
    return Update(
        text=_one(parameters, "update"),
        using_graphs=_graphs(parameters, using),
        using_named_graphs=_graphs(parameters, named),
        base_iri=request.url,
    )


def _one(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    values = parameters[name]
    if len(values) != 1:
        raise MalformedRequest(f"a request carries one {name}, and this one carries {len(values)}")
    return values[0]


def _graphs(parameters: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    iris = tuple(dict.fromkeys(parameters.get(name, ())))
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise MalformedRequest(f"{name}: {iri!r} is not an absolute IRI") from error
    return iris


def content_type(header: str) -> tuple[str, str]:
    """Gives the media type and the charset of a Content-Type header, in lower case.

    >>> content_type('application/sparql-query; charset="UTF-8"')
    ('application/sparql-query', 'utf-8')
    """
    media_type, *parameters = header.split(";")
    charset = ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower().replace("utf8", "utf-8")
    return media_type.strip().lower(), charset


def _decoded(encoded: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        if encoded.startswith("query=") and "&" not in encoded:
            # Most requests of programs are just that, and read so in half the time.
            text = unquote_to_bytes(encoded[len("query=") :].replace("+", " "))
            return {"query": [text.decode("utf-8")]}
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=1_000)
    except UnicodeDecodeError as error:
        raise MalformedRequest("a parameter is not percent-encoded UTF-8") from error
    except ValueError as error:
        raise MalformedRequest("there are too many parameters") from error
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _utf8(body: bytes, what: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"the {what} is not UTF-8 at byte {error.start}") from error
