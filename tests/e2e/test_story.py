"""The whole story over the real channel: create, run, list, install, remove."""

from __future__ import annotations

import hashlib
import json

import pytest
from harness import Micromamba, RealChannel, Story

from serve import Server

pytestmark = pytest.mark.xdist_group("story")


def test_create_downloads_repodata_and_each_package_once(story: Story) -> None:
    paths = [r["path"] for r in story.requests if r["status"] == 200 and r["method"] == "GET"]
    archives = [p for p in paths if p.endswith((".conda", ".tar.bz2"))]
    assert len(archives) == len(set(archives))
    wanted = {f"/{r['subdir']}/{r['fn']}" for r in story.records.values()}
    assert set(archives) <= wanted


def test_run_imports_what_was_asked_for(story: Story) -> None:
    program = "import numpy, requests, flask, ssl, sqlite3; print(numpy.ones(3).sum())"
    assert story.mm("run", "-n", "demo", "python", "-c", program).out == "3.0\n"


def test_run_starts_an_entry_point(story: Story) -> None:
    shown = story.mm("run", "-n", "demo", "flask", "--version").out
    assert f"Flask {story.records['flask']['version']}" in shown
    assert str(story.records["python"]["version"]) in shown


def test_run_returns_the_exit_code_of_the_command(story: Story) -> None:
    done = story.mm.run("run", "-n", "demo", "python", "-c", "import sys; sys.exit(41)")
    assert done.code == 41, str(done)


def test_run_hands_arguments_and_stdin_over_untouched(story: Story) -> None:
    program = "import sys; print(sys.argv[1:], sys.stdin.read())"
    odd = ["a b", "$HOME", "it's", '"', "*", "", "--json", "-n"]
    done = story.mm.run("run", "-n", "demo", "python", "-c", program, *odd, stdin="text")
    assert done.out == f"{odd} text\n", str(done)


def test_python_of_the_environment_is_the_one_recorded(story: Story) -> None:
    shown = story.mm("run", "-n", "demo", "python", "-c", "import sys; print(sys.prefix)").out
    assert shown.strip() == str(story.prefix)


def test_list_json_agrees_with_conda_meta(story: Story) -> None:
    packages = json.loads(story.mm("list", "-n", "demo", "--json", "--no-pip").out)
    listed = packages["packages"] if isinstance(packages, dict) else packages
    keys = ("version", "build_string", "build_number", "url", "sha256")
    got = {p["name"]: tuple(p[k] for k in keys) for p in listed}
    want = {
        name: (r["version"], r["build"], r["build_number"], r["url"], r["sha256"])
        for name, r in story.records.items()
    }
    assert got == want


def test_the_table_of_list_names_every_package(story: Story) -> None:
    shown = story.mm("list", "-n", "demo").out
    assert shown.startswith(f'List of packages in environment: "{story.prefix}"')
    rows = [line.split()[:3] for line in shown.splitlines()]
    for name, record in story.records.items():
        assert [name, record["version"], record["build"]] in rows


def test_every_recorded_file_has_its_recorded_sha256(story: Story) -> None:
    wrong = []
    for record in story.records.values():
        for entry in record["paths_data"]["paths"]:
            path = story.prefix / entry["_path"]
            if entry.get("path_type") == "softlink":
                assert path.is_symlink(), path
                continue
            want = entry.get("sha256_in_prefix") or entry.get("sha256")
            if want and hashlib.sha256(path.read_bytes()).hexdigest() != want:
                wrong.append(entry["_path"])
    assert not wrong


