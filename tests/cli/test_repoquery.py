"""``search`` and ``repoquery`` (behaviour 61: formats, order, hints, graph_roots, exit 0)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import zstandard

if TYPE_CHECKING:
    from conftest import User

RECORDS = {
    "linux-64": [
        {"name": "app", "version": "1.9", "depends": ["lib >=1,<2", "__glibc >=2.17"]},
        {"name": "app", "version": "1.10", "depends": ["lib >=2", "lib <3", "__glibc >=2.17"]},
        {"name": "app", "version": "1.10", "build": "h1_1", "build_number": 1,
         "depends": ["lib >=2,<3", "gone >=1", "__glibc >=99", "__unix"], "constrains": ["x <2"],
         "size": 12345, "license": "MIT", "timestamp": 1700000000000},
        {"name": "lib", "version": "1.0"},
        {"name": "lib", "version": "2.0", "depends": ["loop"]},
        {"name": "lib", "version": "3.0", "depends": ["loop"]},
        {"name": "lib", "version": "2.1", "track_features": "odd"},
        {"name": "loop", "version": "1", "depends": ["lib", "Base"]},
    ],
    "noarch": [
        {"name": "base", "version": "1"},
        {"name": "tool", "version": "0.1", "depends": ["app =1.9"]},
        {"name": "tool", "version": "0.2", "depends": ["app 1.10.*", "base"]},
        {"name": "other", "version": "1", "depends": ["base-utils", "not-base"]},
        {"name": "named", "version": "1", "depends": ["CHANNEL::base"]},
    ],
}  # fmt: skip


def write_channel(folder: Path, records: dict[str, list[dict[str, Any]]]) -> Path:
    for subdir, listed in records.items():
        packages = {}
        for given in listed:
            record = {"build": "h0_0", "build_number": 0, "depends": [], **given}
            fn = f"{record['name']}-{record['version']}-{record['build']}.conda"
            record |= {"subdir": subdir, "sha256": f"{abs(hash(fn)):064x}"[-64:]}
            packages[fn] = record
        (folder / subdir).mkdir(parents=True)
        document = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": packages}
        text = json.dumps(document).replace("CHANNEL", folder.as_uri())
        (folder / subdir / "repodata.json").write_text(text)
    return folder


@pytest.fixture
def ask(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user whose channel is that above."""
    monkeypatch.setenv("CONDA_OVERRIDE_GLIBC", "2.36")
    user.channel = write_channel(tmp_path / "made", RECORDS)
    return user


def words(user: User, *words: str) -> tuple[str, ...]:
    command = words[:1] if words[0] == "search" else ("repoquery", *words[:1])
    rest = (*words[1:], "-c", str(user.channel), "--override-channels")
    return (*command, *rest, "--platform", "linux-64")


def lines(user: User, *query: str) -> list[str]:
    """What is printed below the lines that say where it comes from."""
    assert user.run(*words(user, *query)) == 0
    first, *others = user.out.splitlines()
    assert first == "Getting repodata from channels..."
    return others[others.index("") + 1 :]


def result(user: User, *query: str) -> dict[str, Any]:
    document = user.data(*words(user, *query))
    assert document["success"] is True
    assert document["result"]["status"] == "OK"
    found: dict[str, Any] = document["result"]
    return found


def dists(found: dict[str, Any]) -> list[str]:
    return [f"{p['name']}-{p['version']}-{p['build_number']}" for p in found["pkgs"]]


# -- search


def test_versions_are_sorted_as_versions_and_builds_are_counted(ask: User) -> None:
    table = lines(ask, "search", "app", "--table")
    rows = [line.split() for line in table[2:]]
    assert [row[:2] for row in rows] == [["app", "1.10"], ["app", "1.9"]]
    assert rows[0][2:6] == ["h1_1", "(+", "1", "build)"]
    assert table[0].split() == ["Name", "Version", "Build", "Channel", "Subdir"]


