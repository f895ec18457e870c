"""A release as a folder of plain files that depend on no engine: written, and brought back.

data.nq.gz      the N-Quads of all graphs, sorted; the default graph only where it is its own
archive.json    the SHA-256 of those lines, counts, and the content hash of the release
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import json
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from ..errors import HakushoError
from .changes import Change
from .content import Content
from .data_folder import DataFolder, Mode
from .durable import sync_files, write_file
from .layout import disk_errors
from .merge import DEFAULT
from .release import Release

DATA: Final = "data.nq.gz"
ABOUT: Final = "archive.json"
VERSION: Final = 1

RUN: Final = 200_000
_BLOCK: Final = 1 << 20


class BadArchive(HakushoError):
    """A folder that is no archive, or one that is not as it was written."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"archive {self.path}: {self.problem}"


@dataclass(frozen=True)
class Archive:
    """What an archive says of itself."""

    path: Path
    release: int
    created: str
    default_graph: Mode
    quads: int
    sha256: str
    content: Content
    graphs: dict[str, int]


def backup(release: Release, folder: Path) -> Archive:
    """Writes a release to a new folder as an archive, and gives what it says."""
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BadArchive(folder, "the folder has files in it; give a new one, or an empty one")
        manifest = release.manifest
        digest = hashlib.sha256()
        count = 0
        with (
            (folder / DATA).open("wb") as file,
            gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
        ):
            for line in _sorted(_lines(release)):
                digest.update(line)
                packed.write(line)
                count += 1
        graphs = {name: content.quads for name, content in manifest.graphs.items()}
        about = {
            "archive": VERSION,
            "release": manifest.number,
            "created": manifest.created,
            "tool": manifest.tool,
            "default_graph": manifest.default_graph,
            "quads": count,
            "sha256": digest.hexdigest(),
            "content": {"quads": manifest.content.quads, "hash": manifest.hash},
            "graphs": dict(sorted(graphs.items())),
        }
        write_file(folder / ABOUT, json.dumps(about, ensure_ascii=False, indent=2) + "\n")
        sync_files(folder)
    return read_about(folder)


def restore(folder: Path, archive: Path, who: str, **options: Any) -> Release:
    """Publishes an archive's content in the place of all there is, once it is seen to be whole."""
    about = read_about(archive)
    _check_bytes(about)
    data = DataFolder(folder, about.default_graph, **options)

    def check(made: Content) -> None:
        if made != about.content:
            raise BadArchive(archive, "what was rebuilt from it is not what was archived")

    names = [_graph(name) for name, count in about.graphs.items() if count == 0]
    change = Change(add=_quads(about), create=names)
    return data.restore(change, check, who=who, why=f"archive of release {about.release}")


def read_about(archive: Path) -> Archive:
    """Reads what an archive says of itself."""
    try:
        said = json.loads((archive / ABOUT).read_text(encoding="utf-8"))
        if said["archive"] != VERSION:
            raise BadArchive(archive, f"is of version {said['archive']}, not {VERSION}")
        return Archive(
            path=archive,
            release=int(said["release"]),
            created=str(said["created"]),
            default_graph="plain" if said["default_graph"] == "plain" else "merged",
            quads=int(said["quads"]),
            sha256=str(said["sha256"]),
            content=Content.parse(said["content"]["quads"], said["content"]["hash"]),
            graphs={str(name): int(count) for name, count in said["graphs"].items()},
        )
    except FileNotFoundError:
        raise BadArchive(archive, f"has no {ABOUT}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadArchive(archive, f"its {ABOUT} cannot be read ({error})") from error


def _check_bytes(about: Archive) -> None:
    digest = hashlib.sha256()
    lines = 0
    try:
        with gzip.open(about.path / DATA, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                lines += block.count(b"\n")
    except FileNotFoundError:
        raise BadArchive(about.path, f"has no {DATA}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise BadArchive(about.path, f"its {DATA} is damaged ({error})") from error
    if digest.hexdigest() != about.sha256:
        raise BadArchive(about.path, f"its {DATA} does not have the SHA-256 that it was given")
    if lines != about.quads:
        raise BadArchive(about.path, f"its {DATA} has {lines} lines, not {about.quads}")


def _quads(about: Archive) -> Iterator[Quad]:
    with gzip.open(about.path / DATA, "rb") as file:
        yield from parse(cast(IO[bytes], file), RdfFormat.N_QUADS)


def _lines(release: Release) -> Iterator[bytes]:
    store = release.engine()
    names: list[Any] = list(store.named_graphs())
    if release.manifest.default_graph == "plain":
        names.append(DEFAULT)
    for name in names:
        for quad in store.quads_for_pattern(None, None, None, name):
            yield f"{quad} .\n".encode()


def _sorted(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Gives lines in order; those that do not fit in memory wait in files that have no name."""
    with ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        while run := sorted(islice(lines, RUN)):
            if len(run) < RUN:
                runs.append(run)
                break
            file: IO[bytes] = files.enter_context(tempfile.TemporaryFile())
            file.writelines(run)
            file.seek(0)
            runs.append(file)
        yield from heapq.merge(*runs)


def _graph(name: str) -> NamedNode | BlankNode:
    return BlankNode(name.removeprefix("_:")) if name.startswith("_:") else NamedNode(name)
