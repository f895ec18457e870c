"""The inference rules of the ontology as the engine needs them: text, stage and patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Triple

from ..ontology import files
from .errors import HakushoError
from .matching.patterns import Context, Patterns, contexts, template

Pattern = tuple[str, str, str]
"""A triple pattern; each place holds `?variable` or the text of an IRI without its brackets."""

_PREFIX = re.compile(r"^PREFIX\s+(\w*):\s*<([^>]*)>", re.MULTILINE)
_HEADER = re.compile(r"^#\+ (.*)$", re.MULTILINE)
_BODY = re.compile(r"^WHERE \{$(.*)^\}$", re.MULTILINE | re.DOTALL)
_PATTERN = re.compile(r"^\s*(\S+)\s+(\S+)\s+(\S+)\s+\.$")
_CONDITION = re.compile(r"^\s*(FILTER|BIND)\s*\(.*\)$")
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class BadRule(HakushoError):
    """A rule file that does not have the form of a rule; `line` is what was not understood."""

    def __init__(self, path: Path, problem: str, line: str = "") -> None:
        super().__init__(path, problem, line)
        self.path = path
        self.problem = problem
        self.line = line

    def __str__(self) -> str:
        return f"{self.path.name}: {self.problem}" + (f": {self.line}" if self.line else "")


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query whose triples are facts that follow from the graph.

    Rules of stage 1 are plain patterns with filters, and run until nothing new follows, first and
    after each later stage. A rule of a later stage (`#+ stage = 2`) may count, order and look for
    what is missing: it runs once, over what the stages before it have found, and what it says of
    one term of its group (`#+ group = "observation"`, a variable) it says for itself.

    What a shared rule says (`#+ shared = true`) has many grounds alike and is never a ground of
    its own: where one is lost, another is looked for at once.
    """

    name: str
    purpose: str
    text: str
    stage: int
    patterns: tuple[Pattern, ...]
    group: str | None = None
    shared: bool = False

    @cached_property
    def heads(self) -> Patterns:
        """The triples that the rule makes."""
        return template(self.text)

    @cached_property
    def contexts(self) -> tuple[Context, ...]:
        """What the rule reads."""
        return tuple(contexts(self.text, subqueries=self.stage > 1))

    def narrowed(self, pattern: Pattern, facts: Iterable[Triple]) -> str:
        """Gives the rule narrowed to the solutions in which one of the facts fills the pattern.

        The VALUES clause that may end any query does it. A blank node cannot be named there, so
        its place is left open: more may then follow, all of it true.
        """
        places = [(place, term) for place, term in enumerate(pattern) if term.startswith("?")]
        variables = list(dict.fromkeys(term for _, term in places))
        rows = set()
        for fact in facts:
            filled = {term: fact[place] for place, term in places}
            cells = ("UNDEF" if isinstance(t, BlankNode) else str(t) for t in filled.values())
            rows.add(f"({' '.join(cells)})")
        return f"{self.text}\nVALUES ({' '.join(variables)}) {{ {' '.join(sorted(rows))} }}"


def matches(pattern: Pattern, fact: Triple) -> bool:
    """Says whether a fact can fill a pattern."""
    seen: dict[str, object] = {}
    for place, term in enumerate(pattern):
        value = fact[place]
        if term.startswith("?"):
            if seen.setdefault(term, value) != value:
                return False
        elif not isinstance(value, NamedNode) or value.value != term:
            return False
    return True


@cache
def fingerprint() -> str:
    """Gives what tells these rules from those of another version."""
    return sha256("\0".join(rule.text for rule in rules()).encode()).hexdigest()[:16]


@cache
def rules() -> tuple[Rule, ...]:
    """Gives the rules of the ontology, by stage and name."""
    found = [read_rule(path) for path in files.rules()]
    return tuple(sorted(found, key=lambda rule: (rule.stage, rule.name)))


def read_rule(path: Path) -> Rule:
    """Reads one rule file.

    >>> rule = read_rule(files.rules()[0])
    >>> rule.name, rule.stage, rule.patterns[0][2]
    ('addresses-from-link', 1, '?subject')
    """
    text = path.read_text(encoding="utf-8")
    first = text.split("\n", 1)[0]
    if not first.startswith("# "):
        raise BadRule(path, "a rule begins with a comment that says what it is for", first)
    header = tomllib.loads("\n".join(_HEADER.findall(text)))
    stage, group = header.get("stage", 1), header.get("group")
    if (stage > 1) != (group is not None):
        raise BadRule(path, "a rule of a later stage, and no other, names its group")
    patterns = tuple(_patterns(path, text)) if stage == 1 else ()
    purpose = first.removeprefix("# ")
    return Rule(path.stem, purpose, text, stage, patterns, group, header.get("shared", False))


def _patterns(path: Path, text: str) -> Iterable[Pattern]:
    body = _BODY.search(text)
    if body is None:
        raise BadRule(path, "a rule of stage 1 has one WHERE block, its braces at line ends")
    prefixes = dict(_PREFIX.findall(text))
    for line in filter(str.strip, body.group(1).splitlines()):
        if _CONDITION.match(line):
            continue
        found = _PATTERN.match(line)
        if found is None:
            raise BadRule(path, "a rule of stage 1 has one pattern, FILTER or BIND a line", line)
        subject, predicate, object_ = (_expand(path, term, prefixes) for term in found.groups())
        yield subject, predicate, object_


def _expand(path: Path, term: str, prefixes: dict[str, str]) -> str:
    if term.startswith("?"):
        return term
    if term == "a":
        return _RDF_TYPE
    prefix, colon, name = term.partition(":")
    if not colon or prefix not in prefixes:
        raise BadRule(path, "a place of a pattern holds a variable or a prefixed name", term)
    return prefixes[prefix] + name
