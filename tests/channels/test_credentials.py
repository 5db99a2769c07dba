"""Stored credentials: what is kept where, what applies to which URL, who gets to see it."""

from __future__ import annotations

import json
import sys
import threading
import time
import types
from pathlib import Path
from typing import Any

import pytest

from mm_channels import CondaURL, CredentialLookup, CredentialStore, Network, Transport
from mm_channels.credentials import (
    BasicAuth,
    BearerToken,
    CondaToken,
    Credential,
    S3Keys,
    storage_key,
)
from mm_channels.errors import (
    AuthenticationError,
    CredentialStoreError,
    InvalidChannel,
    InvalidCredential,
)

SECRET = "s3cr-t"
QUICK = Network(backoff=0.01, connect_timeout=5, read_timeout=5)


@pytest.fixture
def store(tmp_path: Path) -> CredentialStore:
    return CredentialStore.of_user(tmp_path)


class Said(list[str]):
    """Remembers what it is told."""

    def __call__(self, message: str) -> None:
        self.append(message)


def found(home: Path, url: str, warn: Any = lambda message: None, **env: str) -> Credential | None:
    return CredentialLookup(home, env, warn).find(CondaURL.parse(url))


# The values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "credential",
    [BasicAuth("me", SECRET), BearerToken(SECRET), CondaToken(SECRET), S3Keys("id", SECRET)],
)
def test_values_do_not_show_their_secret(credential: Credential) -> None:
    assert SECRET not in f"{credential} {credential!r} {[credential]}"


@pytest.mark.parametrize("kind", [BearerToken, CondaToken])
@pytest.mark.parametrize("token", ["", "a b", "a\r\nX-Other: 1", "é", "\x7f"])
def test_what_is_no_token_is_refused_without_repeating_it(kind: Any, token: str) -> None:
    with pytest.raises(InvalidCredential) as caught:
        kind(token)
    assert not token or token not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize("host", ["", "  ", "/folder", "http:///x", "file:///x"])
def test_a_host_is_needed(host: str) -> None:
    with pytest.raises(InvalidCredential, match="No host given"):
        storage_key(host)


def test_keys() -> None:
    for text in ("https://H.org/a%20b/", "h.org/a b", "https://me:pw@h.org/t/tk-1/a b?x#y"):
        assert storage_key(text) == "h.org/a b"
    with pytest.raises(InvalidChannel):
        storage_key("h:port")


# The store ---------------------------------------------------------------------------------------


def test_the_file_is_micromambas(store: CredentialStore) -> None:
    store.put("myserver2.com/channel", BasicAuth("testuser", "xyzpass"))
    store.put("myserver.com:1234", CondaToken("mytoken"))
    assert store.path.read_text() == (
        '{\n    "myserver.com:1234": {\n        "token": "mytoken",\n'
        '        "type": "CondaToken"\n    },\n'
        '    "myserver2.com/channel": {\n        "password": "eHl6cGFzcw==",\n'
        '        "type": "BasicHTTPAuthentication",\n        "user": "testuser"\n    }\n}\n'
    )
    assert store.read() == {
        "myserver.com:1234": CondaToken("mytoken"),
        "myserver2.com/channel": BasicAuth("testuser", "xyzpass"),
    }


def test_nobody_else_can_read_it(store: CredentialStore) -> None:
    store.put("h", CondaToken("tk"))
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert store.path.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in store.path.parent.iterdir()] == ["authentication.json"]
    store.path.chmod(0o644)
    said = Said()
    assert store.read(said)
    assert len(said) == 1
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert store.read(said)
    assert len(said) == 1


def test_what_others_wrote_stays(store: CredentialStore) -> None:
    store.path.parent.mkdir(parents=True)
    other = {"x": {"type": "FromTheFuture", "key": [1, {"a": None}]}}
    store.path.write_text(json.dumps(other))
    store.put("h", BearerToken("tk"))
    assert store.remove("h")
    assert json.loads(store.path.read_text()) == other


