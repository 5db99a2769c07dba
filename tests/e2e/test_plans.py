"""Plans: what a dry run decided, written to a file and carried out later, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import Micromamba, tree


@pytest.fixture
def channel(small_channel: Path) -> str:
    return str(small_channel)


@pytest.fixture
def plan(mm: Micromamba) -> Callable[..., dict[str, Any]]:
    """plan("create", ...) -> the content of the plan that the dry run wrote."""

    def make(*words: str | Path) -> dict[str, Any]:
        done = mm(*words, "--dry-run", "-o", "plan.json")
        assert str(mm.home / "plan.json") in done.out
        assert done.out.splitlines()[-1] == "Dry run. Not executing the transaction."
        content = json.loads((mm.home / "plan.json").read_text())
        assert isinstance(content, dict)
        return content

    return make


def test_a_new_environment_is_planned_then_made(mm, plan, channel) -> None:
    content = plan("create", "-n", "e", "-c", channel, "greet=1.0")
    assert not mm.env("e").exists()
    assert [a["kind"] for a in content["actions"]] == ["install"] * 3
    assert all(a["link"]["sha256"] and a["link"]["url"] for a in content["actions"])
    assert content["update_specs"] == ["greet=1.0"]
    document = mm("apply", "plan.json", "--json").json()
    assert document["success"] is True
    assert [p["name"] for p in document["actions"]["LINK"]][-1] == "greet"
    mm("create", "-y", "-n", "direct", "-c", channel, "greet=1.0")
    assert {n: r["sha256"] for n, r in mm.records("e").items()} == {
        n: r["sha256"] for n, r in mm.records("direct").items()
    }
    assert mm("env", "export", "-n", "e", "--from-history").out.count("greet") == 1
    assert str(mm.env("e")) in (mm.home / ".conda" / "environments.txt").read_text()


def test_an_applied_plan_asks_first(mm: Micromamba, plan, channel: str) -> None:
    plan("create", "-n", "e", "-c", channel, "greet")
    done = mm.run("apply", "plan.json", stdin="n\n")
    assert done.code == 0
    assert "Aborted." in done.out
    assert not mm.env("e").exists()
    assert mm.run("apply", "plan.json", stdin="y\n").code == 0
    assert "greet" in mm.records("e")


def test_changes_and_removals_are_planned(mm: Micromamba, plan, channel: str) -> None:
    mm("create", "-y", "-n", "e", "-c", channel, "greet=1.0")
    content = plan("install", "-n", "e", "-c", channel, "greet=2.0")
    (action,) = content["actions"]
    assert (action["kind"], action["unlink"]) == ("upgrade", "greet-1.0-demo_0")
    mm("apply", "-y", "plan.json")
    assert mm.records("e")["greet"]["version"] == "2.0"
    content = plan("remove", "-n", "e", "greet")
    assert {a["kind"] for a in content["actions"]} == {"remove"}
    assert content["remove_specs"] == ["greet"]
    mm("apply", "-y", "plan.json")
    assert not mm.records("e")


def test_a_plan_for_an_environment_that_changed_is_refused(mm, plan, channel) -> None:
    mm("create", "-y", "-n", "e", "-c", channel, "greet-language")
    plan("install", "-n", "e", "-c", channel, "greet")
    mm("install", "-y", "-n", "e", "-c", channel, "greet-phrases")
    before = tree(mm.env("e"))
    done = mm.fails("apply", "-y", "plan.json")
    assert "is not as it was when this was planned" in done.err
    assert tree(mm.env("e")) == before
    assert "is not as it was" in mm.fails("apply", "plan.json", "--dry-run").err
    document = json.loads(mm.run("apply", "-y", "plan.json", "--json").out)
    assert document["success"] is False
    assert "not as it was" in document["error"]["message"]


def test_a_plan_is_carried_out_once(mm: Micromamba, plan, channel: str) -> None:
    plan("create", "-n", "e", "-c", channel, "greet")
    mm("apply", "-y", "plan.json")
    assert "is not as it was" in mm.fails("apply", "-y", "plan.json").err


def test_a_folder_that_appeared_is_left_alone(mm: Micromamba, plan, channel: str) -> None:
    plan("create", "-n", "e", "-c", channel, "greet")
    mm.env("e").mkdir(parents=True)
    (mm.env("e") / "precious").write_text("x")
    assert "something else" in mm.fails("apply", "-y", "plan.json").err
    assert tree(mm.env("e")) == {"precious"}


def test_hashes_of_a_plan_are_verified(mm: Micromamba, plan, channel: str) -> None:
    content = plan("create", "-n", "e", "-c", channel, "greet-language")
    content["actions"][0]["link"] |= {"sha256": "0" * 64, "md5": "0" * 32}
    (mm.home / "plan.json").write_text(json.dumps(content))
    done = mm.fails("apply", "-y", "plan.json")
    assert "greet-language" in done.err
    assert not mm.env("e").exists()


def test_a_plan_can_be_looked_at(mm: Micromamba, plan, channel: str) -> None:
    plan("create", "-n", "e", "-c", channel, "greet")
    done = mm("apply", "plan.json", "--dry-run")
    assert "+ greet " in done.out
    document = mm("apply", "plan.json", "--dry-run", "--json").json()
    assert document["dry_run"] is True
    assert len(document["actions"]["LINK"]) == 3
    assert not mm.env("e").exists()


def test_a_plan_makes_an_environment_anew(mm: Micromamba, plan, channel: str) -> None:
    mm("create", "-y", "-n", "e", "-c", channel, "greet=1.0")
    (mm.env("e") / "rubbish").write_text("x")
    content = plan("create", "-n", "e", "-c", channel, "greet-language")
    assert content["afresh"] is True
    mm("apply", "-y", "plan.json")
    assert mm.records("e").keys() == {"greet-language"}
    assert not (mm.env("e") / "rubbish").exists()
    assert "greet=1.0" not in mm("env", "export", "-n", "e", "--from-history").out


def test_what_files_ask_for_besides_is_part_of_the_plan(mm, plan, channel) -> None:
    (mm.home / "environment.yml").write_text(
        f"name: e\nchannels: [{channel}]\ndependencies: [greet]\nvariables: {{word: hello}}\n"
    )
    content = plan("create", "-f", "environment.yml", "--platform", "linux-64")
    assert content["variables"] == {"WORD": "hello"}
    mm("apply", "-y", "plan.json")
    assert mm("run", "-n", "e", "sh", "-c", "echo $WORD").out == "hello\n"
    assert (mm.env("e") / ".mambarc").read_text() == "platform: linux-64\n"


def test_nothing_to_do_is_a_plan_too(mm: Micromamba, plan, channel: str) -> None:
    mm("create", "-y", "-n", "e", "-c", channel, "greet")
    content = plan("install", "-n", "e", "-c", channel, "greet-phrases")
    assert content["actions"] == []
    mm("apply", "-y", "plan.json")
    assert "greet-phrases" in mm("env", "export", "-n", "e", "--from-history").out


def test_an_empty_environment_is_planned(mm: Micromamba) -> None:
    mm("create", "-n", "e", "--dry-run", "-o", "plan.json")
    assert not mm.env("e").exists()
    mm("apply", "-y", "plan.json")
    assert (mm.env("e") / "conda-meta" / "history").exists()


def test_no_secret_is_in_a_plan(mm: Micromamba, small_channel: Path, serve) -> None:
    url = serve(small_channel).url.replace("://", "://user:hunter2@")
    mm(
        "create",
        "-n",
        "e",
        "-c",
        url,
        "greet",
        f"{url}::greet-phrases",
        "--dry-run",
        "-o",
        "p.json",
    )
    assert "hunter2" not in (mm.home / "p.json").read_text()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "not a plan"),
        ("{}", "missing required field `format`"),
        ('{"format": "mm-plan", "version": 2}', "not a plan"),
        ("[" * 100_000, "p.json"),
    ],
    ids=["empty", "cut", "list", "no keys", "version", "deep"],
)
def test_what_is_no_plan_is_said_so(mm: Micromamba, text: str, named: str) -> None:
    (mm.home / "p.json").write_text(text)
    assert named in mm.fails("apply", "-y", "p.json").err


def test_plans_come_from_dry_runs_and_files(mm: Micromamba, channel: str) -> None:
    done = mm.fails("create", "-y", "-n", "e", "-c", channel, "greet", "-o", "p.json")
    assert "--dry-run" in done.err
    assert not mm.env("e").exists()
    words = ("create", "-n", "e", "-c", channel, "greet", "--dry-run", "-o", "no/p.json")
    assert "no folder" in mm.fails(*words).err
    assert "file not found" in mm.fails("apply", "none.json").err
