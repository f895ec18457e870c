"""From the files of a white paper's text to a proposal of tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urljoin

from ...graph.errors import BadText
from .known import packaged
from .proposal import Proposal, propose
from .reading import read_document
from .words import refused


def extract(
    paths: Sequence[Path],
    edition: str | None = None,
    base: str | None = None,
    step: Callable[[Path], None] = lambda path: None,
) -> Proposal:
    """Reads files of one edition and gives what they propose.

    `base` is the address of the folder from which web pages were saved; a page that names its own
    address needs none. All files that are no text are told at once.
    """
    documents = []
    errors: list[BadText] = []
    for path in paths:
        step(path)
        address = urljoin(base, path.name) if base else None
        try:
            documents.append(read_document(path, edition, address))
        except BadText as error:
            errors.append(error)
    editions = sorted({document.edition for document in documents})
    if len(editions) > 1 and not errors:
        errors.append(refused(paths[0].name, "editions", editions=", ".join(editions)))
    if errors:
        raise errors[0] if len(errors) == 1 else BadTexts(tuple(errors))
    return propose(documents, packaged())


class BadTexts(BadText):
    """Several files that cannot be read as a white paper's text, each with its sentence."""

    def __init__(self, errors: tuple[BadText, ...]) -> None:
        super().__init__(errors[0].file, errors[0].problem, errors[0].problem_ja)
        self.errors = errors
        self.sentences_ja = "\n".join(f"{error.file}：{error.problem_ja}" for error in errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))