def test_a_link_to_the_file_stays_one(store: CredentialStore, tmp_path: Path) -> None:
    store.path.parent.mkdir(parents=True)
    store.path.symlink_to(tmp_path / "dotfile.json")
    store.put("h", CondaToken("tk"))
    assert store.path.is_symlink()
    assert "CondaToken" in (tmp_path / "dotfile.json").read_text()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"h": "\xff'])
def test_a_damaged_file_is_left_alone(store: CredentialStore, text: str) -> None:
    store.path.parent.mkdir(parents=True)
    store.path.write_bytes(text.encode("latin-1"))
    said = Said()
    assert store.read(said) == {}
    assert "Could not parse authentication information" in said[0]
    for change in (lambda: store.put("h", CondaToken("tk")), lambda: store.remove("h")):
        with pytest.raises(CredentialStoreError, match="Could not parse"):
            change()
    assert store.path.read_bytes() == text.encode("latin-1")
    assert store.clear()
    assert not store.clear()


@pytest.mark.parametrize(
    "entry",
    [
        "x",
        {},
        {"type": "CondaToken"},
        {"type": "CondaToken", "token": 1},
        {"type": "CondaToken", "token": f"{SECRET} \n"},
        {"type": "BasicHTTPAuthentication", "user": "me", "password": f"{SECRET}?"},
        {"type": "BasicHTTPAuthentication", "user": "me", "password": "/w=="},
        {"type": "Other", "token": SECRET},
    ],
)
def test_a_damaged_entry_does_not_hide_the_others(store: CredentialStore, entry: Any) -> None:
    store.put("h", CondaToken("tk"))
    document = {"bad.org": entry, **json.loads(store.path.read_text())}
    store.path.write_text(json.dumps(document))
    said = Said()
    assert store.read(said) == {"h": CondaToken("tk")}
    assert len(said) == 1
    assert "bad.org" in said[0]
    assert SECRET not in said[0]


