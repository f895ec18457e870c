"""Edition folders into a data folder: what `build` does, and `serve` when it first starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from ..graph.inference import infer
from ..graph.names import GRAPH
from ..graph.ontology import ontology_dataset
from ..graph.releases.changes import Change
from ..graph.releases.data_folder import DataFolder
from ..graph.releases.manifest import Source
from ..graph.releases.merge import INFERRED
from ..graph.releases.provenance import PROVENANCE
from ..graph.releases.release import Release
from ..loaders.account import TableAccount, check_account
from ..loaders.combining import Combined, combine, in_order, withdrawn
from ..loaders.edition import packaged_editions, read_tables
from ..loaders.tables import Table
from .settings import Settings

Step = Callable[[str, float], None]
"""Is told what is being done, and how much of all is done."""

STEPS = (("tables", 0.05), ("statements", 0.35), ("inference", 0.55), ("writing", 0.7))
"""What a build does, and how much of it is done when each begins."""

KEPT = (GRAPH + "submission", GRAPH + "proposal", GRAPH + "provenance-submission")
"""How the names of graphs begin that no build touches."""


@dataclass(frozen=True)
class Built:
    """What a build made: the release, its editions, and the account of the tables behind each."""

    release: Release
    editions: tuple[str, ...]
    accounts: tuple[tuple[str, TableAccount], ...]
    superseded: int

    @property
    def edition(self) -> str:
        """The editions, as they are told of."""
        return ", ".join(self.editions)


def build(settings: Settings, who: str, step: Step, folders: Sequence[Path] = ()) -> Built:
    """Loads edition folders, the newest packaged one unless others are given, and publishes them
    with the ontology, inferred facts and all.

    Other graphs, such as those of submissions, stay as they are; what a submission says of a thing
    goes before what an edition said.
    """
    at = dict(STEPS)

    def inferring(store: Store) -> int:
        step("inference", at["inference"])
        count = infer(store)
        step("writing", at["writing"])
        return count

    folder = DataFolder(
        settings["data"],
        settings["default_graph"],
        infer=inferring,
        keep=settings["keep"],
        patience=settings["patience"],
    )
    step("tables", at["tables"])
    ordered = in_order(folders or packaged_editions()[-1:])
    combined = combine(ordered)
    accounts = _accounts(ordered)
    step("statements", at["statements"])
    release = folder.publish(
        _replacing(combined),
        who=who,
        why=f"editions {', '.join(each.edition for each in combined.editions)}",
        kind="build",
        sources=[Source.of(path) for each in ordered for path in sorted(each.glob("*.csv"))],
    )
    step("done", 1.0)
    named = zip(combined.editions, accounts, strict=True)
    return Built(
        release,
        tuple(each.edition for each in combined.editions),
        tuple((each.edition, table) for each, tables in named for table in tables),
        combined.superseded,
    )


def _accounts(ordered: Sequence[Path]) -> list[list[TableAccount]]:
    """Gives the accounts of edition folders, each after those to which its rows may refer."""
    earlier: list[Table] = []
    accounts = []
    for folder in ordered:
        accounts.append(check_account(folder, earlier=earlier))
        earlier += read_tables(folder)
    return accounts


def _replacing(combined: Combined) -> Callable[[Release | None], Change]:
    """Gives the change that puts editions in the place of those that a release has."""

    def change(current: Release | None) -> Change:
        quads: Iterable[Quad] = combined.quads
        if current is not None:
            gone = withdrawn(quads, _submitted(current))
            quads = (quad for quad in quads if quad not in gone)
        return Change(add=[*ontology_dataset(), *quads], drop=_rebuilt(current))

    return change


def _submitted(current: Release) -> Iterator[Quad]:
    """Gives what submissions say, whose latest word has taken the place of an edition's."""
    store = current.engine()
    for name in current.manifest.graphs:
        if name.startswith(GRAPH + "submission"):
            yield from store.quads_for_pattern(None, None, None, NamedNode(name))


def _rebuilt(current: Release | None) -> list[NamedNode]:
    """Gives the graphs that a build writes anew: those that no submission or publish filled."""
    if current is None:
        return []
    return [
        NamedNode(name)
        for name in current.manifest.graphs
        if name.startswith(GRAPH)
        and not name.startswith(KEPT)
        and name not in (PROVENANCE.value, INFERRED.value)
    ]
