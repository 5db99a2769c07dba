from __future__ import annotations

import re
from pathlib import Path

import pytest

from mm_cli.main import main
from mm_cli.operations.unheeded_settings import NEEDLESS, UNHEEDED
from mm_config import KEYS
from mm_config.descriptions import WITHOUT_EFFECT, long_description

PACKAGES = Path(__file__).parents[2] / "packages"

DECLARING = {"keys.py", "descriptions.py", "options.py", "unheeded_settings.py"}
"""Modules that name settings without reading them."""


def read_settings() -> set[str]:
    """The settings that some code reads: their names as texts in brackets or calls."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in PACKAGES.glob("*/src/**/*.py")
        if path.name not in DECLARING
    )
    return {name for name in KEYS if re.search(rf'[(\[]\s*"{name}"', code)}


def test_every_setting_has_an_effect_or_is_named_as_having_none() -> None:
    settable = {name for name, key in KEYS.items() if key.rc or key.env}
    read = read_settings()
    assert settable - read == set(UNHEEDED) | set(NEEDLESS)
    assert not set(UNHEEDED) & set(NEEDLESS)


def test_the_descriptions_say_which_settings_have_no_effect() -> None:
    silent = {name for name, key in KEYS.items() if WITHOUT_EFFECT in long_description(key)}
    assert silent == set(UNHEEDED)


@pytest.mark.usefixtures("root_prefix")
def test_a_setting_without_effect_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    create = ["create", "-n", "x", "--dry-run", "https://h/noarch/a-1-0.conda"]
    assert main(create) == 0
    assert "effect" not in capsys.readouterr().err
    monkeypatch.setenv("MAMBA_VERIFY_ARTIFACTS", "true")
    monkeypatch.setenv("MAMBA_TRUSTED_CHANNELS", "x")
    assert main(create) == 0
    said = capsys.readouterr().err
    assert "'verify_artifacts' is set, but has no effect yet" in said
    assert "trusted_channels" not in said
    assert main([*create, "-v"]) == 0
    assert "'trusted_channels' is set, but has no effect yet" in capsys.readouterr().err


def test_anacondas_terms_are_pointed_out_once_a_command(
    root_prefix: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    search = ["search", "--offline", "a", "-c", "https://repo.anaconda.com/pkgs/main"]
    main(search)
    assert capsys.readouterr().err.count("terms of service") == 1
    monkeypatch.setenv("MAMBA_SHOW_ANACONDA_CHANNEL_WARNINGS", "false")
    main(search)
    assert "terms of service" not in capsys.readouterr().err
