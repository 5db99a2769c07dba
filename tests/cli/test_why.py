"""why and why-not: of environments, and of requests that nobody has carried out."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def made(user):
    """An environment with greet 2.0, which was asked for, and what it needs."""
    assert user.change("create", "-n", "e", "greet") == 0
    return user


def channel(user) -> tuple[str, ...]:
    return ("-c", str(user.channel), "--override-channels")


CHAIN = """\
greet-language 1.0 is here because of
└─ greet: greet 2.0 requires
   └─ greet-phrases >=1.1: greet-phrases 1.1 requires
      └─ greet-language.
"""


def test_why_in_an_environment(made) -> None:
    assert made.run("why", "-n", "e", "greet-language") == 0
    assert made.out == CHAIN
    document = made.document("why.json", "why", "-n", "e", "greet-language")
    assert document["prefix"] == str(made.env("e"))
    (package,) = document["packages"]
    (chain,) = package["chains"]
    assert chain["requested"] == "greet"
    assert [link["name"] for link in chain["links"]] == ["greet", "greet-phrases", "greet-language"]


def test_why_of_a_pattern_and_of_several(made) -> None:
    document = made.document("why.json", "why", "-n", "e", "greet-*", "greet", "greet-phrases")
    names = [package["name"] for package in document["packages"]]
    assert names == ["greet-language", "greet-phrases", "greet"]


def test_why_of_what_is_not_there(made) -> None:
    assert made.run("why", "-n", "e", "greet-languag", "greet") == 1
    assert "greet 2.0 is here because of" in made.out
    assert f"greet-languag is not in {made.env('e')}" in made.err
    assert "Did you mean greet-language?" in made.err
    assert made.run("why", "-n", "e", "zzz") == 1
    assert "`micromamba why-not zzz` tells" in made.err
    document = made.document("why.json", "why", "-n", "e", "greet=1.0", code=1)
    assert document["packages"] == [
        {"name": "greet=1.0", "version": "", "chains": [], "more": False}
    ]


def test_why_of_what_nobody_asked_for(made) -> None:
    history = made.env("e") / "conda-meta" / "history"
    history.write_text(history.read_text().replace("# update specs", "# nothing"))
    assert made.run("why", "-n", "e", "greet-phrases") == 0
    assert "(not asked for): greet 2.0 requires" in made.out


def test_the_number_of_chains(made) -> None:
    assert made.change("install", "-n", "e", "greet-phrases") == 0
    words = ("why", "-n", "e", "greet-language")
    (package,) = made.document("why.json", *words)["packages"]
    assert [len(chain["links"]) for chain in package["chains"]] == [2, 3]
    (package,) = made.document("why.json", *words, "--chains", "1")["packages"]
    assert (len(package["chains"]), package["more"]) == (1, True)


def test_why_in_a_request(user) -> None:
    words = ("why", "greet-language", *channel(user))
    document = user.document("why.json", *words, "--spec", "greet=1.0")
    assert document["prefix"] is None
    (package,) = document["packages"]
    assert package["chains"][0]["requested"] == "greet=1.0"
    assert not user.root_prefix.joinpath("envs").exists()
    document = user.document("why.json", *words, "-s", "greet>9", code=1)
    assert document["solver_problems"]


def test_why_in_a_request_for_an_environment(made) -> None:
    words = ("why", "-n", "e", "greet-phrases", *channel(made), "--spec", "greet-phrases")
    (package,) = made.document("why.json", *words)["packages"]
    assert {chain["requested"] for chain in package["chains"]} == {"greet-phrases", "greet"}
    assert made.run("why", "-n", "nobody", "greet", "--spec", "greet", *channel(made)) == 1
    assert "nobody" in made.err


def test_why_of_a_file(user, tmp_path: Path) -> None:
    file = tmp_path / "environment.yml"
    file.write_text(f"name: new\nchannels: [{user.channel}]\ndependencies: [greet]\n")
    assert user.run("why", "greet-language", "-f", str(file)) == 0
    assert "└─ greet: greet 2.0 requires" in user.out
    file.with_suffix(".txt").write_text("@EXPLICIT\nhttps://h/noarch/a-1-0.conda\n")
    assert user.run("why", "a", "-f", str(file.with_suffix(".txt"))) == 1
    assert "lists archives" in user.err


def verdicts(document) -> dict[str, str]:
    return {answer["spec"]: answer["verdict"] for answer in document["answers"]}


def test_why_not_in_an_environment(made) -> None:
    words = ("why-not", "-n", "e", *channel(made))
    document = made.document("why-not.json", *words, "greet=1.0", "greet-language")
    assert verdicts(document) == {"greet=1.0": "possible", "greet-language": "there"}
    assert document["answers"][0]["changes"] == [
        {"kind": "downgrade", "name": "greet", "before": "2.0", "after": "1.0"}
    ]
    assert made.run(*words, "greet=1.0") == 0
    assert "downgrade greet 2.0 -> 1.0" in made.out
    assert made.records("e")["greet"]["version"] == "2.0"


def test_why_not_is_blocked_by_a_pin(made) -> None:
    (made.env("e") / "conda-meta" / "pinned").write_text("greet 2.*\n")
    words = ("why-not", "-n", "e", *channel(made), "greet=1.0")
    document = made.document("why-not.json", *words, code=1)
    (answer,) = document["answers"]
    assert answer["verdict"] == "blocked"
    assert any("greet" in demand for demand in answer["give_way"])
    assert answer["conflict"]["nodes"]
    assert made.run(*words) == 1
    assert "cannot be had beside everything that is asked for" in made.out
    assert made.document("why-not.json", *words, "--no-pin")["success"]


def test_why_not_of_what_does_not_exist(made) -> None:
    words = ("why-not", "-n", "e", *channel(made), "greet=9", "greet=2.0")
    document = made.document("why-not.json", *words, code=1)
    assert verdicts(document) == {"greet=9": "impossible", "greet=2.0": "there"}
    assert document["error"]["message"] == "Something is in the way of greet=9"


def test_why_not_in_a_request(user) -> None:
    words = ("why-not", "greet=1.0", *channel(user), "--spec")
    document = user.document("why-not.json", *words, "greet>1.5", code=1)
    (answer,) = document["answers"]
    assert (answer["verdict"], answer["give_way"]) == ("blocked", ["greet>1.5"])
    document = user.document("why-not.json", *words, "greet-phrases")
    assert verdicts(document) == {"greet=1.0": "possible"}


@pytest.mark.parametrize("command", ["why", "why-not"])
def test_slips(user, command: str) -> None:
    assert user.run(command) == 106
    assert user.run(command, "-n", "nobody", "greet") == 1
    assert user.run(command, "greet >=>= 1", "-n", "nobody") == 1
    assert user.run(command, "--help") == 0
    assert f"micromamba {command} -n py" in user.out
