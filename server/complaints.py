"""An error as a sentence for the reader of a console, in his language."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from ..graph.errors import HakushoError, InvalidQuery
from .console import language, perhaps
from .texts.files import texts


def sentence(error: HakushoError) -> str:
    """Gives what is wrong: in English as the error says it, in Japanese from the texts, else by
    the title of its problem."""
    if language() == "en":
        return str(error)
    for kind in type(error).__mro__:
        text = texts("console")["error"].get(kind.__name__)
        if text is not None:
            said = str(text["ja"]).format(**_facts(error))
            return said + perhaps(getattr(error, "nearest", ()))
    from .problems import PROBLEMS

    for kind in type(error).__mro__:
        if kind in PROBLEMS:
            return f"{PROBLEMS[kind].title['ja']}：{error}"
    return str(error)


def point(error: InvalidQuery, text: str) -> None:
    """Shows the line of a query where it goes wrong, with a mark below the place."""
    if error.line is None or error.column is None:
        return
    from rich.cells import cell_len

    lines = text.split("\n")
    line = lines[error.line - 1] if error.line <= len(lines) else ""
    line = line.rstrip("\r").replace("\t", " ")
    number = f"{error.line:>5} | "
    print(f"{number}{line}", file=sys.stderr)
    before = cell_len(number) + cell_len(line[: error.column - 1])
    print(" " * before + "^", file=sys.stderr)


def _facts(error: HakushoError) -> Mapping[str, object]:
    facts = {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in vars(error).items()
    }
    return facts
