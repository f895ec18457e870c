"""One remote engine: where and how it is asked, in the style of its profile."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final
from urllib.parse import urlencode, urlsplit

from ..limits import Limits
from ..names import graph
from .auth import Authorization, credentials
from .dialects import Dialect, dialect, recognized
from .problems import refusal
from .wire import Reply, Wire, shown_host

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
STAND_IN: Final = graph("default").value
"""The graph that holds the default graph's triples on an engine that has no default graph."""
AGENT: Final = "hakusho"


class Engine:
    """An engine at an address."""

    def __init__(
        self,
        url: str,
        name: str | None,
        header: str | None,
        limits: Limits,
        addresses: Mapping[str, str],
    ) -> None:
        bare, self._known = credentials(url, header)
        self._url = bare.rstrip("/")
        self._named = dialect(name) if name else None
        self._limits = limits
        self._addresses = addresses
        self._wires: dict[tuple[str, str], Wire] = {}
        self._lock = threading.Lock()
        self.host: Final = shown_host(urlsplit(self._url))
        self._wire(self._url)

    @cached_property
    def spoken(self) -> Dialect:
        """The engine's profile: the one named, else that of the headers it answers with."""
        if self._named is not None:
            return self._named
        first = Authorization(self._known, "none")
        reply = self._exchange("HEAD", self._url, {}, None, self._limits.seconds, first)
        return recognized(reply.headers)

    def ask(
        self,
        text: str,
        accept: str,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        before: int = 0,
    ) -> Reply:
        """Gives the engine's answer to a query; `before` is what of the text is not the asker's."""
        dataset = [("default-graph-uri", iri) for iri in default]
        dataset += [("named-graph-uri", iri) for iri in named]
        url = self._address("query")
        style = self.spoken.query_style
        return self._post(url, style, "query", text, dataset, {"Accept": accept}, before, False)

    def update(self, text: str, using: Sequence[str] = (), named: Sequence[str] = ()) -> None:
        """Has the engine carry out an update."""
        dataset = [("using-graph-uri", iri) for iri in using]
        dataset += [("using-named-graph-uri", iri) for iri in named]
        url = self._address("update")
        self._post(url, self.spoken.update_style, "update", text, dataset, {}, 0, True)

    def graph(
        self,
        method: str,
        name: str | None,
        document: bytes | None = None,
        media_type: str = "",
        accept: str = "",
    ) -> Reply | None:
        """Gives the answer of the Graph Store Protocol for a graph, None where there is no such
        graph; the default graph has no name."""
        name = name or self.stand_in()
        which = "default" if name is None else urlencode({"graph": name})
        url = _with_query(self._address("graphs"), which)
        headers = {"Accept": accept} if accept else {}
        if document is not None:
            headers["Content-Type"] = media_type
        seconds = self._limits.seconds if method == "GET" else self._limits.upload_seconds
        reply = self._send(method, url, headers, document, seconds)
        if reply.status == 404 and method in ("GET", "DELETE", "HEAD"):
            return None
        return self._accepted(reply, 0)

    def stand_in(self) -> str | None:
        """Gives the graph that stands in for the default graph, where the engine has none."""
        return STAND_IN if self.spoken.default_graph == "union" else None

    def hidden(self) -> frozenset[str]:
        """Gives the graphs that are no data: the engine's own, and the one that stands in."""
        stand_in = self.stand_in()
        return frozenset(self.spoken.own_graphs) | ({stand_in} if stand_in else frozenset())

    def close(self) -> None:
        """Closes the connections."""
        with self._lock:
            wires = list(self._wires.values())
        for wire in wires:
            wire.close()

    @cached_property
    def _authorization(self) -> Authorization:
        for wire in self._wires.values():
            wire.most_idle = self.spoken.idle_connections
        return Authorization(self._known, self.spoken.auth)

    def _address(self, kind: str) -> str:
        given = self._addresses.get(kind)
        if given is not None:
            return credentials(given)[0]
        pattern: str = getattr(self.spoken, kind)
        return pattern.replace("{url}", self._url)

    def _post(
        self,
        url: str,
        style: str,
        name: str,
        text: str,
        dataset: list[tuple[str, str]],
        headers: dict[str, str],
        before: int,
        writing: bool,
    ) -> Reply:
        if style == "form":
            body = urlencode([(name, text), *dataset]).encode()
            headers["Content-Type"] = FORM
        else:
            url = _with_query(url, urlencode(dataset))
            body = text.encode()
            headers["Content-Type"] = f"{UPDATE if writing else QUERY}; charset=utf-8"
        seconds = self._limits.upload_seconds if writing else self._limits.seconds
        return self._accepted(self._send("POST", url, headers, body, seconds, writing), before)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        seconds: float,
        writing: bool | None = None,
    ) -> Reply:
        once = method != "GET" if writing is None else writing
        who = self._authorization
        if once and who.needs_challenge(body):
            asked = self._exchange(method, url, headers, b"", seconds, None, once)
            who.learn(asked.headers.get("www-authenticate", ""))
        reply = self._exchange(method, url, headers, body, seconds, who, once)
        if reply.status == 401 and who.learn(reply.headers.get("www-authenticate", "")):
            reply = self._exchange(method, url, headers, body, seconds, who, once)
        return reply

    def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        seconds: float,
        who: Authorization | None,
        once: bool = False,
    ) -> Reply:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        own = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        if who is not None:
            own |= who.headers(method, target)
        if once:
            own["Connection"] = "close"
        wire = self._wire(url)
        return wire.send(method, target, own, body, seconds, self._limits.result_bytes, once)

    def _accepted(self, reply: Reply, before: int) -> Reply:
        if 200 <= reply.status < 300:
            return reply
        raise refusal(reply, self.spoken, self.host, self._known, before)

    def _wire(self, url: str) -> Wire:
        parts = urlsplit(url)
        key = (parts.scheme, parts.netloc)
        with self._lock:
            if key not in self._wires:
                self._wires[key] = Wire(url)
            return self._wires[key]


def _with_query(url: str, query: str) -> str:
    if not query:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{query}"
