"""What the command line says, in Japanese or English: its texts, its help and its complaints.

Texts are in `texts/console/`. The language is what `--lang` says, wherever it stands, else
HAKUSHO_LANG, else the table of settings.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from ..graph.errors import UnsupportedFormat
from .settings import BadSetting, Setting, Settings, from_environment, setting
from .tables import FORMATS
from .texts.files import texts

# A process speaks one language, in all its threads.
_spoken = ["ja"]
F = TypeVar("F", bound=Callable[..., Any])


def language() -> str:
    """Gives the language in which things are said."""
    return _spoken[0]


def speak(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Chooses the language from a command line and the environment."""
    about = setting("lang")
    asked = [str(about.default), environment.get(about.variable, "")]
    for argument, after in zip(arguments, [*arguments[1:], ""], strict=True):
        name, equals, value = argument.partition("=")
        if name == about.option:
            asked.append(value if equals else after)
    _spoken[0] = [language for language in asked if language in about.choices][-1]


def say(key: str, /, **values: object) -> str:
    """Gives a text by its key `section.name`, its places filled in.

    >>> speak(["--lang", "en"], {})
    >>> say("query.rows", count=3)
    '3 rows'
    """
    section, _, name = key.partition(".")
    return str(texts("console")[section][name][language()]).format(**values)


def _section(
    formatter: click.HelpFormatter, heading: str, records: Sequence[tuple[str, str]]
) -> None:
    # Not `formatter.section`, which ends every heading with a colon, one of full width or not.
    formatter.write_paragraph()
    formatter.write(f"{heading}\n")
    with formatter.indentation():
        formatter.write_dl(records)


def short_help(name: str) -> str:
    """Gives what a command does, in one line."""
    return say(f"{name}.help").split("\n", 1)[0].rstrip("。.")


class Command(click.Command):
    """A command whose help is in `texts/console/NAME.toml`, with examples."""

    def get_short_help_str(self, limit: int = 100) -> str:
        return short_help(self.name or "")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=say("hakusho.usage") + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        for line in say(f"{self.name}.help").strip().split("\n"):
            formatter.write(f"{line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        shown = [(name, text) for name, text in filter(None, records)]
        _section(formatter, say("hakusho.options"), shown)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(f"\n{say('hakusho.examples_title')}\n")
        for line in texts("console")[self.name or ""]["examples"].strip().split("\n"):
            formatter.write(f"  {line}\n" if line else "\n")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("hakusho.help_option")
        return option


class Group(Command, click.Group):
    """The commands together; the help of each is found by its name."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        records = [(name, short_help(name)) for name in self.list_commands(ctx)]
        _section(formatter, say("hakusho.commands"), records)


class Option(click.Option):
    """An option whose help is said in the reader's language."""

    def __init__(self, *names: Any, said: str, **more: Any) -> None:
        super().__init__(*names, **more)
        self.said = said

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = say(self.said)
        return super().get_help_record(ctx)


class SettingOption(click.Option):
    """An option that sets a setting; not given, it leaves the setting to the environment."""

    def __init__(self, of: Setting) -> None:
        self.setting = of
        names = [of.name, of.option]
        if of.kind == "switch":
            super().__init__(names, is_flag=True, flag_value=not of.default, default=None)
        else:
            super().__init__(names, type=_Value(of), default=None, metavar=_metavar(of))

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        about = self.setting
        self.help = about.ja if language() == "ja" else about.en
        if about.default is not None and about.kind != "switch":
            self.help += f"  [{about.variable}; {about.default}]"
        else:
            self.help += f"  [{about.variable}]"
        return super().get_help_record(ctx)


class _Value(click.ParamType[Any]):
    name = "value"

    def __init__(self, of: Setting) -> None:
        self.setting = of

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return (
                self.setting.read(value, self.setting.option) if isinstance(value, str) else value
            )
        except BadSetting as error:
            self.fail(error.expected, param, ctx)


class TableFormat(click.ParamType[str]):
    """How a table is written, by name."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in FORMATS:
            raise UnsupportedFormat(value, FORMATS)
        return value

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "|".join(FORMATS)


def _metavar(of: Setting) -> str:
    if of.choices:
        return "|".join(of.choices)
    return {"path": "PATH", "integer": "N", "number": "N"}.get(of.kind, "TEXT")


def takes(*names: str) -> Callable[[F], F]:
    """Gives a command the options of some settings, and their values as its first argument."""

    def decorate(function: F) -> F:
        def with_settings(**given: Any) -> Any:
            said = {name: given.pop(name) for name in names}
            chosen = from_environment(os.environ)
            chosen.update({name: value for name, value in said.items() if value is not None})
            return function(Settings(chosen), **given)

        params: list[click.Parameter] = list(getattr(function, "__click_params__", []))
        with_settings.__click_params__ = [  # type: ignore[attr-defined]
            *(SettingOption(setting(name)) for name in reversed(names)),
            *params,
        ]
        with_settings.__name__ = function.__name__
        return with_settings  # type: ignore[return-value]

    return decorate


def option(*names: str, said: str, **more: Any) -> Callable[[F], F]:
    """Gives a command an option of its own; `said` is the key of its help."""
    return click.option(*names, cls=Option, said=said, **more)


def complain(sentence: str) -> None:
    """Says on the error output what is wrong, in one sentence."""
    print(f"hakusho: {sentence}", file=sys.stderr)


def usage_error(error: click.UsageError) -> str:
    """Gives what is wrong with a command line, as a sentence."""
    if isinstance(error, click.exceptions.NoSuchCommand):
        said = say("usage.no_command", name=error.command_name)
        return said + perhaps(get_close_matches(error.command_name, _commands(error.ctx)))
    if isinstance(error, click.NoSuchOption):
        return say("usage.no_option", name=error.option_name) + perhaps(error.possibilities)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return say("usage.missing", name=name)
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = error.param.opts[-1] if error.param.opts else ""
        return say("usage.bad", name=name, expected=error.message)
    if isinstance(error, click.BadOptionUsage):
        return say("usage.no_value", name=error.option_name)
    return say("usage.other", message=error.format_message().rstrip("."))


def _commands(context: click.Context | None) -> list[str]:
    group = context.command if context is not None else None
    return group.list_commands(context) if context and isinstance(group, click.Group) else []


def perhaps(names: Iterable[str] | None) -> str:
    """Gives the end of a sentence that offers what may have been meant, the likest first."""
    found = [*(names or ())][:3]
    return say("usage.perhaps", names=" / ".join(found)) if found else ""
