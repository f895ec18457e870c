"""An operation of an update, rewritten so that it writes down what it would do and does nothing."""

from __future__ import annotations

import uuid
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from ..errors import QueryRefused
from .lexer import Token, position
from .operations import Block, Operation

GraphName = NamedNode | BlankNode | DefaultGraph
DEFAULT: Final = DefaultGraph()


class Record:
    """An operation with a pattern, rewritten so that it only records what it would do.

    `DELETE { GRAPH ?g { a } b } WHERE { c }` becomes, with two graph names that nobody else has,
    `INSERT { GRAPH ?x { a } GRAPH <y> { b } } WHERE { { c } BIND(IRI(… STR(?g)) AS ?x) }`.
    """

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._unique = uuid.uuid4().hex
        self._mark = f"urn:x-hakusho:{self._unique}:"
        self.noted: Final = f"urn:x-hakusho:{self._unique}-noted"
        """The graph that is there if the operation met a graph without an IRI."""
        self._bindings: list[str] = []
        self._with: str | None = None
        blocks = operation.blocks
        if operation.words[0] == "WITH":
            self._with = next(said for kind, said, _, _ in operation.outer if kind != "word")
        *templates, pattern = blocks
        if not templates:
            # The short form, DELETE WHERE: what is matched is what is deleted.
            templates = [Block("DELETE", pattern.start, pattern.end)]
        template = "".join(self._recorded(block) for block in templates)
        self.text = (
            f"{operation.prologue}{f'WITH {self._with} ' if self._with else ''}"
            f"INSERT {{ {template} }} {self._using(templates, pattern)} WHERE {{ "
            f"{operation.slice(pattern.start, pattern.end)} {' '.join(self._bindings)} }}"
        )

    def target(self, name: GraphName) -> tuple[str, GraphName] | None:
        """Gives INSERT or DELETE, and the graph that is meant, from the name of a record."""
        if not isinstance(name, NamedNode) or not name.value.startswith(self._mark):
            return None
        keyword, _, graph = name.value.removeprefix(self._mark).partition(":")
        return keyword, NamedNode(graph) if graph else DEFAULT

    def _using(self, templates: list[Block], pattern: Block) -> str:
        """Gives the USING clauses as they stand."""
        last = templates[-1].end
        clauses = [start for _, said, start, _ in self._operation.outer if said.upper() == "USING"]
        if not clauses:
            return ""
        where = max(
            start
            for kind, said, start, _ in self._operation.outer
            if kind == "word" and said.upper() == "WHERE" and last <= start < pattern.start
        )
        return self._operation.slice(clauses[0], where)

    def _recorded(self, block: Block) -> str:
        """Gives a template that writes into graphs of the record what it would write elsewhere."""
        inner = [
            token for token in self._operation.tokens if block.start < token[2] < block.end - 1
        ]
        recorded: list[str] = []
        graph, piece, depth = self._with, inner[:0], 0
        for token in inner:
            kind, said = token[0], token[1]
            depth -= kind == "close"
            if depth == 0 and kind == "open" and said == "{":
                recorded.append(self._in_graph(block.keyword, self._with, piece[:-2]))
                graph, piece = self._graph(piece[-2:], token), []
            elif depth == 0 and kind == "close" and said == "}":
                recorded.append(self._in_graph(block.keyword, graph, piece))
                piece = []
            else:
                piece.append(token)
            depth += kind == "open"
        recorded.append(self._in_graph(block.keyword, self._with, piece))
        return " ".join(filter(None, recorded))

    def _graph(self, before: list[Token], brace: Token) -> str:
        """Gives the term of `GRAPH term {`."""
        if len(before) < 2 or before[0][1].upper() != "GRAPH":
            message = "GRAPH is to be written with a space before the name of the graph"
            raise QueryRefused(message, *position(self._operation.text, brace[2]))
        return before[1][1]

    def _in_graph(self, keyword: str, graph: str | None, piece: list[Token]) -> str:
        """Gives some triples of a template as triples of the record for a graph."""
        if piece and piece[0][1] == ".":
            # It belongs to the block before.
            piece = piece[1:]
        if not piece:
            return ""
        last = piece[-1]
        triples = self._operation.slice(piece[0][2], last[2] + len(last[1]))
        if graph is None:
            return f"GRAPH <{self._mark}{keyword}:> {{ {triples} }}"
        name = f"?record{self._unique}x{len(self._bindings)}"
        iri = f'IRI(CONCAT("{self._mark}{keyword}:", STR({graph})))'
        # A variable that is bound to no IRI names no graph, and its triples are left out; that it
        # is bound to a blank node, which names one without an IRI, is noted.
        self._bindings.append(f"BIND(IF(isIRI({graph}), {iri}, ?record{self._unique}) AS {name})")
        self._bindings.append(
            f"BIND(IF(isBlank({graph}), {graph}, ?record{self._unique}) AS {name}b)"
        )
        noted = f"GRAPH <{self.noted}> {{ <{self.noted}> <{self.noted}> {name}b }}"
        return f"GRAPH {name} {{ {triples} }} {noted}"
