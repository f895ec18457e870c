"""RDF documents as submissions: what they say, where it stands, and all that is wrong with them."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import NamedNode, Quad

from hakusho.graph.errors import BadDocument
from hakusho.graph.limits import Limits
from hakusho.graph.names import graph, thing
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.release import Release
from hakusho.graph.workers.pool import WorkerPool
from hakusho.loaders.edition import EditionDataset
from hakusho.loaders.packing import BadPacking, unpacked
from hakusho.loaders.rdf import GENID, read_rdf
from hakusho.loaders.rdf_context import ADDRESSES
from hakusho.loaders.rdf_stream import stream_rdf
from hakusho.loaders.submission import Submission
from hakusho.server.exporting import export

TURTLE = b"""@prefix ex: <http://example.org/> .

ex:notice ex:says [ ex:number 1 ] ;
  ex:list (1 2) .
"""
NOTICE = "http://example.org/notice"


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(lambda: None) as workers:
        yield workers


def said(submission: Submission) -> list[tuple[str, int | None, str | None]]:
    """Gives what is wrong with a submission: code, line and column."""
    return [
        (each.code, each.place.row, each.place.column)
        for each in submission.defects
        if each.severity == "violation"
    ]


SAME = {
    "a.ttl": b'<http://e/a> <http://e/b> "x"@ja .',
    "a.trig": b'{ <http://e/a> <http://e/b> "x"@ja }',
    "a.nt": b'<http://e/a> <http://e/b> "x"@ja .\n',
    "a.nq": b'<http://e/a> <http://e/b> "x"@ja .\n',
    "a.jsonld": b'{"@context": {}, "@id": "http://e/a",'
    b' "http://e/b": {"@value": "x", "@language": "ja"}}',
    "a.rdf": b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    b'<r:Description r:about="http://e/a"><e:b xml:lang="ja">x</e:b></r:Description></r:RDF>',
}


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("packed", ["", ".gz", ".zst"])
def test_every_format_says_the_same_packed_or_not(name: str, packed: str, pool: WorkerPool) -> None:
    content = SAME[name]
    if packed:
        content = gzip.compress(content) if packed == ".gz" else zstandard.compress(content)
    submission = read_rdf(name + packed, content, pool.parse)
    assert [str(quad) for quad in submission.quads] == ['<http://e/a> <http://e/b> "x"@ja']
    assert submission.things == (NamedNode("http://e/a"),)
    assert not submission.defects


def test_nodes_without_a_name_get_the_same_iri_each_time(pool: WorkerPool) -> None:
    once, again = (read_rdf(f"{name}.ttl", TURTLE, pool.parse) for name in ("once", "again"))
    assert once.quads == again.quads
    named = [each for each in once.things if each.value.startswith(GENID)]
    assert len(named) == 3 and "_:" not in "".join(map(str, once.quads))


def test_a_thing_is_found_on_its_line(pool: WorkerPool) -> None:
    place = read_rdf("a.ttl", TURTLE, pool.parse).place(NOTICE)
    assert place is not None and (place.file, place.row) == ("a.ttl", 3)


def test_a_row_in_json_is_read_by_our_context(pool: WorkerPool) -> None:
    named = f'{{"@context": "{ADDRESSES[0]}",\n "@type": "policies", "id": "notice"}}'
    for text in ('{"@type": "policies", "id": "notice"}', named):
        submission = read_rdf("a.json", text.encode(), pool.parse)
        assert submission.things == (thing("policy", "notice"),)


WRONG = {
    "two unknown prefixes": (
        "a.ttl",
        b"@prefix e: <http://e/> .\ne:a no:b 1 .\ne:a e:b 1 .\ne:a nor:b 1 .\n",
        [("rdf-syntax", 2, "5"), ("rdf-syntax", 4, "5")],
    ),
    "two lines that are none": (
        "a.nt",
        b"a\n<http://e/a> <http://e/b> <http://e/c> .\nb\n",
        [("rdf-syntax", 1, "1"), ("rdf-syntax", 3, "1")],
    ),
    "an element that is not closed": (
        "a.rdf",
        b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n</r:RDG>',
        [("rdf-syntax", 2, "3")],
    ),
    "a document type": (
        "a.rdf",
        b'<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "&a;&a;">]><r/>',
        [("doctype", 2, None)],
    ),
    "a context elsewhere": (
        "a.jsonld",
        b'{\n "@context": "https://schema.org/", "@id": "http://e/a"}',
        [("remote-context", 2, None)],
    ),
    "nodes that are none": (
        "a.jsonld",
        b'{"@context": {}, "@graph": [\n{"@id": "http://e/a"},\n{"@id": 7},\n{"@type": 7}]}',
        [("rdf-syntax", 3, None), ("rdf-syntax", 4, None)],
    ),
    "no JSON": ("a.json", b'{"id": "a",\n, "b": 1}', [("rdf-syntax", 2, "1")]),
    "no object": ("a.json", b"7", [("rdf-syntax", 1, "1")]),
    "JSON without end": ("a.json", b"[" * 100_000, [("rdf-syntax", None, None)]),
    "nodes within nodes": ("a.ttl", b"<a:a> <a:a> " + b"[" * 5_000, [("rdf-limit", None, None)]),
    "a cut off file": (
        "a.nt.gz",
        gzip.compress(b"a" * 999)[:-9],
        [("damaged-packing", None, None)],
    ),
    "a cut off zstd file": (
        "a.nt.zst",
        zstandard.compress(bytes(range(256)))[:-9],
        [("damaged-packing", None, None)],
    ),
    "a bomb": ("a.nt.gz", gzip.compress(bytes(9_000_000)), [("unfolds-too-far", None, None)]),
}


@pytest.mark.parametrize("case", WRONG)
def test_all_that_is_wrong_is_told_with_its_place(case: str, pool: WorkerPool) -> None:
    name, content, expected = WRONG[case]
    submission = read_rdf(name, content, pool.parse)
    assert said(submission) == expected
    assert not submission.quads
    assert all(each.message_ja and each.message_en for each in submission.defects)


def test_an_empty_document_says_so(pool: WorkerPool) -> None:
    found = read_rdf("a.ttl", b"# nothing\n", pool.parse).defects
    assert [(each.code, each.severity) for each in found] == [("no-statements", "warning")]


def test_more_than_may_be_handed_in_is_refused_while_it_unfolds() -> None:
    with pytest.raises(BadPacking):
        unpacked(zstandard.compress(b"statement " * 50_000), 100_000)
    assert said(read_rdf("a.nt.gz", gzip.compress(bytes(2_000)), limits=Limits(upload_bytes=99)))


@pytest.mark.slow
def test_lines_are_streamed_in_flat_memory(tmp_path: Path, pool: WorkerPool) -> None:
    def peak(lines: int) -> int:
        path = tmp_path / f"{lines}.nt"
        with path.open("w") as file:
            file.writelines(f'_:{i % 9} <http://e/p> "value {i:0200}" .\n' for i in range(lines))
        tracemalloc.start()
        assert sum(1 for quad in stream_rdf(path, pool.parse)) == lines
        return tracemalloc.get_traced_memory()[1]

    try:
        assert peak(100_000) < 1.3 * peak(50_000)
    finally:
        tracemalloc.stop()


def test_errors_of_a_stream_are_told_together_at_its_end(tmp_path: Path, pool: WorkerPool) -> None:
    path = tmp_path / "a.nt"
    filler = b'<http://e/a> <http://e/p> "' + b"x" * 4_000_000 + b'" .\n'
    path.write_bytes(b"bad\n" + filler * 4 + b"bad\n")
    with pytest.raises(BadDocument) as caught:
        list(stream_rdf(path, pool.parse))
    assert (caught.value.line, [line for _, line, _ in caught.value.more]) == (1, [6])


def reloaded(release: Release, folder: Path, format: str, pool: WorkerPool) -> Release:
    """Gives a release written out and loaded into an empty data folder."""
    path = folder / f"release.{format}"
    with path.open("wb") as file:
        export(release, format, file)
    new = DataFolder(folder / "new")
    return new.publish(stream_rdf(path, pool.parse), who="tests")


@pytest.mark.parametrize("format", ["nq", "trig"])
def test_a_dataset_of_ours_loads_again_to_the_same_content(
    format: str, sample: EditionDataset, tmp_path: Path, pool: WorkerPool
) -> None:
    folder = DataFolder(tmp_path / "old")
    blank = Quad(NamedNode("urn:a"), NamedNode("urn:p"), NamedNode("urn:b"), graph("submission-2"))
    release = folder.publish([*sample.quads, blank], who="tests")
    again = reloaded(release, tmp_path, format, pool)
    assert again.manifest.hash == release.manifest.hash
    assert again.manifest.triples == release.manifest.triples


@pytest.mark.slow
def test_the_packaged_edition_loads_again_to_the_same_content(
    packaged_data: Path, tmp_path: Path, pool: WorkerPool
) -> None:
    release = DataFolder(packaged_data).current()
    assert release is not None
    again = reloaded(release, tmp_path, "nq", pool)
    assert again.manifest.content == release.manifest.content
