"""The data for machines and to take away: files, VoID, DCAT, sitemap, OpenAPI, schema.org."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from hakusho.graph.names import PREFIXES
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.queries.catalogue import catalogue

PAGE = {"Accept": "text/html"}
PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def taken(client: FlaskClient, name: str) -> bytes:
    with client.get("/dumps/" + name) as answer:
        return bytes(answer.data)


def graph(client: FlaskClient, address: str) -> Store:
    answer = client.get(address)
    assert answer.status_code == 200 and answer.content_type.startswith("text/turtle")
    store = Store()
    store.load(answer.data, RdfFormat.TURTLE)
    return store


def rows(store: Store, query: str) -> list[Any]:
    return list(store.query(PREFIX + query))  # type: ignore[arg-type]


def test_the_files_of_a_release_are_whole_and_have_the_checksums_told(
    client: FlaskClient, matrix_data: DataFolder
) -> None:
    said = client.get("/dumps/?format=json").json
    assert said is not None
    assert [each["format"] for each in said["files"]] == ["nq", "trig", "turtle", "csv"]
    sums = client.get("/dumps/SHA256SUMS").text
    for each in said["files"]:
        content = taken(client, each["name"])
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
        assert len(content) == each["bytes"]
        assert f"{each['sha256']}  {each['name']}" in sums
    release = matrix_data.current()
    assert release is not None
    quads = gzip.decompress(taken(client, "hakusho-1.nq.gz"))
    assert len(list(parse(quads, RdfFormat.N_QUADS))) == sum(
        content.quads for content in release.manifest.graphs.values()
    )
    archive = zipfile.ZipFile(io.BytesIO(taken(client, "hakusho-1.tables.zip")))
    readme = archive.read("README.md").decode()
    assert "総務省「情報通信白書」を加工して作成" in readme and release.manifest.hash in readme
    assert "policies.csv" in archive.namelist()


@pytest.mark.parametrize(
    "name", ["hakusho-99.nq.gz", "hakusho-1.exe", "..%2f..%2fmanifest.json", "x.nq.gz", "%00"]
)
def test_a_file_that_there_is_not_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get("/dumps/" + name).status_code == 404


def test_the_page_of_files_leads_to_them_in_both_languages(client: FlaskClient) -> None:
    for lang, words in (("ja", "データをまとめて取得"), ("en", "Download the data")):
        page = client.get(f"/dumps/?lang={lang}", headers=PAGE).text
        assert words in page and 'href="/dumps/hakusho-1.ttl.gz"' in page
        data = json.loads(re.findall(r'ld\+json">(.*?)</script>', page)[0])
        assert data["@type"] == "Dataset" and len(data["distribution"]) == 4


@pytest.mark.parametrize("address", ["/.well-known/void", "/void", "/void.ttl"])
def test_void_says_what_there_is_and_where(client: FlaskClient, address: str) -> None:
    store = graph(client, address)
    found = rows(
        store,
        "SELECT ?n ?endpoint WHERE { ?d a void:Dataset ; void:triples ?n ; "
        "void:sparqlEndpoint ?endpoint ; void:dataDump ?dump }",
    )
    assert len(found) == 4 and int(found[0]["n"].value) > 0
    assert found[0]["endpoint"].value == "http://localhost/sparql"
    policies = rows(
        store,
        "SELECT ?n WHERE { ?part void:class hk:Policy ; void:entities ?n } ",
    )
    assert int(policies[0]["n"].value) > 0
    assert rows(store, "SELECT ?n { ?part void:property hk:addresses ; void:triples ?n }")


def test_dcat_names_files_services_licence_and_credit(client: FlaskClient) -> None:
    store = graph(client, "/dcat.ttl")
    files = rows(
        store,
        "SELECT ?url ?size ?sum WHERE { ?c a dcat:Catalog ; dcat:dataset ?d . "
        "?d dcat:distribution ?f ; dcterms:license ?licence . ?f dcat:downloadURL ?url ; "
        "dcat:byteSize ?size ; <http://spdx.org/rdf/terms#checksum> ?c2 . "
        "?c2 <http://spdx.org/rdf/terms#checksumValue> ?sum }",
    )
    assert len(files) == 4
    credits = {quad.object for quad in store.quads_for_pattern(
        None, NamedNode(PREFIXES["schema"] + "creditText"), None, None)}  # fmt: skip
    assert any("加工して作成" in credit.value for credit in credits if isinstance(credit, Literal))
    assert rows(store, "SELECT ?s { ?s a dcat:DataService ; dcat:endpointURL ?e }")
    assert client.get("/dcat", headers={"Accept": "application/ld+json"}).status_code == 200


@pytest.mark.parametrize("address", ["/dcat", "/void", "/.well-known/void"])
def test_who_asks_for_a_page_about_the_data_is_led_to_its_files(
    client: FlaskClient, address: str
) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = client.get(f"{address}?lang=en", headers={"Accept": browser})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/dumps/?lang=en")
    assert client.get(answer.headers["Location"], headers={"Accept": browser}).status_code == 200
    assert client.get(address, headers={"Accept": "*/*"}).mimetype == "text/turtle"


def test_the_sitemap_has_every_page_in_both_languages(client: FlaskClient) -> None:
    text = client.get("/sitemap.xml").text
    assert "<loc>http://localhost/id/policy/guard</loc>" in text
    assert 'hreflang="en" href="http://localhost/id/policy/guard?lang=en"' in text
    # One of each kind: another of the kind is answered by the same code.
    kinds = {
        address.rpartition("/")[0] if address.count("/") > 1 else address: address
        for address in re.findall(r"<loc>http://localhost([^<]*)</loc>", text)
    }
    assert {"/id/policy", "/id/challenge", "/ontology", "/"} <= kinds.keys()
    for address in kinds.values():
        assert client.get(address, headers=PAGE).status_code == 200, address
    assert client.get("/sitemap-9.xml").status_code == 404
    robots = client.get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap.xml" in robots and "Disallow: /sparql?" in robots


def test_openapi_describes_every_question(client: FlaskClient) -> None:
    said = client.get("/openapi.json?lang=en").json
    assert said is not None and said["openapi"].startswith("3.1")
    for each in catalogue():
        described = said["paths"][f"/queries/{each.id}"]["get"]
        assert described["summary"] == each.title["en"]
    ids = [way["get"]["operationId"] for path, way in said["paths"].items() if "queries" in path]
    assert len(set(ids)) == len(ids) == len(catalogue())
    given = said["paths"]["/queries/policies/of-challenge"]["get"]["parameters"]
    assert given[0]["name"] == "challenge" and given[0]["required"]


def test_the_page_of_a_thing_tells_search_engines_what_it_is(client: FlaskClient) -> None:
    page = client.get("/id/policy/guard?lang=ja", headers=PAGE).text
    said = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])
    assert said["@context"] == "https://schema.org" and said["inLanguage"] == "ja"
    assert said["@id"].startswith("https://w3id.org/hakusho/id/")
    policy = client.get("/id/policy/guard?lang=en", headers=PAGE).text
    said = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', policy)[0])
    assert said["name"] == "Guard" and "監視" in said["alternateName"]
    assert said["description"] == "Keeps watch."