def test_logins_at_the_same_time_lose_nothing(store: CredentialStore) -> None:
    def login(number: int) -> None:
        CredentialStore(store.path).put(f"h{number}", CondaToken("tk"))

    threads = [threading.Thread(target=login, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.read()) == 12


def test_a_failed_write_keeps_the_old_file(
    store: CredentialStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("h", CondaToken("tk"))
    before = store.path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CredentialStoreError, match="No space left"):
        store.put("g", CondaToken(SECRET))
    assert store.path.read_bytes() == before
    assert [path.name for path in store.path.parent.iterdir()] == ["authentication.json"]


# Looking up --------------------------------------------------------------------------------------


def test_the_most_specific_key_counts(store: CredentialStore, tmp_path: Path) -> None:
    store.put("h", BearerToken("host"))
    store.put("h/a", BearerToken("a"))
    store.put("h:81/a", BearerToken("port"))
    expected = {
        "https://h": "host",
        "https://h/b/noarch": "host",
        "https://h/ab": "host",
        "https://h/a/noarch/x.conda": "a",
        "https://h:81/a": "port",
    }
    assert {url: found(tmp_path, url) for url in expected} == {
        url: BearerToken(token) for url, token in expected.items()
    }
    for url in ("https://h:82/a", "https://x.h/a", "https://hh/a", "https://h.org/a"):
        assert found(tmp_path, url) is None


def test_logging_in_replaces_keys_that_end_with_a_slash(store: CredentialStore) -> None:
    store.path.parent.mkdir(parents=True)
    store.path.write_text(json.dumps({"h/": {"type": "CondaToken", "token": "old"}}))
    store.put("h", CondaToken("new"))
    assert store.read() == {"h": CondaToken("new")}


def test_tokens_of_anaconda_client(store: CredentialStore, tmp_path: Path) -> None:
    folder = tmp_path / ".continuum" / "anaconda-client" / "tokens"
    folder.mkdir(parents=True)
    (folder / "https%3A%2F%2Fapi.anaconda.org.token").write_text("tk-1\n")
    (folder / "https%3A%2F%2Fconda.example.org%2Fa.token").write_text("tk-2")
    (folder / "bad.org.token").write_text(f"{SECRET} x")
    store.put("conda.anaconda.org", CondaToken("mine"))
    said = Said()
    assert found(tmp_path, "https://conda.anaconda.org/c", said) == CondaToken("tk-1")
    assert found(tmp_path, "https://conda.example.org/a/b") == CondaToken("tk-2")
    assert found(tmp_path, "https://bad.org/c") is None
    assert len(said) == 1
    assert SECRET not in said[0]


def rattler(path: Path, **entries: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(entries))
    return path


def test_rattlers_store(store: CredentialStore, tmp_path: Path) -> None:
    later, before = time.time() + 3600, time.time() - 1
    rattler(
        tmp_path / ".rattler" / "credentials.json",
        **{
            "h.org": {"CondaToken": "tk"},
            "*.h.org": {"BearerToken": "wild"},
            "b.org": {"BasicHTTP": {"username": "me", "password": "pw"}},
            "o.org": {"OAuth": {"access_token": "fresh", "expires_at": later}},
            "e.org": {"OAuth": {"access_token": "stale", "expires_at": before}},
            "mine.org": {"CondaToken": "theirs"},
            "s3://bucket": {"S3Credentials": {"access_key_id": "i", "secret_access_key": "k"}},
            "bad.org": {"BasicHTTP": {"username": SECRET}},
        },
    )
    store.put("mine.org", CondaToken("own"))
    said = Said()
    lookup = CredentialLookup(tmp_path, {}, said)
    expected = {
        "https://h.org:8443/c": CondaToken("tk"),
        "https://a.b.h.org/c": BearerToken("wild"),
        "https://b.org/c": BasicAuth("me", "pw"),
        "https://o.org/c": BearerToken("fresh"),
        "https://e.org/c": None,
        "https://bad.org/c": None,
        "https://mine.org/c": CondaToken("own"),
    }
    assert {url: lookup.find(CondaURL.parse(url)) for url in expected} == expected
    assert lookup.find_s3(CondaURL.parse("s3://bucket/chan")) == S3Keys("i", "k")
    assert lookup.find_s3(CondaURL.parse("s3://other/chan")) is None
    assert len(said) == 1
    assert SECRET not in said[0]


def test_the_environment_names_a_store(tmp_path: Path) -> None:
    rattler(tmp_path / ".rattler" / "credentials.json", h={"CondaToken": "usual"})
    path = rattler(tmp_path / "ci.json", h={"CondaToken": "named"})
    assert found(tmp_path, "https://h/c", RATTLER_AUTH_FILE=str(path)) == CondaToken("named")
    path.write_text("{")
    said = Said()
    assert found(tmp_path, "https://h/c", said, RATTLER_AUTH_FILE=str(path)) == CondaToken("usual")
    assert str(path) in said[0]
    assert found(tmp_path, "https://h/c", said, RATTLER_AUTH_FILE="/no/such") == CondaToken("usual")
    assert "/no/such" in said[1]


class Keychain(types.ModuleType):
    """Stands in for the package ``keyring``."""

    def __init__(self, entries: dict[str, str]) -> None:
        super().__init__("keyring")
        self.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]
        self.entries = entries
        self.asked: list[str] = []

    def get_password(self, service: str, name: str) -> str | None:
        assert service == "rattler"
        self.asked.append(name)
        if name == "broken.org":
            raise RuntimeError(SECRET)
        return self.entries.get(name)


def test_the_keychain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {"*.h.org": '{"BearerToken": "tk"}', "bad.org": f"{SECRET}", "deep.org": "[" * 99999}
    keychain = Keychain(entries)
    monkeypatch.setitem(sys.modules, "keyring", keychain)
    said = Said()
    lookup = CredentialLookup(tmp_path, {}, said)
    for _ in range(2):
        assert lookup.find(CondaURL.parse("https://a.h.org/c")) == BearerToken("tk")
    assert keychain.asked == ["a.h.org", "*.a.h.org", "*.h.org"]
    for host in ("bad.org", "broken.org", "deep.org", "none.org"):
        assert lookup.find(CondaURL.parse(f"https://{host}/c")) is None
    assert len(said) == 3
    assert SECRET not in str(said)


def test_without_keychain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mm_channels.credentials.keychain.find_spec", lambda name: None)
    assert found(tmp_path, "https://h/c") is None


