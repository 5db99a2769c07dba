"""Settings from rc files, the environment and the command line; where prefixes are."""

from __future__ import annotations

import pytest
from harness import Micromamba


def value(mm: Micromamba, key: str, *words: str, **environ: str) -> str:
    return mm("config", "list", key, "--sources", *words, **environ).out


def test_the_command_line_beats_the_environment_beats_the_rc_file(mm: Micromamba) -> None:
    (mm.home / ".condarc").write_text("ssl_verify: from-rc\nremote_max_retries: 5\n")
    (mm.home / ".mambarc").write_text("channel_priority: disabled\n")
    assert "disabled" in value(mm, "channel_priority")
    assert ".mambarc" in value(mm, "channel_priority")
    assert "strict" in value(mm, "channel_priority", MAMBA_CHANNEL_PRIORITY="strict")
    assert "MAMBA_CHANNEL_PRIORITY" in value(
        mm, "channel_priority", MAMBA_CHANNEL_PRIORITY="strict"
    )


def test_config_sources_lists_the_files_in_order(mm) -> None:
    (mm.home / ".condarc").write_text("offline: false\n")
    (mm.home / ".mambarc").write_text("offline: false\n")
    lines = mm("config", "sources").out.splitlines()
    assert lines[0] == "Configuration files (by precedence order):"
    assert [line.strip() for line in lines[1:]][:2] == ["~/.mambarc", "~/.condarc"]


def test_no_rc_reads_none(mm) -> None:
    (mm.home / ".condarc").write_text("channels: [from-rc]\n")
    assert "from-rc" in mm("config", "list").out
    assert "from-rc" not in mm("config", "list", "--no-rc").out
    assert "disabled by --no-rc flag" in mm("config", "sources", "--no-rc").out


def test_prefixes_of_the_command_line(mm, small_channel) -> None:
    other = mm.home / "other-root"
    mm("create", "-y", "-q", "-r", other, "-n", "e", "-c", small_channel, "greet-language")
    assert (other / "envs/e/conda-meta").is_dir()
    mm("create", "-y", "-q", "-p", mm.home / "here", "-c", small_channel, "greet-language")
    assert (mm.home / "here/conda-meta").is_dir()
    mm("create", "-y", "-q", "-p", "./relative", "-c", small_channel, "greet-language")
    assert (mm.home / "relative/conda-meta").is_dir()


def test_the_active_environment_is_the_target_of_install(mm, small_channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet-language")
    mm("install", "-y", "-q", "-c", small_channel, "greet", CONDA_PREFIX=str(mm.env("e")))
    assert "greet" in mm.records("e")


def test_an_environment_outside_the_root_is_known(mm, small_channel) -> None:
    outside = mm.home / "outside"
    mm("create", "-y", "-q", "-p", outside, "-c", small_channel, "greet-language")
    assert str(outside) in mm("env", "list", "--json").json()["envs"]


def test_version_prints_the_version_and_nothing_else(mm) -> None:
    done = mm("--version")
    assert done.out.startswith("2.8.")
    assert len(done.out.splitlines()) == 1
    assert done.err == ""


def test_no_command_prints_the_help(mm) -> None:
    assert "create" in mm().out


@pytest.mark.parametrize("flag", ["--index-cache", "--packages", "--tarballs", "--all"])
def test_clean_takes_what_it_is_told_and_no_more(mm, small_channel, serve, flag: str) -> None:
    server = serve(small_channel)
    mm("create", "-y", "-q", "-n", "e", "-c", server.url, "greet-language")
    mm("create", "-y", "-q", "-n", "f", "-c", server.url, "greet")
    mm("clean", "-y", flag)
    pkgs = mm.root / "pkgs"
    everything = flag == "--all"
    assert bool(list(pkgs.glob("*.conda"))) != (everything or flag == "--tarballs")
    assert bool(list(pkgs.glob("cache/*"))) != (everything or flag == "--index-cache")
    assert (pkgs / "greet-2.0-demo_0").is_dir()  # still installed in f
    mm("run", "-n", "f", "greet")
