"""The `hakusho` command: its subcommands, and how each way of failing is told.

What is wrong is said in one sentence on the error output. The status is 2 for a command, query or
parameter that is wrong, 1 for what failed, 130 for Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final, NoReturn

import click

from ..graph import errors
from .commands.archive import backup, restore
from .commands.build import build
from .commands.check import check
from .commands.describe import describe
from .commands.diff import diff
from .commands.editions import diff_editions, new_edition
from .commands.export import dump, export
from .commands.load import load
from .commands.network import network, path, related
from .commands.proposals import proposals, propose
from .commands.query import query
from .commands.releases import releases, rollback
from .commands.search import search
from .commands.serve import serve
from .commands.show import show
from .commands.template import template
from .commands.validate import validate
from .commands.whitepaper import extract
from .complaints import sentence
from .console import Group, Option, complain, say, speak, usage_error
from .settings import BadSetting, UnknownSetting, from_environment

COMMANDS: Final = (
    serve,
    build,
    validate,
    load,
    query,
    search,
    show,
    path,
    related,
    network,
    export,
    dump,
    propose,
    proposals,
    releases,
    diff,
    rollback,
    backup,
    restore,
    extract,
    new_edition,
    diff_editions,
    template,
    describe,
    check,
)

WRONG: Final = (
    errors.InvalidQuery,
    errors.UnsupportedFormat,
    errors.UnknownQuestion,
    errors.BadParameter,
    BadSetting,
    UnknownSetting,
)
"""Errors that are in what was asked, not in the answering."""


class Hakusho(Group):
    """All commands together."""

    def main(self, args: Sequence[str] | None = None, *arguments: Any, **options: Any) -> NoReturn:
        """Runs a command and ends the process with its status."""
        given = sys.argv[1:] if args is None else list(args)
        for stream in (sys.stdout, sys.stderr):
            # A terminal that lacks a character is no reason to fail.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        speak(given, os.environ)
        sys.exit(self._status(given, options))

    def _status(self, given: list[str], options: dict[str, Any]) -> int:
        options |= {"standalone_mode": False, "prog_name": "hakusho"}
        try:
            from_environment(os.environ)
            result = super().main(given, **options)
            sys.stdout.flush()
        except click.exceptions.NoArgsIsHelpError as error:
            print(error.ctx.get_help() if error.ctx else "", file=sys.stderr)
            return 2
        except click.UsageError as error:
            complain(usage_error(error))
            if error.ctx is not None:
                print(say("usage.help", command=error.ctx.command_path), file=sys.stderr)
            return 2
        except errors.HakushoError as error:
            complain(sentence(error))
            return 2 if isinstance(error, WRONG) else 1
        except (KeyboardInterrupt, click.Abort):
            complain(say("error.interrupted"))
            return 130
        except BrokenPipeError:
            # Whoever read the output has seen enough; what is still buffered has no reader.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        return result if isinstance(result, int) else 0


@click.group("hakusho", cls=Hakusho, params=[], context_settings={"max_content_width": 100})
@click.pass_context
def main(context: click.Context) -> None:
    """Builds, queries and serves a knowledge graph of government white papers."""


def _show_version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        print(f"hakusho {version('hakusho')}")
        context.exit()


main.params.append(
    Option(
        ["--version"],
        said="hakusho.version_option",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
    )
)
for command in COMMANDS:
    main.add_command(command)
