"""``auth login``: store a credential for a host, or for a channel on it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, flag, value
from mm_cli.errors import CliError
from mm_cli.options import OUTPUT
from mm_cli.report.console import Console

if TYPE_CHECKING:
    from mm_channels.credentials import Credential

__all__ = ["COMMAND"]

KINDS = ("password", "token", "bearer")
"""What a secret may be; of several, the first one counts."""


def _run(parsed: Parsed, console: Console) -> int:
    from pathlib import Path

    from mm_channels.credentials import CredentialStore, storage_key
    from mm_cli.session import open_session
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.none())
    host = session.words[0] if session.words else ""
    key = storage_key(host)
    kind, secret = _secret(session.options, key, console)
    if host.lower().startswith("http://"):
        console.warn(f"The {kind} will travel unprotected wherever an http:// URL is asked for")
    credential = _credential(kind, session.options.get("auth.username"), secret)
    store = CredentialStore.of_user(Path.home())
    store.put(key, credential)
    console.document |= {"host": key, "type": credential.kind, "path": str(store.path)}
    console.say("Successfully stored login information")
    return 0


def _secret(options: dict[str, object], key: str, console: Console) -> tuple[str, str]:
    """The kind of secret, and the secret: from standard input, an option, or the keyboard."""
    from_stdin = [kind for kind in KINDS if options.get(f"auth.{kind}_stdin")]
    given = [kind for kind in KINDS if kind in from_stdin or f"auth.{kind}" in options]
    kind = given[0] if given else "password" if options.get("auth.username") else "token"
    if kind in from_stdin:
        secret = sys.stdin.read()
    elif given:
        secret = str(options[f"auth.{kind}"])
        console.warn(
            f"Other users of this machine can see the {kind} while this command runs",
            hint=f"--{kind}-stdin reads it from standard input.",
        )
    else:
        secret = _asked(kind, key)
    if not secret.strip():
        raise _nothing_given()
    return kind, secret.strip()


def _asked(kind: str, key: str) -> str:
    """What the user types, unseen."""
    if not sys.stdin.isatty():
        raise _nothing_given()
    from getpass import getpass

    try:
        return getpass(f"{kind.capitalize()} for {key}: ", stream=sys.stderr)
    except EOFError:
        raise _nothing_given() from None


def _nothing_given() -> CliError:
    return CliError(
        "No password or token given.",
        hint="Use --token-stdin, --bearer-stdin, or --username USER with --password-stdin.",
    )


def _credential(kind: str, user: object, secret: str) -> Credential:
    from mm_channels.credentials import BasicAuth, BearerToken, CondaToken

    if kind == "token":
        return CondaToken(secret)
    return BearerToken(secret) if kind == "bearer" else BasicAuth(str(user or ""), secret)


COMMAND = Command(
    "micromamba auth login",
    "Store credentials for a host, or for a channel on it.",
    description="The secret is asked for where none is given: a password with --username, "
    "else a token. It is kept in ~/.mamba/auth/authentication.json, which only you can read.",
    options=(
        *OUTPUT,
        value("-u,--username", "auth.username", "USER", "User name."),
        value("-p,--password", "auth.password", "PASSWORD", "Password (others may see it)."),
        flag("--password-stdin", "auth.password_stdin", "Read the password from standard input."),
        value("-t,--token", "auth.token", "TOKEN", "Conda token (others may see it)."),
        flag("--token-stdin", "auth.token_stdin", "Read the token from standard input."),
        value("-b,--bearer", "auth.bearer", "TOKEN", "Bearer token (others may see it)."),
        flag("--bearer-stdin", "auth.bearer_stdin", "Read the bearer token from standard input."),
    ),
    positionals=Words("HOST", "A host, a URL, or a channel's URL.", most=1),
    examples=(
        "micromamba auth login conda.example.org --token-stdin < token.txt",
        "micromamba auth login https://example.org/channel --username me",
        "echo $TOKEN | micromamba auth login repo.example.org:8443 --bearer-stdin",
    ),
    run=_run,
)
