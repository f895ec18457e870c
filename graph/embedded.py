"""The store that answers in this process: pyoxigraph, in memory or over a release on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

import pyoxigraph
from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)

from .dataset import Datasets
from .errors import InvalidQuery, StoreUnavailable, UnsupportedFormat
from .names import PREFIXES
from .sparql.syntax import bind, dataset, syntax_error
from .store import Answer, Form, Query, Row, Term

Result = QuerySolutions | QueryBoolean | QueryTriples

TABLES: Final = {
    format.media_type.partition(";")[0]: format
    for format in (
        QueryResultsFormat.JSON,
        QueryResultsFormat.XML,
        QueryResultsFormat.CSV,
        QueryResultsFormat.TSV,
    )
}
GRAPHS: Final = {
    format.media_type: format
    for format in (
        RdfFormat.TURTLE,
        RdfFormat.N_TRIPLES,
        RdfFormat.RDF_XML,
        RdfFormat.JSON_LD,
        RdfFormat.TRIG,
        RdfFormat.N_QUADS,
    )
}
"""How the engine writes answers, by media type: tables and booleans, and graphs."""

_IN_MEMORY: Final = 4 << 20
_PIECE: Final = 1 << 16


class Output(Protocol):
    """Where an answer is written to."""

    def write(self, piece: bytes, /) -> object: ...


class EmbeddedStore:
    """A store in this process. It sets no limits to what it is asked.

    Several default graphs of a query are merged, so that a triple they share is one.
    """

    def __init__(self, path: Path | None = None, read_only: bool = True) -> None:
        if path is None:
            self._engine = pyoxigraph.Store()
        else:
            with _trouble():
                open_store = pyoxigraph.Store.read_only if read_only else pyoxigraph.Store
                self._engine = open_store(str(path))
        self._datasets: Datasets | None = None
        self._read_only = read_only and path is not None

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> EmbeddedStore:
        """Gives a store in memory that holds the given quads."""
        store = cls()
        store.engine.extend(quads)
        return store

    @classmethod
    def over(cls, engine: pyoxigraph.Store, read_only: bool = True) -> EmbeddedStore:
        """Gives a store that answers from one that the engine has open."""
        store = cls()
        store._engine = engine
        store._read_only = read_only
        return store

    @property
    def engine(self) -> pyoxigraph.Store:
        """The store as the engine has it."""
        return self._engine

    def rows(self, text: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
        """Gives the solutions of a SELECT query, with variables bound beforehand where given."""
        with self._asked(bind(text, bindings or {})) as result:
            if not isinstance(result, QuerySolutions):
                raise InvalidQuery("this query has no solutions; a SELECT query has")
            names = [variable.value for variable in result.variables]
            return [
                {name: term for name, term in zip(names, solution, strict=True) if term is not None}
                for solution in result
            ]

    def ask(self, text: str) -> bool:
        """Gives the answer of an ASK query."""
        with self._asked(text) as result:
            if not isinstance(result, QueryBoolean):
                raise InvalidQuery("this query is no ASK query")
            return bool(result)

    def triples(self, text: str) -> list[Triple]:
        """Gives the triples of a CONSTRUCT or DESCRIBE query."""
        with self._asked(text) as result:
            if not isinstance(result, QueryTriples):
                raise InvalidQuery("this query gives no triples; CONSTRUCT and DESCRIBE do")
            return list(result)

    def answer(self, query: Query) -> Answer:
        """Gives the answer of any query, written in the media type wanted for its form.

        It is complete before its first piece is read; a long one waits in a file.
        """
        spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)
        try:
            form, media_type = self.write(query, spool)
            spool.seek(0)
        except BaseException:
            spool.close()
            raise
        return Answer(form, media_type, _Pieces(spool))

    def write(self, query: Query, output: Output) -> tuple[Form, str]:
        """Writes the answer of any query, piece by piece as it is found, and gives its form and
        media type."""
        with self._asked(query.text, query) as result:
            form = form_of(result)
            media_type = query.media_types.get(form, "")
            serialize(result, media_type, output)
            return form, media_type

    def evaluate(self, query: Query) -> AbstractContextManager[Result]:
        """Gives what a query finds, as the engine gives it, for as long as it is being read."""
        return self._asked(query.text, query)

    @contextmanager
    def _asked(self, text: str, query: Query | None = None) -> Iterator[Result]:
        with _trouble():
            yield self._query(text, query)

    def _query(self, text: str, query: Query | None) -> Result:
        base_iri = None if query is None else query.base_iri
        default, named = dataset(text, base_iri)
        if query is not None and (query.default_graphs or query.named_graphs):
            # The protocol's dataset goes before the text's (SPARQL 1.1 Protocol, section 2.1.4).
            default, named = list(query.default_graphs), list(query.named_graphs)
        try:
            if not (default or named):
                return self._engine.query(text, base_iri=base_iri)
            store, defaults, names = self._dataset().of(default, named)
            return store.query(text, base_iri=base_iri, default_graph=defaults, named_graphs=names)
        except UnicodeEncodeError as error:
            raise InvalidQuery("the text has characters that are not Unicode") from error
        except SyntaxError as error:
            raise syntax_error(text, error, pyoxigraph.Store().query) from error

    def _dataset(self) -> Datasets:
        # What is known of a store that may change is not kept.
        if self._datasets is None or not self._read_only:
            self._datasets = Datasets(self._engine)
        return self._datasets


def form_of(result: Result) -> Form:
    """Gives the form of an answer."""
    if isinstance(result, QuerySolutions):
        return "solutions"
    return "boolean" if isinstance(result, QueryBoolean) else "graph"


def serialize(result: Result, media_type: str, output: Output) -> None:
    """Writes an answer in a media type, as it is found."""
    target = _Target(output)
    try:
        if isinstance(result, QueryTriples):
            graph_format = GRAPHS.get(media_type)
            if graph_format is None:
                raise UnsupportedFormat(media_type, tuple(GRAPHS))
            pyoxigraph.serialize(result, target, graph_format, prefixes=PREFIXES)  # type: ignore[arg-type]
        else:
            table_format = TABLES.get(media_type)
            if table_format is None:
                raise UnsupportedFormat(media_type, tuple(TABLES))
            result.serialize(target, table_format)  # type: ignore[arg-type]
    except Exception:
        if target.failure is not None:
            # Not the store's trouble but the reader's, who is told in his own terms.
            raise _ReaderGone(target.failure) from None
        raise


class _ReaderGone(Exception):
    def __init__(self, failure: Exception) -> None:
        super().__init__(failure)
        self.failure = failure


class _Target:
    """An output that remembers whether it was the one to fail."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.failure: Exception | None = None

    def write(self, piece: bytes) -> int:
        try:
            self._output.write(piece)
        except Exception as error:
            self.failure = error
            raise
        return len(piece)

    def flush(self) -> None:
        """Does nothing: whoever gave the output flushes it."""


class _Pieces:
    """The pieces of a finished answer; its file is closed at the end, or when told so."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = b"" if self._file.closed else self._file.read(_PIECE)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        self._file.close()


@contextmanager
def _trouble() -> Iterator[None]:
    """Turns the engine's errors into ours."""
    try:
        yield
    except _ReaderGone as error:
        raise error.failure from None
    except OSError as error:
        raise StoreUnavailable(f"the store cannot be read: {error}") from error
    except RuntimeError as error:
        # So far only a function that the engine does not know.
        raise InvalidQuery(str(error)) from error
