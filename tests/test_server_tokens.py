"""Who may write: tokens of the settings and of a token file, and what each allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakusho.server.tokens import (
    BadTokenFile,
    NotAllowed,
    TokenMissing,
    Tokens,
    WritingOff,
    tokens_from,
)

FILE = """\
# who may write
plain-secret
publish second-secret  Tanaka Hanako

propose third-secret
"""


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    path = tmp_path / "tokens"
    path.write_text(FILE, encoding="utf-8")
    return tokens_from(file=path)


@pytest.mark.parametrize(
    ("secret", "role", "name"),
    [
        ("plain-secret", "publish", "publisher"),
        ("second-secret", "publish", "Tanaka Hanako"),
        ("third-secret", "propose", "proposer"),
    ],
)
def test_each_line_of_a_token_file_is_a_token(
    tokens: Tokens, secret: str, role: str, name: str
) -> None:
    token = tokens.allow(f"Bearer {secret}", "propose")
    assert (token.role, token.name) == (role, name)


def test_who_may_publish_may_propose_and_not_the_other_way_round(tokens: Tokens) -> None:
    assert tokens.allow("bearer plain-secret", "publish").role == "publish"
    with pytest.raises(NotAllowed, match="does not allow to publish"):
        tokens.allow("Bearer third-secret", "publish")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic plain-secret", "plain-secret"]
)
def test_without_a_bearer_token_nothing_is_allowed(tokens: Tokens, header: str | None) -> None:
    with pytest.raises(TokenMissing) as caught:
        tokens.allow(header, "propose")
    assert not caught.value.given


@pytest.mark.parametrize("secret", ["plain", "plain-secret2", "#", "propose", "ひみつ"])
def test_a_token_that_is_not_known_is_not_allowed(tokens: Tokens, secret: str) -> None:
    with pytest.raises(TokenMissing) as caught:
        tokens.allow(f"Bearer {secret}", "propose")
    assert caught.value.given


def test_without_any_token_writing_is_off() -> None:
    assert not tokens_from()
    with pytest.raises(WritingOff):
        tokens_from().allow("Bearer x", "publish")


def test_a_secret_is_not_shown(tokens: Tokens) -> None:
    token = tokens.allow("Bearer second-secret", "publish")
    assert "second-secret" not in f"{token!r} {token}"


def test_a_line_that_is_no_token_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text("secret\nadmin secret\n", encoding="utf-8")
    with pytest.raises(BadTokenFile, match=r"tokens:2: 'admin' is neither publish nor propose"):
        tokens_from(file=path)
    with pytest.raises(BadTokenFile, match="cannot be read"):
        tokens_from(file=tmp_path / "none")
