"""A submission beside a release: what it would change, what it does change, and from where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from hakusho.graph.names import PREFIXES, expand, graph, term, thing
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.release import Release
from hakusho.loaders.checking import Refused, Report, change_of, check, publish
from hakusho.loaders.edition import EditionDataset, packaged_editions
from hakusho.loaders.references import known_to
from hakusho.loaders.submission import Submission, SubmittedFile, read_submission

pytestmark = pytest.mark.slow

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
PAGE = "https://www.soumu.go.jp/johotsusintokei/whitepaper/ja/r07/html/nd111110.html"
HEADER = (
    "id,label_ja,label_en,summary_ja,summary_en,kind,status,start_date,lead_org_id,section_id,"
    "page_url,evidence\n"
)
NEW = (
    "new-policy,新しい施策,A new policy,概要。,Summary.,programme,ongoing,2025,mic,r07-p1-c1-s1,"
    f"{PAGE},edition\n"
)
AI_ACT = thing("policy", "ai-act")


@pytest.fixture(scope="module")
def begun(sample: EditionDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small edition, to be copied."""
    path = tmp_path_factory.mktemp("checking") / "data"
    # What follows from it is no matter here, and takes time to be worked out.
    DataFolder(path, infer=None).publish([*ontology_dataset(), *sample.quads], who="tests")
    return path


@pytest.fixture
def folder(begun: Path, tmp_path: Path) -> DataFolder:
    """A data folder with the small edition."""
    return DataFolder(shutil.copytree(begun, tmp_path / "data"), infer=None)


def current(folder: DataFolder) -> Release:
    release = folder.current()
    assert release is not None
    return release


def submission(folder: DataFolder, **files: str) -> Submission:
    """Gives what CSV tables say, each under its name."""
    release = folder.current()
    known = known_to(None if release is None else release.engine())
    named = [(f"{name}.csv", text.encode()) for name, text in files.items()]
    return read_submission(named, known, edition="r07")


def stated(*quads: Quad) -> Submission:
    """Gives statements as a file of RDF has them."""
    file = SubmittedFile("data.nq", "application/n-quads", "0" * 64, len(quads))
    subjects = dict.fromkeys(quad.subject for quad in quads)
    return Submission(
        (file,), quads, tuple(each for each in subjects if isinstance(each, NamedNode))
    )


def codes(report: Report) -> list[str]:
    return [each.code for each in report.findings]


def labels(folder: DataFolder, subject: NamedNode) -> dict[str, tuple[str, str]]:
    """Gives the labels of a thing by language, each with the graph that has it."""
    found = current(folder).engine().quads_for_pattern(subject, LABEL, None, None)
    return {
        quad.object.language: (quad.object.value, quad.graph_name.value)
        for quad in found
        if isinstance(quad.object, Literal)
        and quad.object.language
        and isinstance(quad.graph_name, NamedNode)
    }


def test_checking_changes_nothing(folder: DataFolder) -> None:
    before = current(folder).manifest
    report = check(submission(folder, policies=HEADER + NEW), folder)
    assert (report.passes, report.base, report.rows) == (True, 1, 1)
    assert [release.number for release in folder.releases()] == [1]
    assert current(folder).manifest == before


def test_a_publish_goes_into_a_graph_of_its_own(folder: DataFolder) -> None:
    done = publish(submission(folder, policies=HEADER + NEW), folder, who="curator", why="new")
    assert (done.new, done.release.number, done.release.manifest.who) == (True, 2, "curator")
    added = labels(folder, thing("policy", "new-policy"))
    assert added["ja"] == ("新しい施策", graph("submission-2").value)
    assert done.release.manifest.sources[0].name == "policies.csv"


def test_the_difference_tells_what_is_new_and_what_is_changed(folder: DataFolder) -> None:
    text = HEADER + NEW + "ai-act,AI新法,,,,,in-force,,,,,\n"
    diff = check(submission(folder, policies=text), folder).diff
    changed, added = ({each.subject: each for each in diff.things if each.how == how} for how in
                      ("changed", "added"))  # fmt: skip
    assert thing("policy", "new-policy") in added
    (label,) = changed[AI_ACT].properties
    assert label.property == LABEL
    assert (label.removed, label.added) == (
        (Literal("AI法", language="ja"),),
        (Literal("AI新法", language="ja"),),
    )
    assert diff.others[AI_ACT.value] == ("r07",)
    assert diff.is_of_others(changed[AI_ACT])
    assert not diff.is_of_others(added[thing("policy", "new-policy")])
    assert diff.label(AI_ACT.value, "ja") == "AI新法"