@pytest.mark.parametrize("port", ["", ":8080"])
def test_netrc(tmp_path: Path, port: str) -> None:
    (tmp_path / ".netrc").write_text("machine h login me password pw\n")
    (tmp_path / "other").write_text("machine g login you password p2\ndefault login a password b\n")
    lookup = CredentialLookup(tmp_path, {})
    assert lookup.find_netrc("h") == BasicAuth("me", "pw")
    assert lookup.find_netrc("g") is None
    named = CredentialLookup(tmp_path, {"NETRC": str(tmp_path / "other")})
    assert named.find_netrc("g") == BasicAuth("you", "p2")
    assert named.find_netrc("h") == BasicAuth("a", "b")


def test_a_damaged_netrc_is_said_without_its_content(tmp_path: Path) -> None:
    said = Said()
    (tmp_path / ".netrc").write_text(f"machine h login me password pw {SECRET}\n")
    assert CredentialLookup(tmp_path, {}, said).find_netrc("h") is None
    assert CredentialLookup(tmp_path, {"NETRC": "/no/such"}, said).find_netrc("h") is None
    assert len(said) == 2
    assert SECRET not in str(said)


# On the way --------------------------------------------------------------------------------------


class Buffer:
    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data

    def reset(self) -> None:
        self.data = b""


def get(home: Path, url: str, *, location: str = "", share: str = "", warn: Any = Said()) -> bytes:  # noqa: B008
    sink = Buffer()
    with Transport(QUICK, CredentialLookup(home, {}, warn)) as transport:
        if location and share:
            transport.share(CondaURL.parse(location), CondaURL.parse(share))
        elif location:
            transport.learn(CondaURL.parse(location))
        transport.fetch(url, sink)
    return sink.data


def key_of(url: str) -> str:
    return storage_key(url)


@pytest.mark.parametrize(
    ("auth", "credential"),
    [
        ("basic:me:p:w", BasicAuth("me", "p:w")),
        (f"bearer:{SECRET}", BearerToken(SECRET)),
        ("token:tk-1", CondaToken("tk-1")),
    ],
)
def test_each_kind_opens_its_door(
    store: CredentialStore, tmp_path: Path, serve: Any, auth: str, credential: Any
) -> None:
    (tmp_path / "www" / "chan").mkdir(parents=True)
    (tmp_path / "www" / "chan" / "f").write_bytes(b"body")
    server = serve(tmp_path / "www", auth=auth)
    with pytest.raises(AuthenticationError) as caught:
        get(tmp_path, f"{server.url}/chan/f")
    host = server.url.removeprefix("http://")
    assert f"micromamba auth login {host}`" in caught.value.hint
    store.put(f"{host}/chan", credential)
    assert get(tmp_path, f"{server.url}/chan/f") == b"body"
    store.remove(f"{host}/chan")
    store.put(f"{host}/other", credential)
    with pytest.raises(AuthenticationError):
        get(tmp_path, f"{server.url}/chan/f")


@pytest.fixture
def applied(tmp_path: Path) -> Any:
    """What is asked for, and with which header, for a URL: `applied(url, location="")`."""
    from mm_channels.transport.credentials import Credentials

    def ask(url: str, location: str = "") -> tuple[str, str | None]:
        known = Credentials(CredentialLookup(tmp_path, {}))
        if location:
            known.learn(CondaURL.parse(location))
        address, headers = known.apply(url)
        return address, headers.get("Authorization")

    return ask


def test_a_token_for_the_path_is_encoded(store: CredentialStore, applied: Any) -> None:
    store.put("h", CondaToken("a/b?c#d_e.f"))
    assert applied("https://h/c/x") == ("https://h/t/a%2Fb%3Fc%23d_e.f/c/x", None)


def test_what_a_url_says_itself_comes_first(store: CredentialStore, applied: Any) -> None:
    store.put("h", CondaToken("stored"))
    store.put("b", BasicAuth("stored", "pw"))
    assert applied("https://h/t/own/c/x") == ("https://h/t/own/c/x", None)
    assert applied("https://h/c/x", "https://h/t/own/c") == ("https://h/t/own/c/x", None)
    basic = "Basic bWU6cHc="
    assert applied("https://me:pw@h/c/x") == ("https://h/t/stored/c/x", basic)
    assert applied("https://me:pw@b/c/x") == ("https://b/c/x", basic)


