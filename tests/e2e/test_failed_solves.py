"""What the command line shows when a request cannot be met: text, advice, one JSON document."""

from __future__ import annotations

import pytest

KNOT = {
    "python-3.8.0": {},
    "python-3.11.0": {},
    "lib-1.0": {},
    "a-1.0": {"depends": ["lib <1"]},
    "b-1.0": {"depends": ["lib >=1"]},
    "new-1.0": {"depends": ["python >=3.11"]},
    "gpu-1.0": {"depends": ["__cuda >=12"]},
}


@pytest.fixture
def knot(build_channel):
    return build_channel("knot", KNOT)


def test_tree_and_advice_go_to_stderr(mm, knot) -> None:
    done = mm.run("create", "-n", "e", "-c", knot, "new", "python=3.8")
    assert done.code == 1
    text = done.err
    assert "Could not solve for environment specs: python=3.8, new exclude each other" in text
    assert "├─ python=3.8 is requested and can be installed;" in text
    assert "└─ new is not installable because it requires" in text
    assert "It would work with python 3.11.0 instead of python=3.8." in text
    assert not mm.env("e").exists()


def test_json_holds_problems_graph_tree_and_advice(mm, knot) -> None:
    done = mm.run("create", "-n", "e", "-c", knot, "new", "python=3.8", "--json")
    assert done.code == 1
    document = done.json()
    assert document["success"] is False
    assert document["solver_problems"]
    assert document["advice"] == document["error"]["hint"]
    assert document["explanation"][0] == "The following packages are incompatible"
    nodes = document["conflict"]["nodes"]
    assert [n["label"] for n in nodes if n["kind"] == "demand"] == ["python=3.8", "new"]
    kinds = {edge["kind"] for edge in document["conflict"]["edges"]}
    assert kinds == {"requires", "conflicts"}


def test_both_of_one_name(mm, knot) -> None:
    document = mm.run("create", "-n", "e", "-c", knot, "python=3.8", "python=3.11", "--json").json()
    assert any("cannot install both" in text for text in document["solver_problems"])


def test_a_long_explanation_is_cut_unless_more_is_wanted(mm, build_channel) -> None:
    chain = {f"p{n}-1.0": {"depends": [f"p{n + 1}"]} for n in range(30)}
    channel = build_channel("chain", {**chain, "p30-1.0": {"depends": ["gone"]}})
    short = mm.run("create", "-n", "e", "-c", channel, "p0").err
    assert "packages in between" in short
    assert "-v shows them" in short
    assert "gone, which does not exist" in short
    long = mm.run("create", "-n", "e", "-c", channel, "p0", "-v").err
    assert "p15, which requires" in long
    assert "left out" not in long


def test_the_pin_in_the_way_is_named_with_its_place(mm, knot) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", knot, "lib")
    pinned = mm.env("e") / "conda-meta" / "pinned"
    pinned.write_text("python 3.8.*\n")
    done = mm.run("install", "-n", "e", "-c", knot, "new")
    assert done.code == 1
    assert f"{pinned} pins python=3.8: change it there, or give --no-pin." in done.err
    assert "pin on python=3.8" in done.err


def test_virtual_package(mm, knot) -> None:
    done = mm.run("create", "-n", "e", "-c", knot, "gpu", CONDA_OVERRIDE_CUDA="")
    assert "__cuda >=12, which is missing on the system" in done.err
    assert "CONDA_OVERRIDE_CUDA=12 pretends otherwise" in done.err
    assert (
        mm.run("create", "-n", "e", "-c", knot, "gpu", "--dry-run", CONDA_OVERRIDE_CUDA="12").code
        == 0
    )
