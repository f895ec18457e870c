"""OpenAPI: the questions, the protocol and the other reads, described for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..graph.search.texts import KINDS
from ..queries.catalogue import catalogue
from ..queries.header import Parameter, Question
from .language import LANGUAGES, text
from .negotiation import Media, offered

Json = dict[str, Any]

VERSION: Final = "3.1.0"
LICENCE: Final = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
XSD: Final[Mapping[str, Json]] = {
    "xsd:integer": {"type": "integer"},
    "xsd:gYear": {"type": "integer"},
    "xsd:decimal": {"type": "number"},
    "xsd:boolean": {"type": "boolean"},
    "xsd:date": {"type": "string", "format": "date"},
    "lang": {"type": "string", "enum": list(LANGUAGES), "default": "ja"},
}


def document(root: str, version: str, lang: str) -> Json:
    """Gives the whole description, in a language."""
    paths: Json = {
        "/sparql": _sparql(lang),
        "/id/{kind}/{slug}": {"get": _thing(lang)},
        "/search": {"get": _search(lang)},
        "/search/suggest": {"get": _suggest(lang)},
        "/network": {"get": _network(lang)},
    }
    paths |= {f"/queries/{each.id}": {"get": _question(each, lang)} for each in catalogue()}
    return {
        "openapi": VERSION,
        "info": {
            "title": str(text("dumps.dataset", lang)),
            "description": str(text("dumps.about", lang)),
            "version": version,
            "license": LICENCE,
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"responses": {"Problem": PROBLEM}, "parameters": PARAMETERS},
    }


PROBLEM: Final[Json] = {
    "description": "RFC 9457",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string", "format": "uri"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "line": {"type": "integer"},
                    "column": {"type": "integer"},
                    "nearest": {"type": "array", "items": {"type": "string"}},
                },
            }
        }
    },
}


def _given(name: str, schema: Json, required: bool = False, where: str = "query") -> Json:
    return {"name": name, "in": where, "required": required, "schema": schema}


WORD: Final[Json] = {"type": "string"}
PARAMETERS: Final[Json] = {
    "lang": _given("lang", XSD["lang"]),
    "release": _given("release", {"type": "integer", "minimum": 1}),
}
SHARED: Final = [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS]


def _question(asked: Question, lang: str) -> Json:
    names = [media.name for media in (*offered(asked.form),)]
    parameters = [_parameter(each, lang) for each in asked.parameters if each.type != "lang"]
    formats = _given("format", {"type": "string", "enum": names, "default": names[0]})
    return {
        "operationId": asked.id.replace("/", "_").replace("-", "_"),
        "summary": asked.title[lang],
        "description": asked.description[lang],
        "tags": [asked.id.partition("/")[0]],
        "parameters": [*parameters, formats, *SHARED],
        "responses": _answers(offered(asked.form)),
    }


def _parameter(each: Parameter, lang: str) -> Json:
    schema: Json = dict(XSD.get(each.type, WORD))
    if each.choices:
        schema["enum"] = list(each.choices)
    if each.default is not None:
        schema["default"] = each.default
    if each.many:
        schema = {"type": "array", "items": schema}
    needed = each.required and each.default is None
    said = _given(each.name, schema, needed)
    return said | {"description": each.label[lang], "example": each.example}


def _answers(media: tuple[Media, ...]) -> Json:
    return {
        "200": {"description": "OK", "content": {each.media_type: {} for each in media}},
        "default": {"$ref": "#/components/responses/Problem"},
    }


def _read(summary: str, lang: str, *parameters: Json, page: bool = True) -> Json:
    content: Json = {"application/json": {}} | ({"text/html": {}} if page else {})
    return {
        "summary": str(text(summary, lang)),
        "parameters": [*parameters, *SHARED],
        "responses": {
            "200": {"description": "OK", "content": content},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _search(lang: str) -> Json:
    kind = _given("kind", {"type": "string", "enum": list(KINDS)})
    page = _given("page", {"type": "integer", "minimum": 1, "default": 1})
    return _read("search.title", lang, _given("q", WORD, True), kind, page)


def _suggest(lang: str) -> Json:
    return _read("search.words", lang, _given("q", WORD, True), page=False)


def _network(lang: str) -> Json:
    ends = (_given("thing", WORD, True), _given("to", WORD))
    return _read("network.title", lang, *ends)


def _thing(lang: str) -> Json:
    media = offered("graph", "page")
    named = [_given(name, WORD, True, "path") for name in ("kind", "slug")]
    return {
        "summary": str(text("thing.said", lang)),
        "parameters": [*named, *SHARED],
        "responses": _answers(media),
    }


def _sparql(lang: str) -> Mapping[str, Json]:
    media = offered("solutions", "graph")
    form = {"type": "object", "required": ["query"], "properties": {"query": WORD}}
    said: Json = {
        "summary": str(text("sparql.title", lang)),
        "responses": _answers(media),
        "externalDocs": {"url": "https://www.w3.org/TR/sparql11-protocol/"},
    }
    graphs = [
        _given(name, {"type": "array", "items": {"type": "string", "format": "uri"}})
        for name in ("default-graph-uri", "named-graph-uri")
    ]
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": WORD},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
    return {
        "get": said | {"parameters": [_given("query", WORD, True), *graphs, *SHARED]},
        "post": said | {"parameters": graphs, "requestBody": body},
    }
