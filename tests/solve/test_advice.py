"""The line of advice: one family after the other; what it claims has been tried."""

from __future__ import annotations

from typing import Any

import pytest
from universe_factory import SYSTEM, MemorySource, install, pkg, prefix_of, run, specs

from mm_solve import ExcludeNewer, Request, Unsolvable
from mm_solve.virtual_packages import virtual_package

OTHER = "https://host/other"


def advice(request: Any, *sources: MemorySource, **more: Any) -> str:
    with pytest.raises(Unsolvable) as caught:
        run(request, *sources, **more)
    hint = caught.value.hint
    assert "\n" not in hint
    return hint


def pythons(*minors: int) -> list[dict[str, Any]]:
    return [pkg("python", f"3.{minor}.0") for minor in minors]


def test_typo() -> None:
    source = MemorySource([pkg("numpy"), pkg("zlib")])
    assert advice(install("numpi"), source) == "Did you mean numpy?"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("scikit_learn", "scikit-learn"),
        ("umpy", "numpy"),
        ("nmupy", "numpy"),
        ("pandsa", "pandas"),
        ("ruamel-yaml", "ruamel.yaml"),
    ],
)
def test_names_that_are_one_slip_away(typed: str, meant: str) -> None:
    names = ("scikit-learn", "numpy", "pandas", "ruamel.yaml", "zlib", "scikit-image")
    source = MemorySource([pkg(name) for name in names])
    assert advice(install(typed), source).startswith(f"Did you mean {meant}")


def test_a_name_of_any_channel_is_offered() -> None:
    sources = MemorySource([pkg("a")]), MemorySource([pkg("numpy")], OTHER)
    assert advice(install("nunpy"), *sources) == "Did you mean numpy?"


def test_missing_channel() -> None:
    source = MemorySource([pkg("numpy")], "https://host/conda-forge")
    line = advice(install("bioconductor-deseq2"), source)
    assert line == (
        "bioconductor-deseq2 is not in the channels you gave: conda-forge. -c bioconda may have it."
    )


def test_a_missing_dependency_names_the_channels() -> None:
    source = MemorySource([pkg("a", depends=["gone >=2", "lost"])], "https://host/conda-forge")
    assert advice(install("a"), source) in {
        "gone is not in the channels you gave: conda-forge.",
        "lost is not in the channels you gave: conda-forge.",
    }


def test_conda_forge_is_offered_where_it_is_not_used() -> None:
    assert advice(install("qqq"), MemorySource([pkg("a")])) == (
        "qqq is not in the channels you gave: chan. -c conda-forge may have it."
    )


def test_the_channel_of_a_spec_does_not_have_it() -> None:
    sources = MemorySource([pkg("a")]), MemorySource([pkg("b", "2.0")], OTHER)
    assert advice(install("chan::b"), *sources) == "chan has no b, but other has."


def test_a_platform_that_is_not_looked_at() -> None:
    line = advice(install("a[subdir=win-64]"), MemorySource([pkg("a")]))
    assert "--platform win-64" in line
    assert "linux-64" in line


def test_version() -> None:
    source = MemorySource([pkg("numpy", "1.0"), pkg("numpy", "1.10")])
    assert (
        advice(install("numpy>=99"), source) == "The newest numpy in the channels you gave is 1.10."
    )


def test_build() -> None:
    source = MemorySource([pkg("a", build="py310_0"), pkg("a", build="py311_0")])
    line = advice(install("a=1.0=py39_0"), source)
    assert line == "No build of a fits; of those versions there is py310_0|py311_0."


@pytest.mark.parametrize(
    ("depends", "here", "line"),
    [
        (
            "__cuda >=12",
            None,
            "It needs __cuda >=12, and this machine has none. "
            "CONDA_OVERRIDE_CUDA=12 pretends otherwise.",
        ),
        (
            "__cuda >=12.4,<13",
            "11.8",
            "It needs __cuda >=12.4,<13, and this machine has 11.8. "
            "CONDA_OVERRIDE_CUDA=12.4 pretends otherwise.",
        ),
        ("__win", None, "This is for Windows; the solve is for linux-64."),
        ("__osx >=11", None, "This is for macOS; the solve is for linux-64."),
    ],
)
def test_virtual_packages(depends: str, here: str | None, line: str) -> None:
    source = MemorySource([pkg("gpu", depends=[depends])])
    system = [*SYSTEM, virtual_package("__cuda", here)] if here else SYSTEM
    assert advice(install("gpu"), source, system=system) == line


def test_glibc() -> None:
    source = MemorySource([pkg("new", depends=["__glibc >=2.40"])])
    line = advice(install("new"), source)
    assert "this machine has 2.36" in line
    assert "CONDA_OVERRIDE_GLIBC=2.40" in line


def test_constraint_on_the_system() -> None:
    source = MemorySource([pkg("cuda-version", "13", constrains=["__cuda >=13"])])
    system = [*SYSTEM, virtual_package("__cuda", "12")]
    line = advice(install("cuda-version"), source, system=system)
    assert "__cuda >=13" in line
    assert "this machine has 12" in line