def test_the_channels_url_speaks_for_its_shards_as_well(tmp_path: Path) -> None:
    from mm_channels.transport.credentials import Credentials

    CredentialStore.of_user(tmp_path).put("h", BearerToken("stored"))
    known = Credentials(CredentialLookup(tmp_path, {}))
    channel = CondaURL.parse("https://me:pw@h/c")
    known.learn(channel)
    known.share(channel, CondaURL.parse("https://h/shards"))
    assert known.apply("https://h/shards/x")[1] == {"Authorization": "Basic bWU6cHc="}
    assert known.apply("https://h/other/x")[1] == {"Authorization": "Bearer stored"}


def test_netrc_is_for_those_without_user(store: CredentialStore, applied: Any) -> None:
    home = store.path.parents[2]
    (home / ".netrc").write_text("machine h login me password pw\nmachine b login me password no\n")
    store.put("h", CondaToken("tk"))
    store.put("b", BearerToken("tk"))
    assert applied("https://h/c") == ("https://h/t/tk/c", "Basic bWU6cHc=")
    assert applied("https://b/c") == ("https://b/c", "Bearer tk")
    assert applied("https://me:pw@b/c")[1] == "Basic bWU6cHc="
    assert applied("https://hh/c") == ("https://hh/c", None)


def test_shards_elsewhere_on_the_server_get_what_the_channel_gets(
    store: CredentialStore, tmp_path: Path, serve: Any
) -> None:
    (tmp_path / "www" / "shards").mkdir(parents=True)
    (tmp_path / "www" / "shards" / "f").write_bytes(b"body")
    server, other = (serve(tmp_path / "www", auth=f"bearer:{SECRET}") for _ in range(2))
    store.put(f"{server.url.removeprefix('http://')}/chan", BearerToken(SECRET))
    location = f"{server.url}/chan/noarch"
    shards = f"{server.url}/shards"
    assert get(tmp_path, f"{shards}/f", location=location, share=shards) == b"body"
    for url, shared in ((f"{shards}/f", f"{server.url}/other"), (f"{other.url}/shards/f", shards)):
        with pytest.raises(AuthenticationError):
            get(tmp_path, url, location=location, share=shared)
    with pytest.raises(AuthenticationError):
        get(tmp_path, f"{other.url}/shards/f", location=location, share=f"{other.url}/shards")
    assert not any(entry["auth"] for entry in other.requests())


def test_a_redirect_to_another_host_gets_none(
    store: CredentialStore, tmp_path: Path, serve: Any
) -> None:
    """Not even those stored for that host: who redirects there need not be who is trusted."""
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "f").write_bytes(b"body")
    other = serve(tmp_path / "www")
    server = serve(tmp_path / "www", faults=[f"redirect={other.url}/f"])
    for each in (server, other):
        store.put(key_of(each.url), BearerToken(SECRET))
    assert get(tmp_path, f"{server.url}/f") == b"body"
    assert [entry["auth"] for entry in server.requests()] == ["bearer"]
    assert [entry["auth"] for entry in other.requests()] == [None]


def test_secrets_in_the_open_are_remarked_upon_once(store: CredentialStore, tmp_path: Path) -> None:
    from mm_channels.transport.credentials import Credentials

    store.put("h.org", CondaToken(SECRET))
    store.put("localhost:1234", CondaToken(SECRET))
    said = Said()
    known = Credentials(CredentialLookup(tmp_path, {}, said))
    for url in ("https://h.org/c", "http://localhost:1234/c", "http://other.org/c"):
        known.apply(url)
    assert said == []
    known.apply("http://h.org/c")
    known.apply("http://h.org/d")
    assert len(said) == 1
    assert "h.org" in said[0]
    assert SECRET not in said[0]


def test_files_need_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_bytes(b"body")
    monkeypatch.setattr(CredentialLookup, "find", lambda *_: pytest.fail("asked for nothing"))
    url = (tmp_path / "f").as_uri()
    assert get(tmp_path, url, location="https://h/c", share="https://h/s") == b"body"