def test_a_cell_takes_the_place_of_what_was_said_and_an_empty_one_leaves_it(
    folder: DataFolder,
) -> None:
    publish(submission(folder, policies="id,label_ja,status\nai-act,AI新法,\n"), folder, who="x")
    found = labels(folder, AI_ACT)
    assert found["ja"] == ("AI新法", graph("submission-2").value)
    assert found["en"] == ("AI Act", graph("r07").value)
    status = current(folder).engine().quads_for_pattern(AI_ACT, term("status"), None, graph("r07"))
    assert next(status, None) is not None


def test_a_section_that_is_described_is_no_longer_placed(folder: DataFolder) -> None:
    subject = thing("policy", "quantum-project")
    text = f"id,section_id,page_url,evidence\nquantum-project,r07-p1-c1-s1,{PAGE},edition\n"
    publish(submission(folder, policies=text), folder, who="x")
    store = current(folder).engine()
    found = [
        next(store.quads_for_pattern(subject, term(name), None, None), None) is not None
        for name in ("describedIn", "placedIn")
    ]
    assert found == [True, False]


def test_the_same_again_makes_no_release(folder: DataFolder) -> None:
    first = publish(submission(folder, policies=HEADER + NEW), folder, who="x")
    again = publish(submission(folder, policies=HEADER + NEW), folder, who="y")
    assert (first.new, again.new, again.release.number) == (True, False, 2)
    assert again.report.diff.things == ()


def test_where_a_thing_comes_from_is_kept(folder: DataFolder) -> None:
    handed_in = submission(folder, policies=HEADER + "\n" + NEW)
    publish(handed_in, folder, who="curator")
    subject = thing("policy", "new-policy")
    derived = NamedNode(expand("prov:wasDerivedFrom"))
    name = graph("provenance-submission-2")
    (quad,) = current(folder).engine().quads_for_pattern(subject, derived, None, name)
    row = f"{thing('file', handed_in.files[0].sha256).value}#row=3"
    assert quad.object == NamedNode(row)


def test_what_is_refused_changes_nothing_and_is_told(folder: DataFolder) -> None:
    wrong = HEADER + NEW + NEW.replace("new-policy", "second").replace("programme", "poem")
    with pytest.raises(Refused, match="poem") as refused:
        publish(submission(folder, policies=wrong), folder, who="x")
    assert codes(refused.value.report) == ["unknown-code"]
    assert current(folder).number == 1


def test_a_report_of_an_older_release_is_not_believed(folder: DataFolder) -> None:
    second = term("status"), thing("policy-status", "ongoing")
    one = stated(Quad(thing("policy", "quantum-project"), *second, DefaultGraph()))
    other = submission(folder, policies="id,status\nquantum-project,completed\n")
    report = check(one, folder)
    assert report.passes and not report.diff.things
    publish(other, folder, who="first")
    # What said nothing new before contradicts what has come in between.
    with pytest.raises(Refused) as refused:
        publish(one, folder, who="second", report=report)
    assert "policy-status" in codes(refused.value.report)
    assert refused.value.report.base == 2
    assert current(folder).manifest.who == "first"


def test_a_data_folder_without_a_release_begins_with_the_ontology(tmp_path: Path) -> None:
    empty = DataFolder(tmp_path / "empty", infer=None)
    text = f"id,label_ja,label_en,kind,page_url,evidence\nmic,総務省,MIC,ministry,{PAGE},edition\n"
    handed_in = submission(empty, organizations=text)
    report = check(handed_in, empty)
    assert (report.passes, report.base) == (True, None), codes(report)
    done = publish(handed_in, empty, who="x", report=report)
    assert {graph("ontology").value, graph("submission-1").value} <= set(
        done.release.manifest.graphs
    )