def test_files_of_a_record_are_exactly_the_files_in_the_environment(story: Story) -> None:
    recorded = {f for r in story.records.values() for f in r["files"]}
    present = {
        str(path.relative_to(story.prefix))
        for path in story.prefix.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    ours = {p for p in present if not p.startswith("conda-meta/")}
    # python itself writes byte code of its standard library as it runs
    unexpected = {p for p in ours - recorded if not p.endswith(".pyc")}
    assert recorded <= ours
    assert not unexpected


def test_history_names_the_specs_and_the_packages(story: Story) -> None:
    history = (story.prefix / "conda-meta" / "history").read_text()
    for record in story.records.values():
        assert f"::{record['name']}-{record['version']}-{record['build']}" in history
    assert "# update specs:" in history
    for spec in ("python=3.11", "numpy", "requests", "flask"):
        assert spec in history


def test_files_are_hard_links_into_the_package_cache(story: Story) -> None:
    record = story.records["numpy"]
    init = next(f for f in record["files"] if f.endswith("numpy/__init__.py"))
    assert (story.prefix / init).stat().st_nlink > 1


def test_env_list_and_info_know_the_environment(story: Story) -> None:
    assert str(story.prefix) in story.mm("env", "list").out
    assert str(story.prefix) in story.mm("env", "list", "--json").json()["envs"]
    assert str(story.mm.root) in story.mm("info").out
    assert story.mm("info", "--json").json()["platform"] == "linux-64"


def test_search_finds_a_package_of_the_channel(story: Story) -> None:
    found = story.mm("search", "-c", story.url, "flask", "--json").json()
    assert {p["version"] for p in found["result"]["pkgs"]} == {"2.3.3", "3.0.3"}


def test_a_second_create_downloads_nothing(
    real_channel: RealChannel, warm_mm: Micromamba, tmp_path
) -> None:
    specs = ("python=3.11", "requests")
    with Server(real_channel.path) as server:
        warm_mm("create", "-y", "-n", "one", "-c", server.url, *specs)
        before = len(server.requests())
        warm_mm("create", "-y", "-n", "two", "-c", server.url, *specs)
        assert server.requests()[before:] == []
    assert warm_mm.records("one").keys() == warm_mm.records("two").keys()


def test_install_adds_and_remove_takes_it_and_its_orphans(story: Story, warm_mm) -> None:
    mm, channel = warm_mm, ("-c", story.url)
    mm("create", "-y", "-n", "e", *channel, "python=3.11", "click")
    before = mm.records("e")
    assert "rich" not in before
    mm("install", "-y", "-n", "e", *channel, "rich")
    added = mm.records("e").keys() - before.keys()
    assert {"rich", "pygments", "markdown-it-py", "mdurl"} <= added
    kept = {n: mm.records("e")[n]["build"] for n in before}
    assert kept == {n: r["build"] for n, r in before.items()}
    mm("run", "-n", "e", "python", "-c", "import rich, click")
    mm("remove", "-y", "-n", "e", "rich")
    assert mm.records("e").keys() == before.keys()
    left = list((mm.env("e") / "lib/python3.11/site-packages").glob("rich*"))
    assert left == []


def test_removing_what_was_asked_for_last_leaves_no_files(story: Story, warm_mm) -> None:
    mm = warm_mm
    mm("create", "-y", "-n", "e", "-c", story.url, "jq")
    assert mm("run", "-n", "e", "jq", "-n", "6*7").out == "42\n"
    mm("remove", "-y", "-n", "e", "jq")
    assert mm.records("e") == {}
    left = [p for p in mm.env("e").rglob("*") if p.is_file() and p.parent.name != "conda-meta"]
    assert left == []


def test_two_creates_at_once_share_a_package_cache(real_channel, mm, serve) -> None:
    from concurrent.futures import ThreadPoolExecutor

    url = serve(real_channel.path).url
    with ThreadPoolExecutor(3) as pool:
        jobs = [
            pool.submit(mm.run, "create", "-y", "-n", name, "-c", url, "python=3.11", "six")
            for name in ("a", "b", "c")
        ]
    for job in jobs:
        assert job.result().code == 0, str(job.result())
    for name in ("a", "b", "c"):
        mm("run", "-n", name, "python", "-c", "import six")