def test_a_name_gets_a_card_and_a_pattern_a_table(ask: User) -> None:
    card = lines(ask, "search", "app")
    assert card[0].strip() == "app 1.10 h1_1 (+ 1 build)"
    assert " Size            12kB" in card
    assert " Run Constraints:" in card
    assert "  - __glibc >=99" in card
    assert " Other Versions (1):" in card
    assert lines(ask, "search", "ap*")[0].split()[0] == "Name"
    cards = lines(ask, "search", "*p*", "--pretty")
    assert [line.split()[1] for line in cards if line.startswith(" Name")] == ["app", "loop"]


def test_every_build_and_a_tree(ask: User) -> None:
    rows = lines(ask, "search", "app", "--recursive")[2:]
    assert [row.split()[1:3] for row in rows] == [
        ["1.10", "h1_1"],
        ["1.10", "h0_0"],
        ["1.9", "h0_0"],
    ]
    tree = lines(ask, "search", "app", "--tree")
    assert [line.split()[0:2] for line in tree[:3]] == [["app"], ["├─", "1.10"], ["│", "├─"]]
    assert "/linux-64" in tree[2]


def test_json_is_sorted_and_names_the_query(ask: User) -> None:
    document = ask.data(*words(ask, "search", "app>=1.10", "base"))
    assert document["query"] == {"query": "app>=1.10 base", "type": "search"}
    found = document["result"]
    assert dists(found) == ["app-1.10-1", "app-1.10-0", "base-1-0"]
    assert found["msg"] == ""
    assert found["pkgs"][0]["channel"] == str(ask.channel.as_uri())
    assert found["pkgs"][0]["constrains"] == ["x <2"]


def test_specs_have_builds_and_fields(ask: User) -> None:
    assert dists(result(ask, "search", "app=1.10=h1*")) == ["app-1.10-1"]
    assert dists(result(ask, "search", "app[license=MIT]")) == ["app-1.10-1"]
    assert dists(result(ask, "search", "app[build_number=0]")) == ["app-1.10-0", "app-1.9-0"]


def test_the_same_package_of_two_channels_is_shown_once(ask: User, tmp_path: Path) -> None:
    (tmp_path / "mirror").symlink_to(ask.channel)
    other = write_channel(tmp_path / "other", {"noarch": [{"name": "base", "version": "2"}]})
    found = result(ask, "search", "base", "-c", str(tmp_path / "mirror"), "-c", str(other))
    assert dists(found) == ["base-2-0", "base-1-0"]


def test_no_match_is_said_with_names_that_are_near_and_exit_code_0(ask: User) -> None:
    text = lines(ask, "search", "bse")
    assert 'No entries matching "bse" found' in text
    assert "Try looking in other channels with '-c, --channel'." in text
    assert "Did you mean 'base'?" in text
    found = result(ask, "search", "bse")
    assert found["msg"] == 'No entries matching "bse" found'
    assert found["suggestions"] == ["base"]
    assert found["pkgs"] == []
    assert "Did you mean" not in "\n".join(lines(ask, "search", "base>=7"))


def test_a_spec_may_name_its_channel(ask: User, tmp_path: Path) -> None:
    other = write_channel(tmp_path / "other", {"noarch": [{"name": "base", "version": "2"}]})
    both = ("-c", str(ask.channel), "-c", str(other))
    assert dists(result(ask, "search", f"{ask.channel.as_uri()}::base", *both)) == ["base-1-0"]
    assert dists(result(ask, "search", f"{other}::base")) == ["base-2-0"]  # searched as well
    assert dists(result(ask, "depends", "named", *both)) == ["named-1-0", "base-1-0"]
    assert dists(result(ask, "whoneeds", f"{ask.channel.as_uri()}::base", *both)) == [
        "loop-1-0", "named-1-0", "tool-0.2-0",
    ]  # fmt: skip


