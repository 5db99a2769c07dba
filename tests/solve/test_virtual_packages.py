from __future__ import annotations

import pytest

from mm_solve import detect_virtual_packages
from mm_solve.virtual_packages import _x86_level

HIDDEN = {"CONDA_OVERRIDE_CUDA": ""}


def found(platform: str, **env: str) -> dict[str, tuple[str, str]]:
    values = {**HIDDEN, **{f"CONDA_OVERRIDE_{key}": value for key, value in env.items()}}
    return {p.name: (p.version, p.build) for p in detect_virtual_packages(platform, values)}


def test_overrides_on_linux() -> None:
    assert found("linux-64", LINUX="5.15.2", GLIBC="2.28", ARCHSPEC="zen4", CUDA="12.9") == {
        "__unix": ("0", "0"),
        "__linux": ("5.15.2", "0"),
        "__glibc": ("2.28", "0"),
        "__cuda": ("12.9", "0"),
        "__archspec": ("1", "zen4"),
    }


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        ("linux-aarch64", {"__unix", "__linux", "__glibc", "__archspec"}),
        ("osx-arm64", {"__unix", "__osx", "__archspec"}),
        ("win-64", {"__win", "__archspec"}),
        ("emscripten-wasm32", {"__unix", "__archspec"}),
        ("noarch", set()),
    ],
)
def test_which_there_are(platform: str, names: set[str]) -> None:
    assert set(found(platform)) == names


def test_every_record_is_of_the_platform() -> None:
    assert {p.subdir for p in detect_virtual_packages("osx-64", HIDDEN)} == {"osx-64"}


def test_an_empty_override_hides() -> None:
    assert "__cuda" not in found("linux-64", CUDA="")
    assert "__glibc" not in found("linux-64", GLIBC="")


def test_cuda_arch_needs_cuda() -> None:
    assert "__cuda_arch" not in found("linux-64", CUDA_ARCH="8.6")
    assert found("linux-64", CUDA="12", CUDA_ARCH="8.6")["__cuda_arch"] == ("8.6", "0")


def test_a_kernel_version_that_is_none_is_ignored_with_a_warning() -> None:
    heard: list[str] = []
    records = detect_virtual_packages(
        "linux-64", {**HIDDEN, "CONDA_OVERRIDE_LINUX": "new"}, heard.append
    )
    assert heard == ["CONDA_OVERRIDE_LINUX=new is not a kernel version; it is ignored"]
    assert next(p for p in records if p.name == "__linux").version != "new"


def test_another_system_has_defaults() -> None:
    assert found("osx-64", OSX="14.1")["__osx"] == ("14.1", "0")
    assert found("win-64", WIN="10.0.19045")["__win"] == ("10.0.19045", "0")


@pytest.mark.parametrize(
    ("flags", "level"),
    [
        ("", "x86_64"),
        ("popcnt pni ssse3 sse4_1 sse4_2", "x86_64_v2"),
        ("popcnt pni ssse3 sse4_1 sse4_2 avx avx2 bmi1 bmi2 fma", "x86_64_v3"),
        ("avx avx2 bmi1 bmi2 fma", "x86_64"),
    ],
)
def test_x86_levels(flags: str, level: str) -> None:
    assert _x86_level(frozenset(flags.split())) == level


def test_architectures() -> None:
    assert found("linux-aarch64")["__archspec"] == ("1", "aarch64")
    assert found("linux-32")["__archspec"] == ("1", "x86")
