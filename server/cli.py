"""The `hakusho` command: its subcommands, and how each way of failing is told.

What is wrong is said in one sentence on the error output. The status is 2 for a command, query or
parameter that is wrong, 1 for what failed, 130 for Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from ..graph import errors
from .complaints import sentence
from .console import Group, Option, complain, say, speak, usage_error
from .settings import BadSetting, UnknownSetting, from_environment

COMMANDS: Final = {
    "serve": "serve",
    "build": "build",
    "validate": "validate",
    "load": "load",
    "query": "query",
    "search": "search",
    "show": "show",
    "path": "network",
    "related": "network",
    "network": "network",
    "export": "export",
    "dump": "export",
    "propose": "proposals",
    "proposals": "proposals",
    "releases": "releases",
    "diff": "diff",
    "rollback": "releases",
    "backup": "archive",
    "restore": "archive",
    "extract": "whitepaper",
    "new-edition": "editions",
    "diff-editions": "editions",
    "template": "template",
    "describe": "describe",
    "check": "check",
}
"""The commands in the order of the help, each with the module of `commands` that it is in."""

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
    """All commands together, each imported when it is wanted: most need little of what there is."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        found = import_module(f".commands.{module}", __package__)
        command: click.Command = getattr(found, cmd_name.replace("-", "_"))
        return command

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
        from importlib.metadata import version

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