# -- depends


def test_each_dependency_is_answered_by_the_newest_that_all_specs_allow(ask: User) -> None:
    rows = [line.split() for line in lines(ask, "depends", "app=1.10=h0_0")[2:]]
    assert [row[:2] for row in rows] == [["app", "1.10"], ["__glibc", "2.36"], ["lib", "2.0"]]
    assert rows[1][3] == "(virtual)"


def test_what_nothing_answers_is_marked(ask: User) -> None:
    rows = [line.split()[:6] for line in lines(ask, "depends", "app")[2:]]
    assert ["gone", ">=1", ">>>", "NOT", "FOUND", "<<<"] in rows
    assert ["__glibc", ">=99", ">>>", "NOT", "FOUND", "<<<"] in rows
    found = result(ask, "depends", "app")
    assert found["missing"] == ["gone >=1", "__glibc >=99"]
    assert found["virtual_packages"] == ["__unix-0-0"]


def test_the_tree_ends_at_repeats_and_cycles(ask: User) -> None:
    assert lines(ask, "depends", "app", "--tree") == [
        "app[1.10]",
        "  ├─ lib[2.0]",
        "  │  └─ loop[1]",
        "  │     ├─ lib[3.0]",
        "  │     │  └─ loop already visited (cycle)",
        "  │     └─ base[1]",
        "  ├─ gone >=1 >>> NOT FOUND <<<",
        "  ├─ __glibc >=99 >>> NOT FOUND <<<",
        "  └─ __unix[0]",
    ]


def test_json_of_depends_has_the_package_first(ask: User) -> None:
    document = ask.data(*words(ask, "depends", "app"))
    assert document["query"] == {"query": "app", "type": "depends"}
    found = document["result"]
    assert dists(found) == ["app-1.10-1", "lib-2.0-0"]
    assert found["graph_roots"] == found["pkgs"][:1]
    closure = result(ask, "depends", "app", "--recursive")
    assert dists(closure) == ["app-1.10-1", "lib-2.0-0", "loop-1-0", "lib-3.0-0", "base-1-0"]
    missing = result(ask, "depends", "ap")
    assert missing["graph_roots"] == ["ap"]
    assert missing["msg"] == 'No entries matching "ap" found'


def test_a_card_for_each(ask: User) -> None:
    cards = lines(ask, "depends", "loop", "--pretty")
    assert [line.split()[1] for line in cards if line.startswith(" Name")] == [
        "loop",
        "lib",
        "base",
    ]


# -- whoneeds


def test_who_needs_it_in_any_spelling_and_nobody_else(ask: User) -> None:
    found = result(ask, "whoneeds", "base")
    assert dists(found) == ["loop-1-0", "named-1-0", "tool-0.2-0"]
    assert found["graph_roots"] == ["base"]


def test_a_version_asks_who_takes_that_version(ask: User) -> None:
    assert dists(result(ask, "whoneeds", "app=1.9")) == ["tool-0.1-0"]
    assert dists(result(ask, "whoneeds", "app>=1.9")) == ["tool-0.2-0", "tool-0.1-0"]
    assert dists(result(ask, "whoneeds", "app=7")) == []
    assert dists(result(ask, "whoneeds", "__glibc=2.36")) == ["app-1.10-0", "app-1.9-0"]


def test_the_table_has_the_newest_and_with_v_all(ask: User) -> None:
    rows = [line.split() for line in lines(ask, "whoneeds", "lib")[2:]]
    assert [row[:2] for row in rows] == [["app", "1.10"], ["loop", "1"]]
    assert "lib >=2,<3" in ask.out
    assert "(+ 2 builds)" in ask.out
    rows = [line.split() for line in lines(ask, "whoneeds", "lib", "-v")[2:]]
    assert [row[:2] for row in rows] == [["app", "1.10"], ["app", "1.9"], ["loop", "1"]]