def test_pin() -> None:
    source = MemorySource([*pythons(8, 11), pkg("new", depends=["python >=3.11"])])
    pins = specs("python=3.8")
    line = advice(install("new", pins=pins), source)
    assert line.startswith("conda-meta/pinned or pinned_packages pins python=3.8:")
    assert "--no-pin" in line
    line = advice(install("new", pins=pins, pin_origins={"python=3.8": "/p/pinned"}), source)
    assert line.startswith("/p/pinned pins python=3.8:")


def test_automatic_python_pin() -> None:
    source = MemorySource([*pythons(8, 11), pkg("new", depends=["python >=3.11"])])
    line = advice(install("new"), source, installed=prefix_of(*pythons(8)))
    assert line == (
        "python stays at its installed 3.8.0 unless it is asked for (python 3.11.0 would work): "
        "name a python, or give --no-py-pin."
    )


def test_freeze() -> None:
    source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0"), pkg("b", depends=["a>=2"])])
    line = advice(install("b", freeze_installed=True), source, installed=prefix_of(pkg("a", "1.0")))
    assert line == "a may not change: leave --freeze-installed (freeze_installed) out."


def test_downgrade() -> None:
    source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0"), pkg("b", depends=["a<2"])])
    line = advice(install("b"), source, installed=prefix_of(pkg("a", "2.0")), allow_downgrade=False)
    assert "--allow-downgrade" in line


def test_another_version_of_python_is_tried() -> None:
    tool = [pkg("tool", "1.0", ["python <3.10"]), pkg("tool", "2.0", ["python >=3.10,<3.13"])]
    source = MemorySource([*pythons(8, 9, 10, 11, 12, 13), *tool])
    assert advice(install("tool>=2", "python=3.9"), source) == (
        "It would work with python 3.12.0 instead of python=3.9, "
        "or with tool 1.0 instead of tool>=2."
    )


def test_python_that_is_too_new() -> None:
    source = MemorySource([*pythons(11, 12, 13), pkg("old", depends=["python <3.12"])])
    line = advice(install("old", "python=3.13"), source)
    assert line == "It would work with python 3.11.0 instead of python=3.13."


def test_one_name_twice() -> None:
    line = advice(install("python=3.11", "python=3.12"), MemorySource(pythons(11, 12)))
    assert "keep one of them" in line


def test_leave_one_out() -> None:
    source = MemorySource(
        [
            pkg("a", depends=["lib 1.*"]),
            pkg("b", depends=["lib 2.*"]),
            pkg("lib", "1.0"),
            pkg("lib", "2.0"),
        ]
    )
    assert advice(install("a", "b"), source) == "It would work without a or b."


def test_strict_priority() -> None:
    sources = MemorySource([pkg("a", "1.0")]), MemorySource([pkg("a", "2.0")], OTHER)
    line = advice(install("a>=2"), *sources, channel_priority="strict")
    assert line == (
        "Strict channel priority hides a 2.0 of a lower channel: "
        "--channel-priority flexible would find it."
    )


def test_strict_priority_is_not_blamed_for_everything() -> None:
    sources = MemorySource([pkg("a", "1.0")]), MemorySource([pkg("a", "2.0")], OTHER)
    line = advice(install("a>=3"), *sources, channel_priority="strict")
    assert "priority" not in line


def test_exclude_newer() -> None:
    source = MemorySource([pkg("a", "1.0", timestamp=1_000), pkg("a", "2.0", timestamp=2_000_000)])
    rule = ExcludeNewer(everything=1_500_000_000)
    line = advice(install("a>=2"), source, exclude_newer=rule)
    assert line == "exclude_newer hides a 2.0: allow a later date, or exempt the package."
    assert "exclude_newer" not in advice(install("a>=3"), source, exclude_newer=rule)


def test_only_tar_bz2() -> None:
    source = MemorySource([pkg("a"), pkg("b", fn="b-1.0-0.tar.bz2")])
    line = advice(install("a"), source, only_tar_bz2=True)
    assert "use_only_tar_bz2" in line


def test_what_is_removed_is_needed() -> None:
    source = MemorySource([pkg("a", depends=["b"]), pkg("b")])
    installed = prefix_of(pkg("a", depends=["b"]), pkg("b"))
    line = advice(Request(install=specs("a"), remove=specs("b")), source, installed=installed)
    assert line == "a cannot stay without b: give one up."


def test_hostile_text_does_not_reach_a_terminal() -> None:
    evil = "0\x1b[31m\u202e"
    source = MemorySource([pkg("a", build=evil)], f"https://host/{evil}")
    for request in (install("a=1.0=other"), install("b"), install("a>=2")):
        with pytest.raises(Unsolvable) as caught:
            run(request, source)
        error = caught.value
        for text in (error.message, error.hint, error.explanation(), *error.problems):
            assert all(line.isprintable() for line in text.splitlines())
