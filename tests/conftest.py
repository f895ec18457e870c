"""What several test files share: the small data of `tests/data`, and the packaged edition."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store, parse

from hakusho.graph.embedded import EmbeddedStore
from hakusho.graph.inference import infer
from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.graph.releases.merge import put
from hakusho.loaders.edition import EditionDataset, load_edition, packaged_editions
from hakusho.loaders.references import References, known_to
from hakusho.server.app import create_app
from hakusho.server.service import Service

DATA = Path(__file__).parent / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the one flag that writes the expected rows of the questions anew."""
    parser.addoption(
        "--renew-snapshots",
        action="store_true",
        help="write tests/snapshots anew from the answers of today; look at the diff",
    )


APART = ("engines", "browser", "slow", "soak", "suites")
"""What tests are marked with that only run when they are asked for."""

_LEFT_OUT = pytest.StashKey[Counter[str]]()
_NONE: Counter[str] = Counter()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Counts the tests that were left out, by what they need."""
    for item in items:
        found = item.config.stash.setdefault(_LEFT_OUT, Counter())
        found.update([next(filter(item.get_closest_marker, APART), "other")])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hands the counts on, where this is one process of several that all know them."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        left_out = session.config.stash.get(_LEFT_OUT, _NONE)
        output["left_out"] = dict(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Takes the counts that a process handed on."""
    handed = getattr(node, "workeroutput", {}).get("left_out", {})
    node.config.stash[_LEFT_OUT] = Counter(handed)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Says aloud what was left out, and how it is run."""
    left_out = config.stash.get(_LEFT_OUT, _NONE)
    told = ", ".join(f"{left_out[name]} {name}" for name in APART if left_out[name])
    if told:
        terminalreporter.write_line(f"left out: {told}; `pytest -m NAME` runs those of that name")


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    """The folder of a small edition: a few rows of each table."""
    return DATA / "edition"


@pytest.fixture(scope="session")
def sample(sample_folder: Path) -> EditionDataset:
    """The small edition, loaded."""
    return load_edition(sample_folder)


@pytest.fixture(scope="session")
def small_data(sample: EditionDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the ontology and the small edition in one release: to be read, or to be
    copied by whoever writes."""
    path = tmp_path_factory.mktemp("small") / "data"
    DataFolder(path).publish([*ontology_dataset(), *sample.quads], who="tests")
    return path


@pytest.fixture(scope="session")
def packaged() -> EditionDataset:
    """The newest packaged edition, loaded."""
    return load_edition(packaged_editions()[-1])


@pytest.fixture(scope="session")
def packaged_store(packaged: EditionDataset) -> EmbeddedStore:
    """The newest packaged edition and the ontology, merged and inferred as a release holds them."""
    store = EmbeddedStore()
    put(store.engine, [*ontology_dataset(), *packaged.quads])
    infer(store.engine)
    return store


@pytest.fixture(scope="session")
def packaged_data(packaged: EditionDataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the ontology and the newest packaged edition in one release: to be read,
    or to be copied by whoever writes."""
    path = tmp_path_factory.mktemp("packaged") / "data"
    DataFolder(path).publish([*ontology_dataset(), *packaged.quads], who="tests")
    return path


@pytest.fixture
def known(packaged_store: EmbeddedStore) -> References:
    """What the packaged edition knows; each test may add to it."""
    return known_to(packaged_store.engine)


@pytest.fixture
def edited(sample_folder: Path, tmp_path: Path) -> Callable[..., Path]:
    """Copies the small edition with one text of one of its files replaced by another."""

    def edit(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "edition"
        if not folder.exists():
            shutil.copytree(sample_folder, folder)
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{file} does not have {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


@pytest.fixture(scope="session")
def make_store() -> Callable[..., Path]:
    """Writes a store on disk: so many things, each with a label, a number and a successor."""

    def make(path: Path, things: int = 60) -> Path:
        store = Store(str(path))
        store.load(
            "PREFIX ex: <http://example.org/> "
            + "".join(
                f'ex:{i} ex:label "thing {i}"@en ; ex:number {i} ; ex:next ex:{i + 1} . '
                for i in range(things)
            ),
            RdfFormat.TURTLE,
        )
        store.flush()
        return path

    return make


@pytest.fixture(scope="session")
def matrix_data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with one release: the ontology and the white paper in little."""
    data = DataFolder(tmp_path_factory.mktemp("matrix"))
    quads = parse(path=DATA / "matrix.trig", format=RdfFormat.TRIG)
    data.publish([*quads, *ontology_dataset()], who="tests")
    return data


@pytest.fixture(scope="session")
def matrix_store(matrix_data: DataFolder) -> EmbeddedStore:
    """The store of the white paper in little."""
    release = matrix_data.current()
    assert release is not None
    return release.open()


@pytest.fixture(scope="session")
def client(matrix_data: DataFolder, matrix_store: EmbeddedStore) -> FlaskClient:
    """A client of the application over the white paper in little; nobody may write."""
    return create_app(Service(matrix_data, matrix_store)).test_client()