def test_the_tree_of_those_that_need_it(ask: User) -> None:
    assert lines(ask, "whoneeds", "loop", "--tree") == [
        "loop[1]",
        "  └─ lib[3.0]",
        "     └─ loop already visited (cycle)",
    ]
    assert lines(ask, "whoneeds", "lib=2.0", "--tree") == [
        "lib[2.0]",
        "  ├─ app[1.10]",
        "  │  └─ tool[0.2]",
        "  └─ loop[1]",
        "     └─ lib[3.0]",
        "        └─ loop already visited (cycle)",
    ]
    assert dists(result(ask, "whoneeds", "lib=2.0", "--recursive")) == [
        "app-1.10-1", "lib-3.0-0", "loop-1-0", "tool-0.2-0",
    ]  # fmt: skip


def test_nobody_needs_it(ask: User) -> None:
    assert 'No entries matching "tool" found' in lines(ask, "whoneeds", "tool")
    assert 'No entries matching "tool" found' in lines(ask, "whoneeds", "tool", "--tree")


# -- the environment as source, and options


def test_the_environment_is_asked_unless_a_channel_is_named(user: User) -> None:
    assert user.change("create", "-n", "e", "greet=1.0") == 0
    assert user.run("repoquery", "depends", "-n", "e", "greet", "--tree") == 0
    assert user.out.splitlines() == [
        "Using local repodata...",
        "",
        f"Loaded current active prefix: {user.env('e')}",
        "",
        "greet[1.0]",
        "  └─ greet-phrases[1.1]",
        "     └─ greet-language[1.0]",
    ]
    assert user.run("repoquery", "whoneeds", "-n", "e", "greet-language", "--recursive", "-q") == 0
    assert [line.split()[0] for line in user.out.splitlines()[2:]] == ["greet", "greet-phrases"]
    channel = ("-c", str(user.channel), "--override-channels")
    document = user.data("repoquery", "depends", "-n", "e", "greet", *channel)
    assert document["result"]["pkgs"][0]["version"] == "2.0"
    document = user.data("repoquery", "depends", "-n", "e", "greet", "--local", *channel)
    assert document["result"]["pkgs"][0]["version"] == "1.0"
    assert "-c has no effect" in document["log_history"][0]["message"]
    document = user.data("search", "-n", "e", "greet*", "--local")
    assert dists(document["result"]) == [
        "greet-1.0-0",
        "greet-language-1.0-0",
        "greet-phrases-1.1-0",
    ]


def test_the_hint_of_a_local_query(user: User) -> None:
    assert user.change("create", "-n", "e", "greet-language") == 0
    assert user.run("repoquery", "whoneeds", "-n", "e", "zlib") == 0
    assert "Try looking remotely with '--remote'." in user.out
    assert user.run("repoquery", "depends", "-n", "nowhere", "zlib") == 1


