"""Who may write: bearer tokens and what each allows.

Reading needs no secret. A token comes from a setting or from a token file with one token a line:

    # comment
    s3cret-of-the-publisher                a token alone may publish
    publish another-secret Tanaka          what it allows, the token, and whose it is
    propose a-third-secret newsroom
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ..graph.errors import HakushoError

Role = Literal["propose", "publish"]

ROLES: Final[tuple[Role, ...]] = ("propose", "publish")
"""From the least to the most that a token allows."""


class WritingOff(HakushoError):
    """A request to write where no token has been set up."""

    def __str__(self) -> str:
        return "writing over HTTP is off here: no token is configured"


class TokenMissing(HakushoError):
    """A request to write that carries no bearer token, or one that is not known."""

    def __init__(self, given: bool) -> None:
        super().__init__(given)
        self.given = given

    def __str__(self) -> str:
        if self.given:
            return "the bearer token is not one that is known here"
        return "writing needs a bearer token: Authorization: Bearer TOKEN"


class NotAllowed(HakushoError):
    """A token that is known but does not allow what was asked."""

    def __init__(self, role: Role) -> None:
        super().__init__(role)
        self.role = role

    def __str__(self) -> str:
        return f"this token does not allow to {self.role}"


class BadTokenFile(HakushoError):
    """A token file with a line that is not a token."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(path, line, problem)
        self.path = path
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


@dataclass(frozen=True)
class Token:
    """A secret, what it allows and whose it is."""

    secret: str
    role: Role
    name: str

    def __repr__(self) -> str:
        return f"Token({self.role}, {self.name})"


class Tokens:
    """All tokens that are known here."""

    def __init__(self, tokens: Iterable[Token] = ()) -> None:
        self._tokens = tuple(tokens)

    def __bool__(self) -> bool:
        return bool(self._tokens)

    def allow(self, authorization: str | None, role: Role) -> Token:
        """Gives the token of an Authorization header that allows a role, or says why not."""
        if not self._tokens:
            raise WritingOff
        scheme, _, secret = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise TokenMissing(given=False)
        given = secret.strip().encode()
        # Every token is compared, each in constant time: how long it takes tells nothing.
        matches = [
            token for token in self._tokens if hmac.compare_digest(token.secret.encode(), given)
        ]
        if not matches:
            raise TokenMissing(given=True)
        token = max(matches, key=lambda each: ROLES.index(each.role))
        if ROLES.index(token.role) < ROLES.index(role):
            raise NotAllowed(role)
        return token


def tokens_from(
    publish: str | None = None, propose: str | None = None, file: Path | None = None
) -> Tokens:
    """Gives the tokens of the settings and of a token file."""
    found = []
    if publish:
        found.append(Token(publish, "publish", "publisher"))
    if propose:
        found.append(Token(propose, "propose", "proposer"))
    if file is not None:
        found += _read(file)
    return Tokens(found)


def _read(path: Path) -> list[Token]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadTokenFile(path, 0, f"cannot be read: {error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        words = line.split(None, 2)
        if not words or words[0].startswith("#"):
            continue
        if len(words) == 1:
            found.append(Token(words[0], "publish", "publisher"))
            continue
        role = next((each for each in ROLES if each == words[0]), None)
        if role is None:
            raise BadTokenFile(path, number, f"{words[0]!r} is neither publish nor propose")
        found.append(
            Token(
                words[1],
                role,
                words[2]
                if len(words) > 2
                else {"publish": "publisher", "propose": "proposer"}[role],
            )
        )
    return found
