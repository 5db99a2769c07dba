"""Private channels: what `auth login` stores opens them, and shows up nowhere else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from harness import Micromamba, Result

SECRET = "s3cr3tX9"
STORE = Path(".mamba") / "auth" / "authentication.json"

KINDS = {
    "token": (f"token:{SECRET}", ("--token-stdin",)),
    "basic": (f"basic:me:{SECRET}", ("-u", "me", "--password-stdin")),
    "bearer": (f"bearer:{SECRET}", ("--bearer-stdin",)),
}


def login(mm: Micromamba, host: str, kind: str) -> None:
    result = mm.run("auth", "login", host, *KINDS[kind][1], stdin=f"{SECRET}\n")
    assert result.code == 0, str(result)
    assert result.out == "Successfully stored login information\n"


class Written:
    """Looks for secrets in what was said, and in every file but the store."""

    def __init__(self, mm: Micromamba, *secrets: str) -> None:
        self.mm = mm
        self.secrets = secrets

    def __call__(self, *results: Result) -> None:
        for result in results:
            for secret in self.secrets:
                assert secret not in result.out + result.err, str(result)
        for path in self.mm.home.parent.rglob("*"):
            for secret in self.secrets:
                assert secret not in path.name
                if path.is_file() and path != self.mm.home / STORE:
                    assert secret.encode() not in path.read_bytes(), path


@pytest.fixture
def unseen(mm: Micromamba) -> Written:
    """The secret, and its forms on the way."""
    return Written(mm, SECRET, "bWU6czNjcjN0WDk", "czNjcjN0WDk")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_opens_a_channel(
    mm: Micromamba, serve: Any, small_channel: Path, unseen: Written, kind: str
) -> None:
    server = serve(small_channel, auth=KINDS[kind][0])
    words = ("-n", "e", "-c", server.url, "--override-channels", "greet")
    refused = mm.fails("create", "-y", *words)
    host = server.url.removeprefix("http://")
    assert f"micromamba auth login {host}" in refused.err
    login(mm, server.url, kind)
    assert (mm.home / STORE).stat().st_mode & 0o777 == 0o600
    created = mm("create", "-y", "-vvv", *words)
    assert {"greet", "greet-phrases", "greet-language"} <= set(mm.records("e"))
    sent = [entry["auth"] for entry in server.requests() if entry["status"] == 200]
    assert sent
    assert set(sent) == {kind}
    document = mm("create", "-y", "-n", "j", *words[2:], "--json")
    document.json()
    exports = [
        mm(*command, "-n", "e", "-vvv")
        for command in (
            ("list", "--json"), ("env", "export", "--json"), ("env", "export", "--explicit"),
            ("env", "lock"), ("repoquery", "search", "-c", server.url, "greet", "--json"),
        )
    ]  # fmt: skip
    others = [mm(*command) for command in (("auth", "list", "--json"), ("info", "--json"))]
    unseen(refused, created, document, *exports, *others)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_opens_files_and_explicit_urls(
    mm: Micromamba, serve: Any, small_channel: Path, unseen: Written, kind: str
) -> None:
    server = serve(small_channel, auth=KINDS[kind][0])
    login(mm, server.url, kind)
    (mm.home / "env.yml").write_text(f"channels: [{server.url}]\ndependencies: [greet]\n")
    first = mm("create", "-y", "-n", "a", "-f", "env.yml", "--override-channels")
    url = mm.records("a")["greet"]["url"]
    assert url.startswith(server.url)
    shutil.rmtree(mm.root / "pkgs")
    (mm.home / "explicit.txt").write_text(f"@EXPLICIT\n{url}\n")
    second = mm("create", "-y", "-n", "b", "-f", "explicit.txt")
    third = mm("install", "-y", "-n", "b", url, "-vvv")
    assert set(mm.records("b")) == {"greet"}
    unseen(first, second, third)


def test_each_channel_its_own(
    mm: Micromamba, serve: Any, small_channel: Path, tmp_path: Path
) -> None:
    """Two channels of one host, with a token each; a third without."""
    for name in ("a", "b", "c"):
        shutil.copytree(small_channel, tmp_path / "www" / name)
    server = serve(tmp_path / "www")
    for name in ("a", "b"):
        words = ("auth", "login", f"{server.url}/{name}", "--token-stdin")
        assert mm.run(*words, stdin=f"tk-{name}").code == 0
    channels = [word for name in ("a", "b", "c") for word in ("-c", f"{server.url}/{name}")]
    mm("create", "-y", "-n", "e", *channels, "--override-channels", "greet")
    sent = {(entry["path"].split("/")[1], entry["auth"]) for entry in server.requests()}
    assert sent == {("a", "token"), ("b", "token"), ("c", None)}
    assert mm("auth", "logout", f"{server.url}/a").code == 0
    assert list(json.loads((mm.home / STORE).read_text())) == [
        f"{server.url.removeprefix('http://')}/b"
    ]


@pytest.mark.parametrize("where", ["netrc", "rattler", "anaconda"])
def test_what_other_tools_store(
    mm: Micromamba, serve: Any, small_channel: Path, unseen: Written, where: str
) -> None:
    kind = {"netrc": "basic", "rattler": "bearer", "anaconda": "token"}[where]
    server = serve(small_channel, auth=KINDS[kind][0])
    files = {
        "netrc": (".netrc", f"machine 127.0.0.1 login me password {SECRET}\n"),
        "rattler": (
            ".rattler/credentials.json", json.dumps({"127.0.0.1": {"BearerToken": SECRET}}),
        ),
        "anaconda": (
            f".continuum/anaconda-client/tokens/{quote(server.url, safe='')}.token",
            f"{SECRET}\n",
        ),
    }  # fmt: skip
    path = mm.home / files[where][0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(files[where][1])
    made = mm("create", "-y", "-vvv", "-n", "e", "-c", server.url, "--override-channels", "greet")
    path.unlink()
    unseen(made)


def test_variables_in_configuration(
    mm: Micromamba, serve: Any, small_channel: Path, unseen: Written
) -> None:
    server = serve(small_channel, auth=KINDS["token"][0])
    (mm.home / ".mambarc").write_text(f"channels: ['{server.url}/t/${{CI_TOKEN}}']\n")
    made = mm("create", "-y", "-vvv", "-n", "e", "greet", CI_TOKEN=SECRET)
    shown = mm("config", "list", "--json", CI_TOKEN=SECRET)
    unseen(made, shown)


@pytest.fixture
def secret_url(serve: Any, small_channel: Path) -> str:
    """A channel whose URL holds a user, a password and a token."""
    server = serve(small_channel, auth=KINDS["token"][0])
    return server.url.replace("://", f"://me:{SECRET}@") + f"/t/{SECRET}"


def test_secrets_of_the_command_line(mm: Micromamba, secret_url: str, unseen: Written) -> None:
    """They come in as a channel's URL, and go nowhere: not even into the history."""
    channel = ("-c", secret_url, "--override-channels")
    said = [
        mm("create", "-y", "-n", "e", *channel, "greet=1", "-vvv"),
        mm("install", "-y", "-n", "e", *channel, "greet", "--json", "-vvv"),
        mm("update", "-y", "-n", "e", *channel, "--all", "-vvv"),
        mm("install", "-y", "-n", "e", *channel, f"{secret_url}::greet-phrases", "-vvv"),
        mm("create", "-y", "-n", "d", *channel, "greet", "--dry-run", "--json"),
        mm.fails("install", "-y", "-n", "e", *channel, "no-such-package", "-vvv"),
        mm.run("install", "-y", "-n", "e", *channel, "no-such-package", "--json"),
        mm("repoquery", "depends", *channel, "greet", "--tree", "-vvv"),
        mm("list", "-n", "e", "--explicit"),
        mm("env", "export", "-n", "e"),
        mm("env", "lock", "-n", "e"),
        mm("config", "list", "-vvv"),
        mm("remove", "-y", "-n", "e", "greet", "-vvv"),
    ]
    unseen(*said)


