"""Several editions in one release, a new one laid out, and the difference between two.

The second edition, `tests/data/editions/r08`, is invented.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.errors import BadEdition, BadTables
from hakusho.graph.inference import infer
from hakusho.graph.names import expand, graph, shorten, term, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.merge import put
from hakusho.graph.terms import text
from hakusho.graph.validation.full import validate
from hakusho.loaders.combining import Combined, combine
from hakusho.loaders.edition import EditionDataset, load_edition, packaged_editions
from hakusho.loaders.edition_changes import EditionChange, changes
from hakusho.loaders.new_edition import lay_out
from hakusho.queries.catalogue import ask
from hakusho.server.matrix import editions, matrix

R07 = packaged_editions()[-1]
R08 = Path(__file__).parent / "data" / "editions" / "r08"
NOTICE = thing("policy", "notice")


@pytest.fixture(scope="module")
def both() -> Combined:
    """The packaged edition and the invented one after it, whatever order they are named in."""
    return combine([R08, R07])


@pytest.fixture(scope="module")
def stated(both: Combined) -> Store:
    store = Store()
    store.extend(both.quads)
    return store


@pytest.fixture(scope="module")
def together(both: Combined) -> EmbeddedStore:
    """Both as a release holds them."""
    store = EmbeddedStore()
    put(store.engine, [*ontology_dataset(), *both.quads])
    infer(store.engine)
    return store


def said(store: Store, subject: NamedNode, name: str, within: str) -> set[str]:
    found = store.quads_for_pattern(subject, NamedNode(expand(name)), None, graph(within))
    return {getattr(quad.object, "value", "") for quad in found}


# --- two editions together -----------------------------------------------------------------------


def test_editions_come_in_the_order_of_their_publication(both: Combined) -> None:
    assert [each.edition for each in both.editions] == ["r07", "r08"]


def test_what_a_later_edition_says_of_a_thing_takes_the_place_of_what_was_said(
    stated: Store,
) -> None:
    assert said(stated, NOTICE, "hk:status", "r08") == {thing("policy-status", "completed").value}
    assert said(stated, NOTICE, "hk:status", "r07") == set()
    assert said(stated, NOTICE, "hk:status", "superseded-r07") == {
        thing("policy-status", "ongoing").value
    }


def test_what_a_later_edition_leaves_empty_stays_as_it_was(stated: Store) -> None:
    assert said(stated, NOTICE, "hk:ledBy", "r07") == {thing("organization", "nict").value}
    assert len(said(stated, NOTICE, "dcterms:description", "r07")) == 2


def test_a_thing_has_its_place_in_each_edition(stated: Store) -> None:
    assert said(stated, NOTICE, "hk:describedIn", "r07") == {
        thing("part", "r07-p2-c2-s5-2-1").value
    }
    assert said(stated, NOTICE, "hk:describedIn", "r08") == {thing("part", "r08-p2-c2-s4").value}


def test_a_link_of_another_edition_is_another_link_with_its_own_page(stated: Store) -> None:
    first, second = (
        thing("link", f"notice_addresses_cybersecurity{edition}") for edition in ("", "_r08")
    )
    for link, edition in ((first, "r07"), (second, "r08")):
        assert said(stated, link, "hk:edition", edition) == {thing("whitepaper", edition).value}
        assert len(said(stated, link, "hk:page", edition)) == 1
    assert said(stated, second, "hk:assertion", "r08") == {term("stated").value}
    assert said(stated, first, "hk:assertion", "r07") == {term("assigned").value}


@pytest.mark.slow
def test_the_packaged_edition_alone_is_as_it_was(packaged: EditionDataset) -> None:
    alone = combine([R07])
    assert (set(alone.quads), alone.superseded) == (set(packaged.quads), 0)


@pytest.mark.slow
def test_two_printed_values_stay_two_observations(together: EmbeddedStore) -> None:
    rows = ask(
        together, "editions/changes", lang="en", before="whitepaper/r07", after="whitepaper/r08"
    ).rows
    revised = [
        (text(row["from"]), text(row["to"])) for row in rows if text(row["change"]) == "revised"
    ]
    assert revised == [
        ("Internet use rate (individuals) (Japan) 2024: 85.6 per cent", "85.7 per cent")
    ]


@pytest.mark.slow
def test_two_editions_keep_to_the_shapes_together(together: EmbeddedStore) -> None:
    merged = together.engine.quads_for_pattern(None, None, None, DefaultGraph())
    assert [each for each in validate(merged) if each.severity == "violation"] == []


@pytest.mark.slow
def test_each_edition_has_its_matrix(together: EmbeddedStore) -> None:
    assert [each.id for each in editions(together, "en")] == ["r08", "r07"]
    newest, older = matrix(together, "en"), matrix(together, "en", "r07")
    assert [column.id for column in newest.columns] == [
        "part/r08-p2-c2-s1",
        "part/r08-p2-c2-s2",
        "part/r08-p2-c2-s4",
        "part/r08-p2-c2-s10",
        "part/r08-p1",
    ]
    assert len(older.columns) == 10
    cells = {
        (row.id, cell.column.id): (cell.policies, cell.stated)
        for row in newest.rows
        for cell in row.cells
        if cell.policies
    }
    assert cells["challenge/cybersecurity", "part/r08-p2-c2-s4"] == (1, 1)
    assert cells["challenge/imaginary-quantum-threat", "part/r08-p2-c2-s10"] == (1, 0)


def test_one_edition_cannot_be_built_twice(tmp_path: Path) -> None:
    copy = tmp_path / "again"
    shutil.copytree(R08, copy)
    with pytest.raises(BadEdition, match="is the same edition r08"):
        combine([R08, copy])


def test_an_edition_that_refers_to_an_earlier_one_is_not_built_without_it() -> None:
    with pytest.raises((BadEdition, BadTables), match="organizations.csv"):
        load_edition(R08)


@pytest.mark.slow
def test_a_thing_merged_away_by_a_later_edition_may_have_a_row_in_an_earlier(
    tmp_path: Path,
) -> None:
    copy = tmp_path / "r08"
    shutil.copytree(R08, copy)
    path = copy / "merges.csv"
    old = (R07 / "policies.csv").read_text(encoding="utf-8").splitlines()[1].partition(",")[0]
    path.write_text(path.read_text().replace("imaginary-old-office", old))
    merged = combine([R07, copy])
    found = {
        shorten(getattr(quad.object, "value", ""))
        for quad in merged.quads
        if quad.subject == thing("policy", old)
        and quad.predicate.value == expand("dcterms:isReplacedBy")
    }
    assert found == {"policy/imaginary-quantum-office"}


# --- a new edition -------------------------------------------------------------------------------


def test_a_new_edition_is_laid_out_with_every_table_and_every_key(tmp_path: Path) -> None:
    made = lay_out("r09", tmp_path / "r09")
    tables = {path.stem for path in made if path.suffix == ".csv"}
    assert tables == {path.stem for path in R07.glob("*.csv")}
    for path in made:
        if path.suffix == ".csv":
            header = (R07 / path.name).read_text(encoding="utf-8").splitlines()[0]
            assert path.read_text(encoding="utf-8") == header + "\n"
    assert 'title_ja = "令和9年版情報通信白書"' in (tmp_path / "r09" / "edition.toml").read_text()


def test_an_unfilled_edition_says_all_that_is_missing_at_once(tmp_path: Path) -> None:
    lay_out("r09", tmp_path / "r09")
    with pytest.raises(BadEdition) as caught:
        combine([R07, tmp_path / "r09"])
    assert caught.value.problem == ("edition.toml does not say published; sections.csv has no row")
    assert caught.value.problem_ja == (
        "edition.toml に published がありません、sections.csv に行がありません"
    )


def test_a_filled_edition_with_other_numbers_of_rows_says_which(tmp_path: Path) -> None:
    copy = tmp_path / "r08"
    shutil.copytree(R08, copy)
    about = (copy / "edition.toml").read_text(encoding="utf-8")
    about = about.replace("policies = 3", "policies = 4").replace('"mic"', '"mik"')
    (copy / "edition.toml").write_text(about, encoding="utf-8")
    with pytest.raises(BadEdition) as caught:
        combine([R07, copy])
    assert caught.value.problem == (
        "policies has 3 rows, not the 4 expected; "
        'publisher_org_id "mik" is in no row of organizations.csv'
    )


@pytest.mark.parametrize("code", ["x08", "r8", "2026", "../r08"])
def test_what_is_no_code_of_an_edition_is_refused(code: str, tmp_path: Path) -> None:
    with pytest.raises(BadEdition, match="is no code of an edition"):
        lay_out(code, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_with_files_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").touch()
    with pytest.raises(BadEdition, match="has files in it"):
        lay_out("r08", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


# --- the difference ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> list[EditionChange]:
    return changes(R07, R08)


CHANGES = {
    ("part", "renamed", "r08-p2-c2-s2"): ("電気通信事業政策の動向", "架空の通信政策の動向"),
    ("part", "moved", "r08-p2-c2-s4"): ("p2-c2-s5", "p2-c2-s4"),
    ("part", "new", "r08-p2-c2-s10"): ("", "p2-c2-s10"),
    ("part", "dropped", "r07-p2-c2-s4"): ("p2-c2-s4", ""),
    ("policy", "new", "imaginary-quantum-office"): ("", "p2-c2-s10 架空の量子政策の動向"),
    ("policy", "renamed", "notice"): (
        "NOTICE（National Operation Towards IoT Clean Environment）",
        "NOTICEプログラム",
    ),
    ("policy", "moved", "ai-promotion-act"): (
        "p2-c2-s6 ICT利活用の推進",
        "p2-c2-s1 総合的なICT政策の推進",
    ),
    ("challenge", "new", "imaginary-quantum-threat"): ("", "p2-c2-s10 架空の量子政策の動向"),
    ("indicator", "new", "imaginary-quantum-links"): ("", "p2-c2-s10 架空の量子政策の動向"),
    ("observation", "revised", "internet-use-individual_2024_JP"): (
        "85.6 percent",
        "85.7 percent",
    ),
}


def test_the_difference_tells_each_way_of_changing(found: list[EditionChange]) -> None:
    told = {(each.kind, each.how, each.id): (each.before, each.after) for each in found}
    assert CHANGES.items() <= told.items()
    counts = Counter((each.kind, each.how) for each in found)
    assert counts["policy", "dropped"] == 240
    assert (counts["policy", "new"], counts["observation", "revised"]) == (1, 1)


def test_an_edition_differs_in_nothing_from_itself() -> None:
    assert changes(R07, R07) == []


@pytest.mark.slow
def test_the_question_says_the_same_as_the_folders(
    together: EmbeddedStore, found: list[EditionChange]
) -> None:
    rows = ask(
        together, "editions/changes", lang="ja", before="whitepaper/r07", after="whitepaper/r08"
    ).rows
    asked = {(text(row["change"]), text(row["thing"])) for row in rows}
    of_things = ("policy", "challenge", "indicator")
    told = {(each.how, f"{each.kind}/{each.id}") for each in found if each.kind in of_things}
    assert told <= asked
    retitled = {slug for how, slug in asked if how == "retitled"}
    assert retitled == {
        f"part/{each.id}" for each in found if (each.kind, each.how) == ("part", "renamed")
    }


@pytest.mark.slow
def test_a_name_that_was_given_up_is_found_beside(together: EmbeddedStore) -> None:
    label = NamedNode(expand("rdfs:label"))
    old = Literal("NOTICE（National Operation Towards IoT Clean Environment）", language="ja")
    where = {
        getattr(quad.graph_name, "value", "")
        for quad in together.engine.quads_for_pattern(NOTICE, label, old, None)
    }
    assert where == {graph("superseded-r07").value}
