"""A publisher that is killed at any moment: its proposal is open and no release was made, or it is
published and the release is whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hakusho.graph.ontology import ontology_dataset
from hakusho.graph.releases.data_folder import DataFolder
from hakusho.loaders.edition import EditionDataset
from hakusho.loaders.proposals import Proposals

HEADER = "id,label_ja,label_en,kind,page_url,evidence\n"
ROW = "office-{n},役所{n},Office {n},ministry,https://www.example.go.jp/{n},official\n"
COMMAND = [sys.executable, "-c", "from hakusho.server.cli import main; main()"]


@pytest.mark.slow
def test_a_killed_publish_of_a_proposal_has_happened_or_has_not(
    sample: EditionDataset, tmp_path: Path
) -> None:
    data = DataFolder(tmp_path / "data", patience=20)
    data.publish([*sample.quads, *ontology_dataset()], who="tests")
    chance = random.Random(11)
    outcomes = set()
    whole = _publish(data, 0, None)
    for n in range(1, 9):
        _publish(data, n, whole * chance.uniform(0.3, 1.1))
        proposal = Proposals(data).get(n + 1)
        # The newest may not have been named as current yet: the next writer does that.
        current = data.releases()[-1]
        current.check(thoroughly=True)
        made = f"office-{n}" in {
            quad.subject.value.rpartition("/")[2]  # type: ignore[union-attr]
            for quad in current.engine().quads_for_pattern(None, None, None, None)
        }
        assert (proposal.state == "published") == made
        if made:
            assert proposal.decision is not None and proposal.decision.release == current.number
        outcomes.add(proposal.state)
    assert outcomes <= {"open", "published"}
    assert not list(data.path.glob("proposals/.new-*"))


def _publish(data: DataFolder, n: int, seconds: float | None) -> float:
    """Files a proposal and lets a process publish it, which is killed after so long."""
    table = (HEADER + ROW.format(n=n)).encode()
    made = Proposals(data).add([("organizations.csv", table)], who="Tanaka", why=f"number {n}")
    env = {**os.environ, "HAKUSHO_DATA": str(data.path), "HAKUSHO_PATIENCE": "20"}
    arguments = [*COMMAND, "proposals", "publish", str(made.number)]
    begun = time.monotonic()
    with subprocess.Popen(arguments, env=env, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return time.monotonic() - begun
