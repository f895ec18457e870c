"""What is written down about a release, once, when it is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any, Final

from ..errors import HakushoError
from ..names import graph
from .content import Content

PROVENANCE: Final = graph("provenance").value
INFERRED: Final = graph("inferred").value


class BadManifest(HakushoError):
    """A manifest that cannot be read; `problem` says why."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


@dataclass(frozen=True)
class Source:
    """A file that a publish read: its name, the SHA-256 of its bytes, and the graph it went to."""

    name: str
    sha256: str
    graph: str | None = None

    @classmethod
    def of(cls, path: Path, graph: str | None = None) -> Source:
        """Describes a file on disk."""
        with path.open("rb") as file:
            return cls(path.name, hashlib.file_digest(file, "sha256").hexdigest(), graph)


@dataclass(frozen=True)
class StoreFile:
    """A file of a release's store as it was when the release was made."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Difference:
    """How many triples a graph gained and lost."""

    added: int = 0
    removed: int = 0


@dataclass(frozen=True)
class Manifest:
    """A release: its number and origin, its graphs with their contents, and its store's files.

    `default_graph` is `merged` where the default graph is the distinct merge of the others, and
    `plain` where it is a graph of its own; `default` is its content, of which only the count is
    known when it is merged. `rules` tells by which rules what follows was worked out, and is empty
    where it was not, or nobody knows.
    """

    number: int
    created: str
    kind: str
    who: str
    why: str
    tool: str
    parent: int | None
    default_graph: str
    default: Content
    graphs: Mapping[str, Content]
    rules: str = ""
    changed: Mapping[str, Difference] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    files: Mapping[str, StoreFile] = field(default_factory=dict)

    @property
    def content(self) -> Content:
        """The content of the release: of all graphs but the one that says how it came about."""
        return content_of(self.graphs, self.default if self.default_graph == "plain" else None)

    @property
    def hash(self) -> str:
        """The hash of the content, by which releases with the same statements are known."""
        return self.content.hash

    @property
    def triples(self) -> int:
        """How many triples the default graph has."""
        return self.default.quads

    def to_json(self) -> str:
        """Writes the manifest as JSON."""
        content = self.content
        said: dict[str, Any] = {
            "number": self.number,
            "created": self.created,
            "kind": self.kind,
            "who": self.who,
            "why": self.why,
            "tool": self.tool,
            "parent": self.parent,
            "rules": self.rules,
            "content": {"quads": content.quads, "hash": content.hash},
            "default_graph": {
                "mode": self.default_graph,
                "triples": self.default.quads,
                **({"hash": self.default.hash} if self.default_graph == "plain" else {}),
            },
            "graphs": {
                name: {"triples": c.quads, "hash": c.hash}
                for name, c in sorted(self.graphs.items())
            },
            "changed": {
                name: {"added": d.added, "removed": d.removed}
                for name, d in sorted(self.changed.items())
            },
            "sources": [
                {"name": s.name, "sha256": s.sha256, "graph": s.graph} for s in self.sources
            ],
            "files": {
                name: {"size": f.size, "sha256": f.sha256} for name, f in sorted(self.files.items())
            },
        }
        return json.dumps(said, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Reads a manifest, and refuses one that does not agree with itself."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            manifest = cls._of_json(said)
            content = manifest.content
            agrees = said["content"] == {"quads": content.quads, "hash": content.hash}
        except OSError as error:
            raise BadManifest(path, f"cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadManifest(path, "is not a manifest") from error
        if not agrees:
            raise BadManifest(path, "its content is not that of its graphs")
        return manifest

    @classmethod
    def _of_json(cls, said: Mapping[str, Any]) -> Manifest:
        default = said["default_graph"]
        return cls(
            number=int(said["number"]),
            created=str(said["created"]),
            kind=str(said["kind"]),
            who=str(said["who"]),
            why=str(said["why"]),
            tool=str(said["tool"]),
            parent=said["parent"],
            rules=str(said.get("rules", "")),
            default_graph=str(default["mode"]),
            default=Content.parse(default["triples"], default.get("hash", "0")),
            graphs={n: Content.parse(g["triples"], g["hash"]) for n, g in said["graphs"].items()},
            changed={n: Difference(d["added"], d["removed"]) for n, d in said["changed"].items()},
            sources=tuple(Source(s["name"], s["sha256"], s["graph"]) for s in said["sources"]),
            files={n: StoreFile(f["size"], f["sha256"]) for n, f in said["files"].items()},
        )


def content_of(graphs: Mapping[str, Content], default: Content | None) -> Content:
    """Gives the content of graphs and, where it is one of its own, of the default graph.

    The graph that says where they come from is left out: the same statements on another day are
    the same content.
    """
    parts = [content for name, content in graphs.items() if name != PROVENANCE]
    return reduce(Content.__add__, parts, default or Content())
