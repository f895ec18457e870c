"""`hakusho serve`: the web site and the SPARQL endpoint."""

from __future__ import annotations

import click

from ..console import Command, takes
from ..settings import Settings


@click.command("serve", cls=Command)
@takes(
    "host",
    "port",
    "data",
    "lang",
    "workers",
    "store",
    "engine",
    "edition",
    "default_graph",
    "validation",
    "token_file",
)
def serve(settings: Settings) -> None:
    # Only who serves pays for what serving needs.
    from ..serving import serve as run

    run(settings)
