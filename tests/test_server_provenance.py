"""Where things come from, as pages say it: by whom, when, from which row, value by value."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from hakusho.graph.names import PREFIXES
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.checking import publish
from hakusho.loaders.edition import EditionDataset
from hakusho.loaders.references import known_to
from hakusho.loaders.submission import Place, read_submission
from hakusho.server.app import create_app
from hakusho.server.reports.view import where
from hakusho.server.service import Service

TABLE = "id,label_ja,label_en\nai-act,AI法（改）,AI Act <2>\n"


TURTLE = f"""
@prefix skos: <{PREFIXES["skos"]}> .
<{PREFIXES["hkid"]}policy/disinfo-study> skos:altLabel "Another name"@en .
"""
"""What a file of RDF says of another policy, in its third line."""


@pytest.fixture(scope="module")
def pages(
    sample: EditionDataset, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    """A client over the small edition, in which a policy was renamed by a submission."""
    data = DataFolder(tmp_path_factory.mktemp("provenance"))
    first = data.publish([*sample.quads, *ontology_dataset()], who="builder")
    said = read_submission([("policies.csv", TABLE.encode())], known_to(first.engine()))
    made = publish(said, data, who="Tanaka <b>", why="renamed").release
    said = read_submission([("names.ttl", TURTLE.encode())], known_to(made.engine()))
    made = publish(said, data, who="Suzuki", why="another name").release
    yield create_app(Service(data, made.open())).test_client()


def test_the_page_of_a_thing_says_who_entered_it_from_which_row_and_when(
    pages: FlaskClient,
) -> None:
    page = pages.get("/id/policy/ai-act?lang=en").text
    assert "by Tanaka &lt;b&gt; from policies.csv, row 2 on " in page
    assert 'href="/releases/2?lang=en"' in page
    assert 'href="/provenance?thing=policy/ai-act&amp;lang=en"' in page
    assert 'href="/forms/policy/ai-act?lang=en"' in page
    assert "policies.csvの2行目" in pages.get("/id/policy/ai-act?lang=ja").text


def test_of_rdf_a_line_is_told_and_no_row(pages: FlaskClient) -> None:
    page = pages.get("/id/policy/disinfo-study?lang=en").text
    assert "by Suzuki from names.ttl, line 3 on " in page
    assert where(Place("names.ttl", row=3), "en") == "names.ttl, line 3"
    assert where(Place("names.csv", row=3), "en") == "names.csv, row 3"


def test_what_nobody_entered_has_no_such_line(pages: FlaskClient) -> None:
    page = pages.get("/ontology/Policy?lang=en").text
    assert "/provenance?" not in page and "/forms/" not in page


def test_each_value_has_its_graph_its_entry_and_its_page(pages: FlaskClient) -> None:
    said = pages.get("/provenance?thing=policy/ai-act&format=json").json
    assert said is not None
    assert [each["release"] for each in said["entered"]] == ["1", "2"]
    graphs = {each["value"]: each["graph"].rpartition("/")[2] for each in said["values"]}
    assert graphs["AI Act <2>"] == "submission-2"
    assert graphs["policy-kind/law"] == "r07"
    entered = {each["value"]: each["entered"] for each in said["values"]}
    assert (entered["AI Act <2>"]["who"], entered["AI Act <2>"]["row"]) == ("Tanaka <b>", "2")
    assert entered["policy-kind/law"]["who"] == "builder"
    page = pages.get("/provenance?thing=policy/ai-act&lang=en").text
    assert "AI Act &lt;2&gt;" in page and "inferred by rule" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/provenance", 400),
        ("/provenance?thing=policy/nobody", 404),
        ("/provenance?thing=not an iri", 400),
        ("/provenance?thing=policy/ai-act&format=png", 406),
    ],
)
def test_what_is_no_thing_is_refused(pages: FlaskClient, path: str, status: int) -> None:
    assert pages.get(path).status_code == status