def test_a_default_graph_of_its_own_is_left_alone(tmp_path: Path) -> None:
    plain = DataFolder(tmp_path / "plain", "plain")
    text = f"id,label_ja,label_en,kind,page_url,evidence\nmic,総務省,MIC,ministry,{PAGE},edition\n"
    publish(submission(plain, organizations=text), plain, who="x")
    publish(submission(plain, organizations=text.replace("MIC", "Ministry")), plain, who="x")
    manifest = current(plain).manifest
    assert manifest.default.quads == 0
    assert labels(plain, thing("organization", "mic"))["en"] == (
        "Ministry",
        graph("submission-2").value,
    )


def test_an_export_comes_back_to_the_same_content(folder: DataFolder, tmp_path: Path) -> None:
    publish(submission(folder, policies=HEADER + NEW), folder, who="x")
    release = current(folder)
    quads = [quad for quad in release.engine() if quad.graph_name != DefaultGraph()]
    again = DataFolder(tmp_path / "again", infer=None)
    # The small edition does not keep to the shapes, so it is not checked.
    done = again.publish(lambda empty: change_of(stated(*quads), empty), who="y")
    assert done.manifest.hash == release.manifest.hash
    # In the folder that it came from, there is nothing new in it.
    assert not publish(stated(*quads), folder, who="z").new
    merged = [quad for quad in release.engine() if quad.graph_name == DefaultGraph()]
    assert not publish(stated(*merged), folder, who="z").new


def test_a_submission_does_not_mix_with_one_that_an_export_brought(
    folder: DataFolder, tmp_path: Path
) -> None:
    publish(submission(folder, policies=HEADER + NEW), folder, who="x")
    quads = [quad for quad in current(folder).engine() if quad.graph_name != DefaultGraph()]
    again = DataFolder(tmp_path / "again", infer=None)
    again.publish(lambda empty: change_of(stated(*quads), empty), who="y")
    other = NEW.replace("new-policy", "other-policy")
    publish(submission(again, policies=HEADER + other), again, who="y")
    added = labels(again, thing("policy", "other-policy"))
    assert added["ja"][1] == graph("submission-2-2").value


def test_statements_about_the_things_of_others_are_shown_as_such(folder: DataFolder) -> None:
    note = Quad(
        AI_ACT, NamedNode(expand("skos:note")), Literal("注", language="ja"), DefaultGraph()
    )
    report = check(stated(note), folder)
    (change,) = report.diff.things
    assert (change.subject, change.how) == (AI_ACT, "changed")
    assert report.diff.others == {AI_ACT.value: ("r07",)}


def test_the_change_names_the_release_that_it_makes(folder: DataFolder) -> None:
    publish(submission(folder, policies=HEADER + NEW), folder, who="x")
    folder.rollback(1, who="x")
    change = change_of(submission(folder, policies=HEADER + NEW), folder.current())
    names = {quad.graph_name for quad in change.add}
    assert names == {graph("submission-4"), graph("provenance-submission-4")}


def test_what_follows_from_a_bad_row_is_not_told_as_well(folder: DataFolder) -> None:
    header = HEADER.replace("page_url", "addresses_challenge_ids,page_url")
    row = NEW.replace(f",{PAGE}", f",ai-risk,{PAGE}").replace("programme", "poem")
    assert codes(check(submission(folder, policies=header + row), folder)) == ["unknown-code"]


def test_the_same_fault_in_many_rows_is_one_finding(folder: DataFolder) -> None:
    rows = "".join(NEW.replace("new-policy", f"p-{i}").replace("mic", "soumu") for i in range(9))
    (found,) = check(submission(folder, policies=HEADER + rows), folder).findings
    assert (found.code, found.count) == ("unknown-thing", 9)
    assert [each.place.row for each in found.occurrences if each.place] == [*range(2, 11)]


def test_the_packaged_tables_have_nothing_wrong_and_say_nothing_new(
    packaged: EditionDataset, tmp_path: Path
) -> None:
    tables = {path.stem: path.read_text("utf-8") for path in packaged_editions()[-1].glob("*.csv")}
    folder = DataFolder(tmp_path / "data", infer=None)
    alone = check(submission(folder, **tables), folder)
    assert (alone.findings, alone.base) == ((), None)
    folder.publish([*ontology_dataset(), *packaged.quads], who="tests")
    report = check(submission(folder, **tables), folder)
    assert (report.findings, report.diff.things) == ((), ())
    assert not publish(submission(folder, **tables), folder, who="x", report=report).new
