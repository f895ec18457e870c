"""What can go wrong, one class for each thing a caller may want to tell apart.

Facts are attributes; the sentence is `str(error)`: where, what came, what was expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .validation.findings import Finding


class HakushoError(Exception):
    """Anything that hakusho reports to the person who asked for it."""


# --- the data folder ---------------------------------------------------------------------------


class DataFolderError(HakushoError):
    """A data folder that cannot be used as it stands."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"data folder {self.path}: {self.problem}"


class FolderNotWritable(DataFolderError):
    """The data folder cannot be created or written."""


class FormatMismatch(DataFolderError):
    """The data folder was written by a version that lays its files out differently."""


class WriterBusy(DataFolderError):
    """Another process holds the one writer's lock."""


class DamagedRelease(DataFolderError):
    """A release whose files do not agree with its manifest."""


class UnknownRelease(DataFolderError):
    """A release number that the data folder does not have, or no longer; `nearest` are those it
    has with the nearest numbers."""

    def __init__(self, path: Path, number: int, there: tuple[int, ...] = ()) -> None:
        nearest = sorted(sorted(there, key=lambda each: abs(each - number))[:3])
        those = f"there are {', '.join(map(str, there))}" if there else "there are none"
        if len(there) > 5:
            those = f"the nearest are {', '.join(map(str, nearest))}"
        super().__init__(path, f"there is no release {number}; {those}")
        self.number = number
        self.nearest = tuple(map(str, nearest))
        self.pruned = 0 < number < max(there, default=0)


# --- queries -----------------------------------------------------------------------------------


class InvalidQuery(HakushoError):
    """A query or update that is not SPARQL; line and column count from 1."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if self.line is None:
            return self.message
        if self.column is None:
            return f"line {self.line}: {self.message}"
        return f"line {self.line}, column {self.column}: {self.message}"


class QueryRefused(InvalidQuery):
    """A well-formed query that asks for what is not allowed here, or exceeds a limit of form."""


class UpdateInsteadOfQuery(QueryRefused):
    """An update that was sent where only a query is answered."""


class LimitExceeded(HakushoError):
    """A query that overran a limit while it ran; `limit` names it, `hint` says how to narrow."""

    def __init__(self, limit: str, message: str, hint: str = "") -> None:
        super().__init__(limit, message, hint)
        self.limit = limit
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UnsupportedFormat(HakushoError):
    """A result or input format that is not offered; `offered` lists what is."""

    def __init__(self, asked: str, offered: tuple[str, ...]) -> None:
        super().__init__(asked, offered)
        self.asked = asked
        self.offered = offered

    def __str__(self) -> str:
        return f"format {self.asked!r} is not offered here; there is {', '.join(self.offered)}"


class StoreUnavailable(HakushoError):
    """The store did not answer: its process died, or its engine cannot be reached."""


class TooBusy(StoreUnavailable):
    """A query that was turned away for the others'; `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BadDocument(HakushoError):
    """An RDF document that cannot be read, or is refused; line and column count from 1.

    `more` are the message, line and column of what else is wrong with it.
    """

    def __init__(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        more: Sequence[tuple[str, int | None, int | None]] = (),
    ) -> None:
        super().__init__(message, line, column, more)
        self.message = message
        self.line = line
        self.column = column
        self.more = tuple(more)

    def __str__(self) -> str:
        told = [(self.message, self.line), *((what, line) for what, line, _ in self.more)]
        said = [what if line is None else f"line {line}: {what}" for what, line in told]
        return "; ".join(dict.fromkeys(said))


# --- questions and things ----------------------------------------------------------------------


