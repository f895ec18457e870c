"""`hakusho serve --store URL`: the same pages and the same protocol over another engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from hakusho.graph.embedded import EmbeddedStore

from .conftest import REMOTE, Remote, Started

COMMAND = [sys.executable, "-c", "from hakusho.server.cli import main; main()", "serve"]

pytestmark = pytest.mark.engines


@pytest.mark.parametrize("engine", REMOTE)
def test_another_engine_answers_in_place_of_the_data_folder(
    engine: str, started: Started, matrix_store: EmbeddedStore, tmp_path: Path
) -> None:
    backend = started.backend(engine)
    assert isinstance(backend, Remote)
    backend.fill(matrix_store.engine)
    data = tmp_path / "data"
    env = {**os.environ, "HAKUSHO_DATA": str(data), "HAKUSHO_LANG": "en"}
    command = [*COMMAND, "--port", "0", "--store", backend.url]
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
    # Should it say nothing, its silence ends here, and so does the wait for it.
    silence = threading.Timer(60, process.kill)
    silence.start()
    try:
        assert process.stderr is not None
        found = None
        while found is None:
            line = process.stderr.readline()
            assert line and "dba:dba" not in line
            found = re.fullmatch(r"listening on (http://\S+/)\n", line)
        address = found[1]
        assert fetched(address + "readyz") == "another engine\n"
        assert "安全" in fetched(address + "?lang=ja")
        query = urllib.parse.quote("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        said = json.loads(fetched(f"{address}sparql?query={query}&format=json"))
        (row,) = said["results"]["bindings"]
        (own,) = matrix_store.rows("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        assert row["n"]["value"] == own["n"].value  # type: ignore[union-attr]
        names = [str(name) for name in matrix_store.engine.named_graphs()]
        graphs = fetched(address + "graphs?format=nt")
        assert names and all(f" {name} ." in graphs for name in names)
        listed = fetched(address + "graphs?format=html")
        assert all(name.rpartition("/")[2].rstrip(">") in listed for name in names)
        one = urllib.parse.quote(names[0].strip("<>"))
        assert fetched(f"{address}graphs?graph={one}&format=nt")
    finally:
        silence.cancel()
        process.kill()
        process.communicate()
    assert not data.exists()


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as response:
        return str(response.read().decode())
