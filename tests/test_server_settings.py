"""The one table of settings: what options, variables and README say of it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from hakusho.graph.limits import Limits
from hakusho.server.settings import (
    SETTINGS,
    BadSetting,
    Setting,
    Settings,
    UnknownSetting,
    environment_of,
    from_environment,
    setting,
)


def test_every_setting_is_said_in_both_languages() -> None:
    assert all(each.ja and each.en and each.ja != each.en for each in SETTINGS)


def test_every_limit_is_a_setting_and_the_settings_make_the_limits() -> None:
    assert Settings().limits() == Limits()
    for each in fields(Limits):
        assert setting(f"limit_{each.name}").default == getattr(Limits(), each.name)
    assert Settings({"limit_rows": 5}).limits().rows == 5


def test_a_variable_of_the_environment_sets_what_it_names() -> None:
    found = from_environment(
        {
            "HAKUSHO_PORT": "8080",
            "HAKUSHO_DATA": "/srv/hakusho",
            "HAKUSHO_VALIDATION": "false",
            "HAKUSHO_LIMIT_SECONDS": "2.5",
            "HAKUSHO_LIMIT_SERVICES": "https://a.example/, https://b.example/",
            "HAKUSHO_TOKEN": "",
            "PATH": "/bin",
        }
    )
    assert found == {
        "port": 8080,
        "data": Path("/srv/hakusho"),
        "validation": False,
        "limit_seconds": 2.5,
        "limit_services": frozenset({"https://a.example/", "https://b.example/"}),
    }


def test_a_variable_that_is_no_setting_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownSetting, match="HAKUSHO_PROT; did you mean HAKUSHO_PORT"):
        from_environment({"HAKUSHO_PROT": "8080"})
    with pytest.raises(UnknownSetting):
        Settings({"prot": 1})
    with pytest.raises(UnknownSetting):
        Settings()["prot"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("port", "eighty", "a whole number, 0 or more"),
        ("port", "-1", "a whole number, 0 or more"),
        ("workers", "0", "a whole number, 1 or more"),
        ("patience", "nan", "a number, 0 or more"),
        ("validation", "maybe", "true or false"),
        ("lang", "fr", "one of ja, en"),
    ],
)
def test_a_value_of_another_kind_is_refused(name: str, text: str, expected: str) -> None:
    with pytest.raises(BadSetting) as caught:
        setting(name).read(text)
    assert (caught.value.name, caught.value.got) == (setting(name).variable, text)
    assert caught.value.expected == expected


@pytest.mark.parametrize("each", SETTINGS, ids=lambda each: each.name)
def test_settings_reach_another_process_through_its_environment(each: Setting) -> None:
    settings = Settings({"limit_services": frozenset({"urn:a", "urn:b"}), "token": "s3cret"})
    assert Settings(from_environment(environment_of(settings)))[each.name] == settings[each.name]


def test_no_secret_can_be_read_off_a_command_line() -> None:
    from click import Context

    from hakusho.server.cli import COMMANDS, main

    context = Context(main)
    options = {
        option
        for name in COMMANDS
        for each in main.get_command(context, name).params  # type: ignore[union-attr]
        for option in each.opts
    }
    assert options.isdisjoint(each.option for each in SETTINGS if each.secret)