def test_a_redirect_to_another_host_gets_nothing(
    mm: Micromamba, serve: Any, small_channel: Path
) -> None:
    """As where packages lie in a cloud: who redirects vouches for the address, not for us."""
    elsewhere = serve(small_channel)
    names = {path.name: path.relative_to(small_channel) for path in small_channel.rglob("*.conda")}
    faults = [f"path=*/{name},redirect={elsewhere.url}/{at}" for name, at in names.items()]
    server = serve(small_channel, auth=KINDS["bearer"][0], faults=faults)
    for each in (server, elsewhere):
        login(mm, each.url, "bearer")
    mm("create", "-y", "-n", "e", "-c", server.url, "--override-channels", "greet")
    assert elsewhere.requests()
    assert {entry["auth"] for entry in elsewhere.requests()} == {None}


def test_login_and_logout(mm: Micromamba) -> None:
    assert mm.fails("auth", "login", "h").err.count("No password or token given.") == 1
    assert mm.run("auth", "login", "h", "--json").json()["success"] is False
    login(mm, "https://H.org/c/", "basic")
    assert json.loads((mm.home / STORE).read_text()) == {
        "h.org/c": {"password": "czNjcjN0WDk=", "type": "BasicHTTPAuthentication", "user": "me"}
    }
    (entry,) = mm("auth", "list", "--json").json()["credentials"]
    assert entry == {"host": "h.org/c", "type": "BasicHTTPAuthentication", "user": "me"}
    assert mm("auth", "logout", "h.org/c").out == "Logged out from h.org/c\n"
    assert mm.fails("auth", "logout", "h.org/c").err.count("You are not logged in to h.org/c")
    assert mm("auth", "logout", "--all").out == "No credentials are stored\n"
    assert not (mm.home / STORE).exists()