class UnknownQuestion(HakushoError):
    """A question that the catalogue does not have; `nearest` are the ids most like it."""

    def __init__(self, asked: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(asked, nearest)
        self.asked = asked
        self.nearest = nearest

    def __str__(self) -> str:
        return f"no question has the id {self.asked!r}" + did_you_mean(self.nearest)


class BadParameter(HakushoError):
    """A parameter of a question that is missing, unknown or not of its type."""

    def __init__(
        self, name: str, got: str | None, expected: str, nearest: tuple[str, ...] = ()
    ) -> None:
        super().__init__(name, got, expected, nearest)
        self.name = name
        self.got = got
        self.expected = expected
        self.nearest = nearest

    def __str__(self) -> str:
        came = "nothing was given" if self.got is None else f"{self.got!r} was given"
        return f"{self.name}: {came}, expected {self.expected}" + did_you_mean(self.nearest)


class BadHeader(HakushoError):
    """A question's file whose header does not say what the catalogue needs."""

    def __init__(self, question: str, problem: str) -> None:
        super().__init__(question, problem)
        self.question = question
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.question}.rq: {self.problem}"


class UnknownThing(HakushoError):
    """A thing that the graph says nothing about; `nearest` are the ids most like the one asked."""

    def __init__(self, asked: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(asked, nearest)
        self.asked = asked
        self.nearest = nearest

    def __str__(self) -> str:
        return f"the graph says nothing about {self.asked!r}" + did_you_mean(self.nearest)


def did_you_mean(nearest: tuple[str, ...]) -> str:
    """Gives the end of a sentence that offers the nearest right things, or nothing."""
    return f"; did you mean {' or '.join(nearest)}?" if nearest else ""


# --- tables and editions -----------------------------------------------------------------------


class BadPeriod(HakushoError):
    """A text that names no period; `nearest` is the form that may have been meant."""

    def __init__(self, text: str, problem: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(text, problem, nearest)
        self.text = text
        self.problem = problem
        self.nearest = nearest

    def __str__(self) -> str:
        return f"{self.text!r} is no period: {self.problem}" + did_you_mean(self.nearest)


class BadTable(HakushoError):
    """A table that cannot be read as one: its bytes, its header or its name."""

    def __init__(self, file: str, problem: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(file, problem, nearest)
        self.file = file
        self.problem = problem
        self.nearest = nearest

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}" + did_you_mean(self.nearest)


class BadRow(HakushoError):
    """A row that cannot become statements; `line` is that of the file, from 1."""

    def __init__(
        self,
        file: str,
        line: int,
        problem: str,
        column: str | None = None,
        value: str | None = None,
        nearest: tuple[str, ...] = (),
    ) -> None:
        super().__init__(file, line, problem, column, value, nearest)
        self.file = file
        self.line = line
        self.problem = problem
        self.column = column
        self.value = value
        self.nearest = nearest

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        if self.column is not None:
            where += self.column + " "
            where += "" if self.value is None else f'"{self.value}" '
        return where + self.problem + did_you_mean(tuple(f'"{near}"' for near in self.nearest))


class BadTables(HakushoError):
    """Everything in some tables that cannot be loaded, found in one pass."""

    def __init__(self, errors: tuple[BadTable | BadRow, ...]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class BadEdition(HakushoError):
    """An edition folder that is not what its edition.toml says."""

    def __init__(self, folder: Path, problem: str, problem_ja: str) -> None:
        super().__init__(folder, problem, problem_ja)
        self.folder = folder
        self.problem = problem
        self.problem_ja = problem_ja

    def __str__(self) -> str:
        return f"edition folder {self.folder}: {self.problem}"


class BadAccount(HakushoError):
    """An account of raw rows that does not add up; `problems` are all that were found."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class InvalidData(HakushoError):
    """Data that the shapes refuse; `findings` are the violations, the worst first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        first = self.findings[0]
        more = f", and {len(self.findings) - 1} more" if len(self.findings) > 1 else ""
        return f"{first.node} {first.message_en}{more}"


class UnusableShapes(HakushoError):
    """Shapes that cannot be run; `problem` is what is wrong with them."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"the shapes cannot be run: {self.problem}"


# --- texts of white papers ----------------------------------------------------------------------


class BadText(HakushoError):
    """A file that cannot be read as the text or a page of a white paper."""

    def __init__(self, file: str, problem: str, problem_ja: str) -> None:
        super().__init__(file, problem, problem_ja)
        self.file = file
        self.problem = problem
        self.problem_ja = problem_ja

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"
