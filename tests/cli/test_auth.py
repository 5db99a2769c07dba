"""``auth``: secrets go in by safe ways, lie where only their owner reads, and never come out."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SECRET = "s3cr-t"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return put


@pytest.fixture
def store(user: Any) -> Path:
    return Path(user.root_prefix.parent / ".mamba" / "auth" / "authentication.json")


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("password", {"type": "BasicHTTPAuthentication", "user": "", "password": "czNjci10"}),
        ("token", {"type": "CondaToken", "token": SECRET}),
        ("bearer", {"type": "BearerToken", "token": SECRET}),
    ],
)
@pytest.mark.parametrize("way", ["stdin", "option"])
def test_login(
    user: Any, typed: Any, store: Path, kind: str, entry: dict[str, str], way: str
) -> None:
    typed(f"  {SECRET}\n" if way == "stdin" else "")
    words = [f"--{kind}-stdin"] if way == "stdin" else [f"--{kind}", f" {SECRET} "]
    assert user.run("auth", "login", "https://H.org:81/c/", *words) == 0
    assert user.out == "Successfully stored login information\n"
    assert ("can see the" in user.err) is (way == "option")
    assert SECRET not in user.out + user.err
    assert json.loads(store.read_text()) == {"h.org:81/c": entry}
    assert store.stat().st_mode & 0o777 == 0o600


def test_standard_input_beats_the_option_and_password_beats_token(
    user: Any, typed: Any, store: Path
) -> None:
    typed(SECRET)
    words = ("auth", "login", "h", "-u", "me", "-p", "x", "--password-stdin", "-t", "y", "-b", "z")
    assert user.run(*words) == 0
    entry = {"type": "BasicHTTPAuthentication", "user": "me", "password": "czNjci10"}
    assert json.loads(store.read_text()) == {"h": entry}


def test_json(user: Any, typed: Any, store: Path) -> None:
    typed(SECRET)
    document = user.data("auth", "login", "h", "-u", "me", "--password-stdin", "-vvv")
    assert document["success"] is True
    kind = "BasicHTTPAuthentication"
    assert (document["host"], document["type"], document["path"]) == ("h", kind, str(store))
    listed = user.data("auth", "list")["credentials"]
    assert listed == [{"host": "h", "type": kind, "user": "me"}]
    assert user.data("auth", "logout", "h")["hosts"] == ["h"]
    assert user.data("auth", "logout", "h")["success"] is False
    assert user.data("auth", "logout", "--all")["hosts"] == []
    assert user.data("auth", "list")["credentials"] == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("login",), "No host given"),
        (("login", ""), "No host given"),
        (("login", "h"), "No password or token given"),
        (("login", "h", "-u", "me"), "No password or token given"),
        (("login", "h", "--token", " "), "No password or token given"),
        (("login", "h", "--token", f"{SECRET} x"), "has blanks"),
        (("login", "h", "--bearer", f"{SECRET}\nx"), "has blanks"),
        (("login", f"h:{SECRET}x", "-t", "tk"), "no port number"),
        (("logout",), "No host given"),
        (("logout", "h"), "You are not logged in to h"),
    ],
)
def test_failures_are_failures(
    user: Any, typed: Any, store: Path, words: tuple[str, ...], why: str
) -> None:
    typed("")
    assert user.run("auth", *words) == 1
    assert why in user.err
    assert user.out == ""
    assert not store.exists()
    if f"h:{SECRET}x" not in words:
        assert SECRET not in user.err


def test_a_damaged_store_is_not_overwritten(user: Any, typed: Any, store: Path) -> None:
    store.parent.mkdir(parents=True)
    store.write_text("{")
    for words in (("login", "h", "-t", SECRET), ("logout", "h")):
        assert user.run("auth", *words) == 1
        assert "Could not parse" in user.err
        assert store.read_text() == "{"
    assert user.run("auth", "logout", "--all") == 0
    assert not store.exists()


def test_other_entries_stay(user: Any, typed: Any, store: Path) -> None:
    for host in ("a", "b", "a"):
        assert user.run("auth", "login", host, "-t", SECRET) == 0
    assert user.run("auth", "logout", "a") == 0
    assert user.out == "Logged out from a\n"
    assert list(json.loads(store.read_text())) == ["b"]
    assert user.run("auth", "logout", "b", "--all") == 108
    assert user.run("auth", "list") == 0
    assert user.out == "Host  Type        User\nb     CondaToken\n"


def test_unprotected_use_is_warned_of(user: Any, typed: Any) -> None:
    typed(SECRET)
    assert user.run("auth", "login", "http://h.org", "--token-stdin") == 0
    assert "unprotected" in user.err


@pytest.mark.parametrize("words", [(), ("--json",), ("-vvv",)])
def test_a_crash_keeps_secrets(
    user: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError(f"https://me:{SECRET}@h/t/{SECRET}/chan and http://:{SECRET}@g")

    monkeypatch.setattr("mm_channels.credentials.CredentialStore.read", crash)
    assert user.run("auth", "list", *words) == 1
    said = user.out + user.err
    assert "Internal error" in said
    assert "h/t/*****/chan" in said
    assert SECRET not in said


def test_what_is_typed_is_not_shown(root_prefix: Path) -> None:
    """At a terminal the secret is asked for."""
    leader, follower = pty.openpty()
    program = str(Path(sys.executable).with_name("micromamba"))
    process = subprocess.Popen(
        [program, "auth", "login", "h", "-u", "me"],
        stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
        preexec_fn=lambda: _take_terminal(follower),
    )  # fmt: skip
    os.close(follower)
    shown = b""
    while b"Password for h: " not in shown:
        shown += os.read(leader, 1000)
    os.write(leader, f"{SECRET}\n".encode())
    assert process.wait(timeout=30) == 0
    shown += os.read(leader, 1000)
    os.close(leader)
    assert b"Successfully stored" in shown
    assert SECRET.encode() not in shown
    store = root_prefix.parent / ".mamba" / "auth" / "authentication.json"
    assert json.loads(store.read_text())["h"]["user"] == "me"


def _take_terminal(follower: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(follower, termios.TIOCSCTTY, 0)
