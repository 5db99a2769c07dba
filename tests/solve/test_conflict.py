"""Explanations: short, in the user's words, and about the real cause."""

from __future__ import annotations

from typing import Any

import pytest
from universe_factory import SYSTEM, MemorySource, install, pkg, prefix_of, run, specs

from mm_solve import Unsolvable, explain
from mm_solve.virtual_packages import virtual_package


def failure(request: Any, *sources: MemorySource, **more: Any) -> Unsolvable:
    with pytest.raises(Unsolvable) as caught:
        run(request, *sources, **more)
    return caught.value


def tree(*lines: str) -> str:
    return "\n".join(lines)


def pythons() -> list[dict[str, Any]]:
    return [pkg("python", f"3.{minor}.0") for minor in range(8, 14)]


def test_unknown_package() -> None:
    error = failure(install("numpi"), MemorySource([pkg("numpy"), pkg("zlib")]))
    assert error.explanation() == tree(
        "The following package could not be installed",
        "└─ numpi does not exist (did you mean numpy?).",
    )
    assert error.conflict.demands[0].similar == ("numpy",)
    assert error.problems == ["nothing provides requested numpi"]
    assert str(error) == "Could not solve for environment specs: numpi cannot be installed"


def test_unknown_package_like_nothing() -> None:
    error = failure(install("qqq"), MemorySource([pkg("numpy")]))
    assert "qqq does not exist (perhaps a typo or a missing channel)." in error.explanation()


def test_unknown_version() -> None:
    error = failure(install("numpy>=99"), MemorySource([pkg("numpy", "1.0"), pkg("numpy", "2.0")]))
    assert "does not exist (there is numpy 1.0|2.0)." in error.explanation()


def test_dependency_that_does_not_exist() -> None:
    error = failure(install("a"), MemorySource([pkg("a", depends=["gone >=2"])]))
    assert error.explanation() == tree(
        "The following package could not be installed",
        "└─ a is not installable because it requires",
        "   └─ gone >=2, which does not exist (perhaps a missing channel).",
    )


def test_missing_virtual_package() -> None:
    error = failure(install("gpu"), MemorySource([pkg("gpu", depends=["__cuda >=12"])]))
    assert "__cuda >=12, which is missing on the system." in error.explanation()


def test_virtual_package_too_old() -> None:
    source = MemorySource([pkg("new", depends=["__glibc >=2.40"])])
    text = failure(install("new"), source).explanation()
    assert "__glibc >=2.40, which is missing on the system (it has 2.36)." in text


def test_constraint_on_a_virtual_package() -> None:
    source = MemorySource([pkg("cuda-version", "13", constrains=["__cuda >=13"])])
    system = [*SYSTEM, virtual_package("__cuda", "12")]
    text = failure(install("cuda-version"), source, system=system).explanation()
    assert "__cuda >=13" in text
    assert "cuda-version is not installable" in text


def test_version_conflict_names_the_shared_dependency_once() -> None:
    source = MemorySource(
        [
            *pythons(),
            *(
                pkg("numpy", "2.3", [f"python >=3.{m},<3.{m + 1}"], build=f"py3{m}_0")
                for m in range(10, 14)
            ),
        ]
    )
    error = failure(install("numpy", "python=3.8"), source)
    lines = error.explanation().splitlines()
    assert lines[0] == "The following packages are incompatible"
    assert lines[1].startswith("├─ python=3.8") or lines[1].startswith("├─ python 3.8")
    assert lines[1].endswith(" is requested and can be installed;")
    assert lines[2] == "└─ numpy is not installable because it requires"
    assert lines[3].endswith("which conflicts with any installable versions previously reported.")
    assert len(lines) == 4


def test_only_what_matters_is_named() -> None:
    noise = [pkg(f"noise{i}", depends=["python"]) for i in range(30)]
    source = MemorySource(
        [
            *pythons(),
            *noise,
            pkg("a", depends=["lib <2", "python", *(n["name"] for n in noise)]),
            pkg("b", depends=["lib >=2", "python"]),
            pkg("lib", "1.0"),
            pkg("lib", "2.0"),
        ]
    )
    error = failure(install("a", "b", "noise3", "python"), source)
    assert {d.name for d in error.conflict.demands} == {"a", "b"}
    assert error.explanation() == tree(
        "The following packages are incompatible",
        "├─ a is installable and it requires",
        "│  └─ lib <2, which can be installed;",
        "└─ b is not installable because it requires",
        "   └─ lib >=2, which conflicts with any installable versions previously reported.",
    )


def test_many_versions_are_a_few_lines() -> None:
    records = [*pythons()]
    for number in range(200):
        records.append(pkg("tool", f"1.{number}", [f"lib =={number}", "python <3.10"]))
        records.append(pkg("lib", str(number), ["python"]))
    error = failure(install("tool", "python>=3.11"), MemorySource(records))
    assert len(error.explanation().splitlines()) <= 6


def test_split_between_options() -> None:
    source = MemorySource(
        [
            pkg("a", "1.0", ["x <2"]),
            pkg("a", "2.0", ["y <2"]),
            pkg("b", "1.0", ["x >=2", "y >=2"]),
            *(pkg(name, version) for name in "xy" for version in ("1.0", "2.0")),
        ]
    )
    text = failure(install("a", "b"), source).explanation()
    assert "a is installable with the potential options" in text
    assert "would require" in text
    assert text.splitlines()[-1].endswith("previously reported.")


def test_pin() -> None:
    source = MemorySource([*pythons(), pkg("new", depends=["python >=3.11"])])
    error = failure(install("new", pins=specs("python=3.8")), source)
    assert {demand.kind for demand in error.conflict.demands} == {"pin", "install"}
    assert "pin on python" in error.explanation()


def test_frozen() -> None:
    source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0"), pkg("b", depends=["a>=2"])])
    error = failure(
        install("b", freeze_installed=True), source, installed=prefix_of(pkg("a", "1.0"))
    )
    assert "a is frozen at its installed version" in error.explanation()


def test_a_cycle_in_an_explanation_ends() -> None:
    source = MemorySource(
        [
            pkg("a", depends=["b"]),
            pkg("b", depends=["a", "gone"]),
        ]
    )
    text = failure(install("a"), source).explanation()
    assert "gone" in text
    assert len(text.splitlines()) < 8


def test_text_is_a_view_of_the_data() -> None:
    error = failure(install("nope"), MemorySource([]))
    assert explain(error.conflict) == error.explanation()
