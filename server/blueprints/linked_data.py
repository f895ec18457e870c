"""The data as a whole, to take away and for machines: files, VoID, DCAT, sitemap, OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, cast

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from pyoxigraph import Triple
from werkzeug.exceptions import NotFound

from ...graph.errors import TooBusy
from ...graph.releases.release import Release
from ...graph.search.index import count_of, iris_of
from ..answers import stream, written
from ..dataset import dcat, void
from ..dumps import SUMS, Dump, dumps
from ..language import LANGUAGES, language, link, text
from ..linked_data import LICENCE, structured
from ..negotiation import HTML, JSON, choose, offered
from ..openapi import document
from ..searching import index_of
from ..service import Service, service
from ..things import address

bp = Blueprint("linked_data", __name__)
bp.app_context_processor(lambda: {"structured": structured})

PER_MAP: Final = 10_000
"""How many addresses a part of the sitemap has."""
PAGES: Final = (
    "explorer.home",
    "explorer.outline",
    "questions.index",
    "resources.ontology",
    "releases.index",
    "linked_data.files",
)
NOT_FOR_ROBOTS: Final = ("/sparql?", "/search", "/network?", "/queries/", "/graphs?")
"""Addresses without number, each of which is worked out anew."""

NAMED: Final = re.compile(r"hakusho-([0-9]{1,9})\.[a-z.]+\Z")


@bp.get("/void")
@bp.get("/void.ttl", defaults={"format": "turtle"})
@bp.get("/.well-known/void")
def void_description(format: str | None = None) -> Response:
    """Describes the data in VoID."""
    return _described(void, format)


@bp.get("/dcat")
@bp.get("/dcat.ttl", defaults={"format": "turtle"})
@bp.get("/catalog.jsonld", defaults={"format": "jsonld"})
def catalogue(format: str | None = None) -> Response:
    """Describes the data, its files and its services in DCAT."""
    return _described(dcat, format)


@bp.get("/dumps/")
def files() -> Response:
    """Lists the files of the release to take away, with sizes and checksums."""
    media = choose((HTML, JSON), request.headers.get("Accept"), request.args.get("format"))
    said = service()
    found: list[Dump] = []
    coming = None
    try:
        found = _files(said, said.number())
    except TooBusy as error:
        if media is JSON:
            raise
        coming = error
    if media is JSON:
        return jsonify(
            {"release": said.number(), "licence": LICENCE, "files": [*map(_said, found)]}
        )
    response = make_response(
        render_template(
            "linked_data/files.html",
            files=found,
            coming=coming,
            manifest=said.manifest(),
            dataset=_dataset(found),
            descriptions=offered("graph"),
        )
    )
    if coming is not None:
        response.status_code = 503
        response.headers["Retry-After"] = str(coming.retry_after)
    return response


@bp.get("/dumps/<name>")
def file(name: str) -> Response:
    """Gives a file of a release, or the checksums of its files."""
    said = service()
    if name == SUMS:
        found = _files(said, said.number())
        lines = "".join(f"{each.sha256}  {each.name}\n" for each in found)
        return Response(lines, content_type="text/plain; charset=utf-8")
    named = NAMED.match(name)
    number = int(named[1]) if named and not said.is_remote else None
    if number is not None and any(each.number == number for each in said.data.releases()):
        for each in _files(said, number):
            if each.name == name:
                return send_file(
                    each.path, each.packed, as_attachment=True, download_name=name, etag=False
                )
    raise NotFound


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Lists the addresses of all pages, or the parts of that list where it is long."""
    count = _count()
    if count <= PER_MAP:
        return _map([url_for(name, _external=True) for name in PAGES] + _things(0))
    parts = [
        url_for("linked_data.sitemap_part", part=part, _external=True)
        for part in range(-(-count // PER_MAP) + 1)
    ]
    return _xml(render_template("linked_data/sitemaps.xml", parts=parts))


@bp.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """Gives a part of the sitemap: the first has the pages, the others the things."""
    if part == 0:
        return _map([url_for(name, _external=True) for name in PAGES])
    found = _things((part - 1) * PER_MAP)
    if not found:
        raise NotFound
    return _map(found)


@bp.get("/robots.txt")
def robots() -> Response:
    """Tells robots where everything is, and what is not worth their while."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), ""]
    lines.append(f"Sitemap: {url_for('linked_data.sitemap', _external=True)}")
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/openapi.json")
def openapi() -> Response:
    """Describes the questions and the other reads for programs."""
    return jsonify(document(request.url_root.rstrip("/"), _version(), language()))


def _version() -> str:
    return str(service().number() or 0)


def _described(triples: Callable[[], Iterable[Triple]], format: str | None = None) -> Response:
    # Who asks for a page is shown that of the files, which says the same in words.
    candidates = (*offered("graph"), HTML)
    media = choose(candidates, request.headers.get("Accept"), format or request.args.get("format"))
    if media is HTML:
        return cast(Response, redirect(link("linked_data.files"), 303))
    return stream(written(triples(), media))


def _files(said: Service, number: int | None) -> list[Dump]:
    return dumps(Release(said.data.path, number)) if number is not None else []


def _said(each: Dump) -> Mapping[str, Any]:
    return {
        "name": each.name,
        "address": url_for("linked_data.file", name=each.name, _external=True),
        "format": each.format,
        "media_type": each.media_type,
        "bytes": each.size,
        "sha256": each.sha256,
    }


def _dataset(found: Sequence[Dump]) -> Mapping[str, Any]:
    """Gives the data as a whole as search engines read it."""
    lang = language()
    manifest = service().manifest()
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": url_for("linked_data.catalogue", _external=True) + "#dataset",
        "url": url_for("linked_data.files", _external=True),
        "name": text("dumps.dataset", lang),
        "description": text("dumps.about", lang),
        "license": LICENCE,
        "creditText": text("site.credit", lang),
        "inLanguage": list(LANGUAGES),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": url_for("linked_data.file", name=each.name, _external=True),
                "encodingFormat": each.media_type,
                "contentSize": str(each.size),
                "sha256": each.sha256,
            }
            for each in found
        ],
    }
    if manifest is not None:
        said |= {"version": str(manifest.number), "dateModified": manifest.created}
    return said


def _count() -> int:
    said = service()
    number = said.number()
    if said.is_remote or number is None:
        return 0
    return count_of(index_of(Release(said.data.path, number)))


def _things(start: int) -> list[str]:
    """Gives the addresses of the pages of some things."""
    said = service()
    number = said.number()
    if said.is_remote or number is None:
        return []
    root = request.url_root.rstrip("/")
    found = iris_of(index_of(Release(said.data.path, number)), start, PER_MAP)
    return [root + address(iri) for iri in found]


def _map(addresses: Sequence[str]) -> Response:
    return _xml(
        render_template("linked_data/sitemap.xml", addresses=addresses, languages=LANGUAGES)
    )


def _xml(body: str) -> Response:
    return Response(body, content_type="application/xml; charset=utf-8")