@pytest.mark.parametrize("alias", ["--remote", "-a", "--all-channels"])
def test_remote_takes_the_channels_of_the_settings(
    ask: User, alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_CHANNELS", str(ask.channel))
    monkeypatch.setenv("CONDA_SUBDIR", "linux-64")
    document = ask.data("repoquery", "depends", "tool=0.1", alias)
    assert dists(document["result"]) == ["tool-0.1-0", "app-1.9-0"]


def test_one_query_at_a_time_and_options_that_exclude_each_other(ask: User) -> None:
    assert ask.run(*words(ask, "depends", "app", "lib")) == 1
    assert "Only one query is supported, not 2" in ask.err
    assert ask.run("repoquery", "whoneeds") == 106
    assert ask.run("repoquery", "depends", "a", "--local", "--remote") == 108
    assert ask.run("search", "a", "--tree", "--table") == 108
    assert ask.run("repoquery", "depends", "a b c d") == 1
    assert ask.run("repoquery") == 0


def test_channel_priority_decides_before_the_version(ask: User, tmp_path: Path) -> None:
    other = write_channel(tmp_path / "new", {"linux-64": [{"name": "lib", "version": "2.9"}]})
    query = ("depends", "app=1.10=h0_0", "-c", str(ask.channel), "-c", str(other))
    versions = {p["name"]: p["version"] for p in result(ask, *query)["pkgs"]}
    assert versions["lib"] == "2.0"
    versions = {
        p["name"]: p["version"] for p in result(ask, *query, "--no-channel-priority")["pkgs"]
    }
    assert versions["lib"] == "2.9"


def test_a_dependency_that_is_no_spec_is_missing(ask: User, tmp_path: Path) -> None:
    odd = write_channel(
        tmp_path / "odd", {"noarch": [{"name": "a", "version": "1", "depends": ["b >=1 !!", "[x"]}]}
    )
    ask.channel = odd
    assert result(ask, "depends", "a")["missing"] == ["b >=1 !!", "[x"]
    assert dists(result(ask, "whoneeds", "b")) == []


def test_nothing_that_a_channel_says_commands_the_terminal(ask: User, tmp_path: Path) -> None:
    evil = "\x1b[2J\u202e"
    record = {"name": "a", "version": "1", "build": f"x{evil}", "depends": [f"b {evil}", evil]}
    record |= {"license": evil, "constrains": [f"c\n{evil}"]}
    ask.channel = write_channel(tmp_path / "evil", {"noarch": [record]})
    for query in (
        ("search", "a"),
        ("search", "a", "--table"),
        ("search", "a", "--tree"),
        ("depends", "a"),
        ("depends", "a", "--tree"),
        ("whoneeds", "b"),
    ):
        lines(ask, *query)
        assert not {"\x1b", "\u202e"} & set(ask.out)
    assert result(ask, "search", "a")["pkgs"][0]["license"] == evil


def test_a_chain_of_thousands_is_no_trouble(ask: User, tmp_path: Path) -> None:
    chain = [
        {"name": f"p{i}", "version": "1", "depends": [f"p{i + 1}"] if i < 3000 else []}
        for i in range(3001)
    ]
    ask.channel = write_channel(tmp_path / "chain", {"noarch": chain})
    assert len(lines(ask, "depends", "p0", "--tree")) == 3001
    assert len(result(ask, "whoneeds", "p3000", "--recursive")["pkgs"]) == 3000


# -- a channel in shards


def only_shards(folder: Path) -> None:
    """Let the channel in *folder* have its records in shards (CEP 16), and nowhere else."""
    for flat in folder.glob("*/repodata.json"):
        shards: dict[str, dict[str, Any]] = {}
        for fn, record in json.loads(flat.read_text())["packages.conda"].items():
            record["sha256"] = bytes.fromhex(record["sha256"])
            shards.setdefault(record["name"], {})[fn] = record
        hashes = {}
        for name, records in shards.items():
            data = zstandard.compress(msgspec.msgpack.encode({"packages.conda": records}))
            hashes[name] = hashlib.sha256(data).digest()
            (flat.parent / f"{hashes[name].hex()}.msgpack.zst").write_bytes(data)
        index = msgspec.msgpack.encode({"version": 1, "info": {}, "shards": hashes})
        (flat.parent / "repodata_shards.msgpack.zst").write_bytes(zstandard.compress(index))
        flat.unlink()


def test_a_channel_that_has_shards_only_answers_the_same(ask: User) -> None:
    queries = [
        ("search", "*"), ("search", "app"), ("whoneeds", "lib"), ("depends", "tool", "--tree"),
        ("whoneeds", "base", "--recursive"),
    ]  # fmt: skip
    expected = [lines(ask, *query) for query in queries]
    only_shards(Path(ask.channel))
    for query, table in zip(queries, expected, strict=True):
        assert [line for line in lines(ask, *query) if line != "Fetching records …"] == table
