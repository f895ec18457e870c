"""The packaged edition into a data folder: what `build` does, and `serve` when it first starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

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
from ..loaders.edition import load_edition, packaged_editions
from .settings import Settings

Step = Callable[[str, float], None]
"""Is told what is being done, and how much of all is done."""

STEPS = (("tables", 0.05), ("statements", 0.35), ("inference", 0.55), ("writing", 0.7))
"""What a build does, and how much of it is done when each begins."""


@dataclass(frozen=True)
class Built:
    """What a build made: the release, and the account of the tables behind it."""

    release: Release
    edition: str
    account: list[TableAccount]


def build(settings: Settings, who: str, step: Step) -> Built:
    """Loads the newest packaged edition and publishes it with the ontology, inferred facts and all.

    Other graphs, such as those of submissions, stay as they are.
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
    edition = packaged_editions()[-1]
    account = check_account(edition)
    dataset = load_edition(edition)
    step("statements", at["statements"])
    quads = (*ontology_dataset(), *dataset.quads)
    release = folder.publish(
        Change(add=quads, drop=_rebuilt(folder)),
        who=who,
        why=f"packaged edition {dataset.edition}",
        kind="build",
        sources=[Source.of(path) for path in sorted(edition.glob("*.csv"))],
    )
    step("done", 1.0)
    return Built(release, dataset.edition, account)


def _rebuilt(folder: DataFolder) -> list[NamedNode]:
    """Gives the graphs that a build writes anew: those that no submission or publish filled."""
    current = folder.current()
    if current is None:
        return []
    kept = (GRAPH + "submission", GRAPH + "proposal")
    return [
        NamedNode(name)
        for name in current.manifest.graphs
        if name.startswith(GRAPH)
        and not name.startswith(kept)
        and name not in (PROVENANCE.value, INFERRED.value)
    ]
