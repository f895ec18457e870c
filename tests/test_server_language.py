"""Japanese and English: which one a reader gets, and that no page lacks a text in either."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import hakusho.server
from hakusho.server.language import text
from hakusho.server.texts.files import texts

SERVER = Path(hakusho.server.__file__).parent
SAID = re.compile(r"""\btext\(\s*"(\w+\.\w+)",""")
KEY = re.compile(r"""\bt\("([\w.]+)"[,)]""")


@pytest.mark.parametrize(
    ("path", "accept", "lang"),
    [
        ("/", "", "ja"),
        ("/", "en", "en"),
        ("/", "ja, en;q=0.5", "ja"),
        ("/", "fr, en;q=0.5", "en"),
        ("/", "fr", "ja"),
        ("/?lang=en", "ja", "en"),
        ("/?lang=ja", "en", "ja"),
        ("/?lang=fr", "en", "en"),
    ],
)
def test_the_address_decides_the_language_and_then_the_reader_s_wish(
    client: FlaskClient, path: str, accept: str, lang: str
) -> None:
    page = client.get(path, headers={"Accept-Language": accept})
    assert f'<html lang="{lang}">' in page.text
    assert "Accept-Language" in page.vary


def test_a_chosen_language_is_kept_by_every_link_and_the_switch_keeps_the_rest(
    client: FlaskClient,
) -> None:
    page = client.get("/links?challenge=challenge/attack&lang=en").text
    local = re.findall(r'href="(/[^"]*)"', page)
    unkept = [href for href in local if "lang=" not in href and not href.startswith("/static")]
    assert unkept == []
    assert "/links?challenge=challenge/attack&amp;lang=ja" in page


def test_every_text_is_said_in_both_languages() -> None:
    for section, entries in texts("pages").items():
        for name, said in entries.items():
            assert said.keys() == {"ja", "en"}, f"{section}.{name}"
            placeholders = [set(re.findall(r"{(\w+)}", said[lang])) for lang in ("ja", "en")]
            assert placeholders[0] == placeholders[1], f"{section}.{name}"


def test_english_counts() -> None:
    said = [
        str(text("links.count", "en", policies=n, links=m)) for n, m in ((1, 1), (2, 1), (0, 3))
    ]
    assert said == ["1 policy, 1 link", "2 policies, 1 link", "0 policies, 3 links"]
    assert str(text("links.count", "ja", policies=1, links=2)) == "1施策、2件の関連付け"


def test_every_english_word_that_goes_with_a_number_has_two_forms() -> None:
    for section, entries in texts("pages").items():
        for name, said in entries.items():
            for words in re.findall(r"{\w+:([^}]*)}", said["en"]):
                assert words.count("|") == 1, f"{section}.{name}"
            assert not re.search(r"{\w+:", said["ja"]), f"{section}.{name}"


def test_every_text_that_a_page_asks_for_is_there_and_none_is_idle() -> None:
    known = {f"{section}.{name}" for section, entries in texts("pages").items() for name in entries}
    asked = {
        key
        for path in (SERVER / "templates").rglob("*.html")
        for key in KEY.findall(path.read_text(encoding="utf-8"))
    }
    asked |= {
        key
        for path in SERVER.rglob("*.py")
        for key in SAID.findall(path.read_text(encoding="utf-8"))
    }
    assert asked <= known
    by_section = (
        "nav.",
        "home.",
        "ontology.",
        "group.",
        "kinds.",
        "views.",
        "formats.",
        "programs.",
        "past.",
        "chart.",
        "lists.",
        "policy.",
        "place.",
        "edition.",
        "compare.",
        "refusal.",
        "called.",
        "numbered.",
    )
    idle = {key for key in known - asked if not key.startswith(by_section)}
    assert idle == set()


def test_no_template_carries_text_of_its_own() -> None:
    for path in (SERVER / "templates").rglob("*.html"):
        text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", " ", path.read_text(encoding="utf-8"))
        assert not re.search(r"[぀-ヿ一-鿿]{2,}", text), path
