"""Query time that each client has: what it spends comes back with time, so nobody takes it all.

A client has `seconds` of query time and gets as much back each minute. It stands behind the cache,
so an answer that is given again costs nothing; what is counted is the time that the application
works on an answer, not the time that a slow reader takes to fetch it.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import TYPE_CHECKING, Final

from ..graph.errors import HakushoError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MINUTE: Final = 60.0
MOST_CLIENTS: Final = 10_000
"""How many clients are remembered; beyond that, the one that came longest ago is forgotten."""
FREE: Final = frozenset({"healthz", "readyz", "metrics", "problems", "static"})
"""What is never refused: who watches over the service, and who reads why they were refused."""

BUDGET: Final = "hakusho.budget"
"""The name of the budget among an application's extensions."""

Refuse = Callable[["WSGIEnvironment", Exception], "WSGIApplication"]


class OverBudget(HakushoError):
    """A client that has used up its query time; `retry_after` is when it has some again."""

    def __init__(self, seconds: float, retry_after: int) -> None:
        super().__init__(seconds, retry_after)
        self.seconds = seconds
        self.retry_after = retry_after

    def __str__(self) -> str:
        return (
            f"your queries have used up {self.seconds:g} seconds of query time per minute; "
            f"there is more in {self.retry_after} s"
        )


@dataclass
class _Account:
    """What a client has left at a time, and what it is spending: many queries may run at once."""

    left: float
    at: float
    running: int = 0

    def settle(self, now: float, seconds: float) -> None:
        """Brings it up to date: time gives back, and each running query takes."""
        passed = now - self.at
        self.left += passed * (seconds / MINUTE - self.running)
        self.left, self.at = min(self.left, seconds), now


class Budget:
    """The query time of every client."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds: Final = seconds
        self._clock = clock
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self._lock = Lock()
        self.refused = 0
        """How many requests were refused."""

    def begin(self, client: str, refuse: bool = True) -> _Account:
        """Takes from a client's time until that is ended, or refuses one that has none left."""
        with self._lock:
            account = self._account(client)
            if account.left > 0 or not refuse:
                account.running += 1
                return account
            self.refused += 1
        # By the time that is told it has to have some: a whole second, and never none.
        wait = math.floor(-account.left * MINUTE / self.seconds) + 1
        raise OverBudget(self.seconds, wait)

    def end(self, account: _Account) -> None:
        """Takes no more for what was begun."""
        with self._lock:
            account.settle(self._clock(), self.seconds)
            account.running -= 1

    def _account(self, client: str) -> _Account:
        now = self._clock()
        account = self._accounts.get(client)
        if account is None:
            account = self._accounts[client] = _Account(self.seconds, now)
            if len(self._accounts) > MOST_CLIENTS:
                self._accounts.popitem(last=False)
        else:
            self._accounts.move_to_end(client)
            account.settle(now, self.seconds)
        return account


class Budgeted:
    """A WSGI application that counts what each client takes of another one's time."""

    def __init__(
        self,
        app: WSGIApplication,
        budget: Budget,
        proxies: int,
        exempt: Callable[[WSGIEnvironment], bool],
        refuse: Refuse,
    ) -> None:
        self._app = app
        self._budget = budget
        self._proxies = proxies
        self._exempt = exempt
        self._refuse = refuse

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if _place(environ) in FREE or self._exempt(environ):
            return self._app(environ, start_response)
        client = client_of(environ, self._proxies)
        try:
            account = self._budget.begin(client)
        except OverBudget as error:
            return self._refuse(environ, error)(environ, start_response)
        try:
            pieces = self._app(environ, start_response)
        finally:
            self._budget.end(account)
        return pieces if isinstance(pieces, list) else _Counted(pieces, self._budget, client)


class _Counted:
    """The pieces of an answer, each counted while it is made."""

    def __init__(self, pieces: Iterable[bytes], budget: Budget, client: str) -> None:
        self._pieces = pieces
        self._budget = budget
        self._client = client

    def __iter__(self) -> Iterator[bytes]:
        rest = iter(self._pieces)
        while True:
            # What was begun is seen to its end, and may use up more than there was.
            account = self._budget.begin(self._client, refuse=False)
            try:
                piece = next(rest, None)
            finally:
                self._budget.end(account)
            if piece is None:
                return
            yield piece

    def close(self) -> None:
        """Ends the answer, whether or not it was read to its end."""
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()


def client_of(environ: WSGIEnvironment, proxies: int = 0) -> str:
    """Gives who asks: the address that connects, or the one that the outermost of so many trusted
    proxies saw; of IPv6 the half that says which network, since a client has all of the other half.

    >>> client_of({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.0.2.7"}, 1)
    '192.0.2.7'
    >>> client_of({"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"})
    '2001:db8:1:2::'
    """
    address: str = environ.get("REMOTE_ADDR", "")
    if proxies:
        hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        # What stands further left than the trusted proxies wrote is whatever the client said.
        address = hops[-proxies:][0] or address
    return _network(address)


def _place(environ: WSGIEnvironment) -> str:
    """Gives the first step of an address's path."""
    path: str = environ.get("PATH_INFO", "")
    return path[1:].partition("/")[0]


@lru_cache(4_096)
def _network(address: str) -> str:
    bare = address[1:].partition("]")[0] if address.startswith("[") else address
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return bare[:64]
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)
