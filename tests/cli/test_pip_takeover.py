"""prefix_data_interoperability: a conda package takes the place of pip's of its name."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def site_packages(user) -> Path:
    """An environment into which pip has installed Greet 0.5, and something else."""
    user.change("create", "-n", "e", "greet-language")
    site = user.env("e") / "lib" / "python3.11" / "site-packages"
    for name, title in (("greet", "Greet"), ("other", "other")):
        info = site / f"{name}-0.5.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {title}\nVersion: 0.5\n")
        (site / name).mkdir()
        (site / name / "__init__.py").write_text("")
        listed = [
            f"{name}/__init__.py",
            f"{name}-0.5.dist-info/METADATA",
            f"{name}-0.5.dist-info/RECORD",
        ]
        listed += ["../../../../../outside", "/etc/passwd", "gone.py", "../../../bin/greet-pip"]
        (info / "RECORD").write_text("".join(f'"{path}",,\n' for path in listed))
    (user.env("e") / "bin").mkdir(exist_ok=True)
    (user.env("e") / "bin" / "greet-pip").write_text("#!/bin/sh\n")
    (user.env("e").parent / "outside").write_text("stays")
    return site


@pytest.fixture
def interoperable(user, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_PREFIX_DATA_INTEROPERABILITY", "true")


def test_without_the_setting_pips_stays(user, site_packages: Path) -> None:
    assert user.change("install", "-n", "e", "greet") == 0
    assert (site_packages / "greet-0.5.dist-info").exists()


@pytest.mark.usefixtures("interoperable")
def test_pips_leaves_and_condas_comes(user, site_packages: Path) -> None:
    assert user.change("install", "-n", "e", "greet") == 0, user.err
    assert "- greet" in user.out
    assert "pypi_0" in user.out
    assert not (site_packages / "greet-0.5.dist-info").exists()
    assert not (site_packages / "greet").exists()
    assert not (user.env("e") / "bin" / "greet-pip").exists()
    assert (site_packages / "other-0.5.dist-info" / "METADATA").exists()
    assert (user.env("e").parent / "outside").read_text() == "stays"
    names = [package["name"] for package in user.data("list", "-n", "e")["packages"]]
    assert sorted(names) == ["greet", "greet-language", "greet-phrases", "other"]
    assert user.records("e")["greet"]["version"] == "2.0"


@pytest.mark.usefixtures("interoperable")
def test_a_dry_run_and_its_plan(user, site_packages: Path, tmp_path: Path) -> None:
    plan = str(tmp_path / "plan.json")
    assert user.change("install", "-n", "e", "greet", "--dry-run", "-o", plan) == 0
    assert (site_packages / "greet-0.5.dist-info").exists()
    assert user.run("apply", plan, "-y") == 0, user.err
    assert not (site_packages / "greet-0.5.dist-info").exists()


@pytest.mark.usefixtures("interoperable")
def test_what_fails_brings_it_back(user, site_packages: Path, monkeypatch) -> None:
    (user.env("e") / "conda-meta" / "frozen").write_text("")
    assert user.change("install", "-n", "e", "greet") == 1
    assert (site_packages / "greet" / "__init__.py").exists()
