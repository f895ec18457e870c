"""The relations that a network of things is made of, each as its file in the ontology has it.

A file is a SELECT query for the pairs; the `#+` lines on top of it are TOML and say

    #+ property = "hk:addresses"                which property the relation is
    #+ subject = ["policy"]                     the kinds of things it leads from
    #+ object = ["challenge"]                   and to
    #+ hierarchy = true                         optional: it only sorts things into larger ones
    #+ sentence.ja = "「{subject}」は「{object}」に取り組む"
    #+ sentence.en = "“{subject}” addresses “{object}”"

Its columns: ?subject and ?object, and where they are known the ?link that records the pair, its
?assertion, the ?page it rests on and the kind of ?evidence.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from ...ontology import files
from ..errors import BadHeader, BadParameter

LANGUAGES: Final = ("ja", "en")

_HEADER: Final = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_ABOVE: Final = re.compile(r"^(#.*|PREFIX .*|\s*)\n", re.MULTILINE)


class UnknownName(BadParameter):
    """A name that no kind of things, or no relation, has; `known` are those there are."""

    def __init__(self, name: str, asked: str, known: tuple[str, ...]) -> None:
        nearest = tuple(get_close_matches(asked, known, 1))
        super().__init__(name, asked, f"one of {', '.join(known)}", nearest)
        self.known = known


@dataclass(frozen=True)
class Relation:
    """A relation between things: its property, the kinds it joins, how it reads, its query.

    Its `name` is that of the property without its prefix.
    """

    property: str
    name: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    hierarchy: bool
    sentences: Mapping[str, str] = field(hash=False)
    pattern: str

    def sentence(self, subject: str, object: str, lang: str) -> str:
        """Gives what it says of two things, in a language.

        >>> relation("ledBy").sentence("NOTICE", "NICT", "en")
        '“NOTICE” is led by “NICT”'
        """
        return self.sentences[lang].format(subject=subject, object=object)

    def joins(self, kinds: Collection[str]) -> bool:
        """Tells whether it can lead from one of some kinds to another of them."""
        return not set(self.subjects).isdisjoint(kinds) and not set(self.objects).isdisjoint(kinds)


@cache
def relations() -> tuple[Relation, ...]:
    """Gives all relations, in the order of their files."""
    return tuple(read_relation(path) for path in files.network_relations())


@cache
def kinds() -> tuple[str, ...]:
    """Gives the kinds of things that some relation joins.

    >>> kinds()
    ('challenge', 'indicator', 'organization', 'part', 'policy', 'source')
    """
    return tuple(sorted({kind for one in relations() for kind in (*one.subjects, *one.objects)}))


def relation(name: str) -> Relation:
    """Gives the relation of that name, with or without its prefix."""
    for one in relations():
        if name in (one.name, one.property):
            return one
    raise UnknownName("relation", name, tuple(one.name for one in relations()))


def kind(name: str) -> str:
    """Gives the name of a kind of things, or says which there are."""
    if name not in kinds():
        raise UnknownName("kind", name, kinds())
    return name


def part(name: str) -> str:
    """Gives the pattern of another part of the network by the name of its file."""
    paths = {path.stem: path for path in files.network_parts()}
    return body(paths[name].read_text(encoding="utf-8"))


def body(text: str) -> str:
    """Gives a query without what stands above it: comments and prefixes.

    >>> body("# All.\\nPREFIX a: <urn:a>\\n\\nSELECT ?x WHERE { ?x a:b 1 }")
    'SELECT ?x WHERE { ?x a:b 1 }'
    """
    return _ABOVE.sub("", text).strip()


def read_relation(path: Path) -> Relation:
    """Reads the file of a relation; a header that lacks something is refused by name."""
    text = path.read_text(encoding="utf-8")
    try:
        said = tomllib.loads("\n".join(_HEADER.findall(text)))
        return Relation(
            property=str(said["property"]),
            name=str(said["property"]).partition(":")[2],
            subjects=tuple(said["subject"]),
            objects=tuple(said["object"]),
            hierarchy=bool(said.get("hierarchy", False)),
            sentences={lang: str(said["sentence"][lang]) for lang in LANGUAGES},
            pattern=body(text),
        )
    except tomllib.TOMLDecodeError as error:
        raise BadHeader(path.stem, f"the lines that start #+ are not TOML: {error}") from None
    except KeyError as error:
        raise BadHeader(path.stem, f"the header does not say {error.args[0]}") from None
