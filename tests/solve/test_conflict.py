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


# -- ranges ------------------------------------------------------------------------------


def builds_for(*minors: int) -> list[dict[str, Any]]:
    return [
        pkg("tool", "1.0", [f"python >=3.{m},<3.{m + 1}.0a0"], build=f"py3{m}_0") for m in minors
    ]


@pytest.mark.parametrize(
    ("depends", "told"),
    [
        (["python >=3.9", "python >=3.10"], "python >=3.9"),
        (["python >=3.8,<3.9", "python >=3.9,<3.10"], "python >=3.8,<3.10"),
        (["python 3.8.*", "python 3.9.*", "python 3.10.*"], "python 3.8.0 … 3.10.0"),
        (["python 3.8.*", "python 3.10.*"], "python [3.8.0|3.10.0]"),
        (["python >=3.8,<3.9", "python >=3.10,<3.11"], "python [3.8.0|3.10.0]"),
        (["python <3.9", "python 3.8.0"], "python <3.9"),
    ],
)
def test_several_specs_read_as_one(depends: list[str], told: str) -> None:
    tools = [pkg("tool", str(n), [text]) for n, text in enumerate(depends)]
    source = MemorySource([*pythons(), *tools])
    asked = "python<3.9" if depends[-1] == "python >=3.10" else "python>=3.13"
    text = failure(install("tool", asked), source).explanation()
    assert f"└─ {told}, which conflicts" in text


@pytest.mark.parametrize(
    ("builds", "told"),
    [
        (("*_cp38", "*_cp39"), "abi 3.8|3.9 *_cp3*"),
        (("*_cp38", "*_pp39"), "abi 3.8|3.9 (some builds)"),
        (("*", "*"), "abi [3.8|3.9]"),
    ],
)
def test_builds_are_told_where_they_matter(builds: tuple[str, str], told: str) -> None:
    abis = [pkg("abi", f"3.{m}", build=f"0_{who}{m}") for m in (8, 9, 10) for who in ("cp3", "pp3")]
    tools = [
        pkg("tool", str(n), [f"abi 3.{m}.* {build}"])
        for n, (m, build) in enumerate(zip((8, 9), builds, strict=True))
    ]
    source = MemorySource([*abis, *tools])
    text = failure(install("tool", "abi>=3.10"), source).explanation()
    assert told.replace("abi 3.8|3.9", "abi [3.8|3.9]") in text


def test_options_that_share_versions_say_so() -> None:
    source = MemorySource(
        [
            pkg("a", "1.0", ["x <2"], build="one"),
            pkg("a", "1.0", ["y <2"], build="two"),
            *(pkg(name, version) for name in "xy" for version in ("1.0", "2.0")),
        ]
    )
    text = failure(install("a", "x>=2", "y>=2"), source).explanation()
    assert text.count("a 1.0 (some builds) would require") == 2


# -- constraints, conditions, extras -----------------------------------------------------


def test_constraints_are_no_dependencies() -> None:
    source = MemorySource([pkg("turbo", constrains=["jpeg <0.0.0a"]), pkg("jpeg", "9")])
    error = failure(install("turbo", "jpeg"), source)
    assert error.explanation().splitlines()[2:] == [
        "└─ turbo is not installable because it constrains",
        "   └─ jpeg <0.0.0a, which conflicts with any installable versions previously reported.",
    ]
    kinds = {node["kind"] for node in error.conflict.to_dict()["nodes"]}
    assert kinds == {"demand", "package", "constraint"}


def test_a_constraint_that_excludes_a_name() -> None:
    source = MemorySource(
        [
            pkg("turbo", depends=["z"], constrains=["jpeg <0.0.0a"]),
            pkg("user", depends=["middle"]),
            pkg("middle", depends=["jpeg"]),
            pkg("jpeg", "9"),
            pkg("z"),
        ]
    )
    text = failure(install("turbo", "user"), source).explanation()
    assert "jpeg <0.0.0a, which excludes every jpeg there is;" in text
    assert "jpeg, which conflicts with" in text


def test_conditions_are_told() -> None:
    source = MemorySource(
        [
            *pythons(),
            pkg("a", depends=['tomli >=2[when="python<3.11"]', "python"]),
            pkg("tomli", "1.0"),
            pkg("tomli", "2.0"),
        ]
    )
    error = failure(install("a", "python=3.10", "tomli<2"), source)
    assert "tomli >=2 (because python<3.11 is chosen), which conflicts" in error.explanation()
    nodes = error.conflict.to_dict()["nodes"]
    assert any(edge["label"] == "tomli >=2" for edge in error.conflict.to_dict()["edges"]), nodes
    assert error.hint.startswith("It would work with python 3.13.0 instead of python=3.10")


def test_extras_are_told() -> None:
    source = MemorySource(
        [
            pkg("foo", "1.0", extra_depends={"gpu": ["lib >=2"]}),
            pkg("foo", "0.1", extra_depends={"gpu": ["lib <2"]}),
            pkg("lib", "1.0"),
            pkg("lib", "2.0"),
        ]
    )
    text = failure(install("foo[extras=[gpu]]", "foo>=1", "lib<2"), source).explanation()
    assert "foo[extras=[gpu]] is not installable because it requires" in text
    assert "lib >=2 (because foo 1.0 is chosen), which conflicts" in text


# -- what is held ------------------------------------------------------------------------


def test_what_is_held_is_told_first() -> None:
    source = MemorySource([*pythons(), pkg("new", depends=["python >=3.11"])])
    lines = failure(install("new", pins=specs("python=3.8")), source).explanation().splitlines()
    assert lines[1] == "├─ pin on python=3.8;"
    assert lines[2] == "└─ new is not installable because it requires"


def test_what_is_held_comes_before_what_it_holds() -> None:
    error = failure(install("python=3.11", pins=specs("python=3.8")), MemorySource(pythons()))
    assert error.explanation().splitlines()[1] == "├─ pin on python=3.8;"


def test_builds_that_do_not_exist() -> None:
    source = MemorySource([pkg("a", build="py310_0")])
    text = failure(install("a=1.0=py39_0"), source).explanation()
    assert text.endswith("does not exist (those versions have build py310_0).")


def test_circles_are_told_once() -> None:
    source = MemorySource(
        [
            pkg("x", "1.0", ["y 1"]),
            pkg("x", "2.0", ["y 2"]),
            pkg("y", "1", ["x 2"]),
            pkg("y", "2", ["x 1"]),
        ]
    )
    error = failure(install("x"), source)
    assert len(error.full_explanation().splitlines()) == 8
    assert error.explanation() == error.full_explanation()


def test_a_knot_is_called_one() -> None:
    """No demand fails where it is told: together they leave no choice."""
    count = 7
    values = [str(n) for n in range(count)]
    names = [f"cell{n}" for n in range(count + 1)]
    records = [
        pkg(name, value, [f"{other} !={value}" for other in names if other != name])
        for name in names
        for value in values
    ]
    error = failure(install(*names), MemorySource(records))
    text = error.explanation()
    assert "no choice of versions satisfies all that is required among" in text
    assert len(text.splitlines()) <= 15
