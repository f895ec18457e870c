"""Who asks a remote engine: nobody, a name and password, a token, or any header.

http://name:password@host/…      Basic, or Digest where the engine's profile says so
header="Authorization: Bearer …" a token, or whatever a proxy in between wants to see
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import threading
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from ..errors import StoreUnavailable
from .dialects import Auth

HASHES: Final = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
LONG_BODY: Final = 32 * 1024
_PARAMETER: Final = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]*))')
_HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]+)")


@dataclass(frozen=True)
class Credentials:
    """What is shown to the engine; it is never written out."""

    name: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    header: tuple[str, str] | None = field(default=None, repr=False)

    def hide(self, text: str) -> str:
        """Gives a text without the secrets that it may repeat."""
        for secret in (self.password, self.header and self.header[1]):
            if secret:
                text = text.replace(secret, "…")
        return text


def credentials(url: str, header: str | None = None) -> tuple[str, Credentials]:
    """Gives a URL without the name and password in it, and what is shown to the engine.

    >>> credentials("http://me:p%40ss@db.example/ds")[0]
    'http://db.example/ds'
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    given = None
    if header:
        match = _HEADER.fullmatch(header.strip())
        if match is None:
            raise StoreUnavailable("the header for the engine is written NAME: VALUE")
        given = (match[1], match[2].rstrip())
    return bare, Credentials(unquote(parts.username or ""), unquote(parts.password or ""), given)


class Authorization:
    """The headers that a request needs; for Digest, a challenge is asked for first."""

    def __init__(self, known: Credentials, way: Auth) -> None:
        self._known = known
        self._way = way
        self._lock = threading.Lock()
        self._challenge: dict[str, str] = {}
        self._count = 0

    def headers(self, method: str, target: str) -> dict[str, str]:
        """Gives the headers for one request."""
        known = self._known
        if known.header is not None:
            return dict([known.header])
        if not known.name or self._way == "none":
            return {}
        if self._way == "basic":
            pair = f"{known.name}:{known.password}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return self._digest(method, target)

    def needs_challenge(self, body: bytes | None) -> bool:
        """Tells whether to ask for a challenge before a body is sent, which would be in vain.

        A challenge grows old; with a long body, an engine that refuses it breaks off.
        """
        if self._way != "digest" or not self._known.name or self._known.header is not None:
            return False
        return not self._challenge or len(body or b"") > LONG_BODY

    def learn(self, said: str) -> bool:
        """Takes the challenge of a 401; gives whether a request can be tried again with it."""
        scheme, _, rest = said.partition(" ")
        if self._way != "digest" or scheme.lower() != "digest" or not self._known.name:
            return False
        found = {name.lower(): text or bare for name, text, bare in _PARAMETER.findall(rest)}
        if found.get("algorithm", "MD5").upper() not in HASHES or "nonce" not in found:
            return False
        with self._lock:
            self._challenge, self._count = found, 0
        return True

    def _digest(self, method: str, target: str) -> dict[str, str]:
        """Gives the answer to the challenge (RFC 7616, section 3.4)."""
        with self._lock:
            self._count += 1
            challenge, count = self._challenge, f"{self._count:08x}"
        if not challenge:
            return {}
        algorithm = challenge.get("algorithm", "MD5").upper()
        realm, nonce, mine = challenge.get("realm", ""), challenge["nonce"], secrets.token_hex(8)

        def hashed(*parts: str) -> str:
            return HASHES[algorithm](":".join(parts).encode()).hexdigest()

        who = hashed(self._known.name, realm, self._known.password)
        what = hashed(method, target)
        given = {"username": self._known.name, "realm": realm, "nonce": nonce, "uri": target}
        if "auth" in re.split(r"[,\s]+", challenge.get("qop", "")):
            response = hashed(who, nonce, count, mine, "auth", what)
            more = f', qop=auth, nc={count}, cnonce="{mine}"'
        else:
            response, more = hashed(who, nonce, what), ""
        if "opaque" in challenge:
            given["opaque"] = challenge["opaque"]
        quoted = ", ".join(f'{name}="{_escaped(value)}"' for name, value in given.items())
        said = f'Digest {quoted}, response="{response}", algorithm={algorithm}{more}'
        return {"Authorization": said}


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
