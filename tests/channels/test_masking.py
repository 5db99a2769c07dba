"""Secrets are hidden wherever a text or a value shows itself."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_channels.channel import ChannelContext, CondaURL, UnresolvedChannel, resolve_channels
from mm_channels.errors import InvalidChannel
from mm_channels.masking import mask_secrets, strip_credentials

SECRET = "s3cr-t"
words = st.text("abcxyz019-_.~%", min_size=2, max_size=12)


@given(words, words, words)
def test_no_secret_survives(user: str, password: str, token: str) -> None:
    password, token = f"{SECRET}{password}", f"{SECRET}{token}"
    text = f"cannot GET https://{user}:{password}@host:81/t/{token}/chan?x, (see log)"
    assert SECRET not in mask_secrets(text)
    assert SECRET not in strip_credentials(text)
    assert strip_credentials(text) == "cannot GET https://host:81/chan?x, (see log)"


@given(words, words, words)
def test_values_hide_and_keep(user: str, password: str, token: str) -> None:
    text = f"https://{user}:{SECRET}{password}@host/t/{SECRET}{token}/chan"
    url = CondaURL.parse(text)
    channel = resolve_channels([text], ChannelContext(platforms=("noarch",)))[0]
    unresolved = UnresolvedChannel.parse(text)
    shown = f"{url} {url!r} {channel} {channel!r} {channel.subdirs!r} {channel.url} {unresolved!r}"
    assert SECRET not in shown
    assert SECRET not in channel.name
    assert url.reveal() == text
    assert url.public == "https://host/chan"
    assert CondaURL.parse(url.reveal()) == url


@pytest.mark.parametrize(
    "text", ["http://h:8080/a@1.0", "no secrets: here", "a::b[x='1']", "/t", "12:30 me@host"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert mask_secrets(text) == text


def test_errors_do_not_repeat_secrets() -> None:
    for text in (f"https://u:{SECRET}@h:port/c", f"https://u:{SECRET}@h/c]"):
        with pytest.raises(InvalidChannel) as caught:
            resolve_channels([text], ChannelContext(platforms=("noarch",)))
        assert SECRET not in f"{caught.value} {caught.value.text} {caught.value.hint}"


def test_copies_hide_as_well() -> None:
    url = CondaURL.parse(f"https://u:{SECRET}@h/c")
    assert SECRET not in repr(copy.copy(url))
    assert pickle.loads(pickle.dumps(url)) == url
