"""How settings are shown."""

from __future__ import annotations

import json
from typing import Any

import mm_config
from mm_config.descriptions import DETAILS, long_description
from mm_config.keys import KEYS


def test_without_names_only_what_somebody_set(home: Any) -> None:
    assert mm_config.list_text(home.load()) == ""
    config = home.load({"json": True, "dry_run": True})
    assert mm_config.list_text(config) == "json: true"
    assert mm_config.list_data(config) == {"json": True}


def test_all_shows_every_setting_of_files_in_the_order_of_the_table(home: Any) -> None:
    text = mm_config.list_text(home.load(), all=True)
    shown = [line.split(":")[0] for line in text.splitlines() if line[0] not in " #"]
    assert shown == [key.name for key in KEYS.values() if key.rc]


def test_names_are_shown_set_or_not_and_unknown_ones_are_not(home: Any) -> None:
    config = home.load()
    text = mm_config.list_text(config, ["dry_run", "offline", "nonsense"])
    assert text == "offline: false\ndry_run: false"


def test_the_layout_of_each_kind(home: Any) -> None:
    home.write(
        "~/.condarc",
        "channels: []\nmirrored_channels: {lab: [https://a, https://b]}\n"
        "remote_connect_timeout_secs: 2.50\nssl_verify: ' x '\n",
    )
    names = ["channels", "mirrored_channels", "remote_connect_timeout_secs", "ssl_verify"]
    names += ["custom_channels", "cacert_path", "target_prefix"]
    config = home.load(rules=mm_config.PrefixRules.none())
    assert mm_config.list_text(config, names, sources=True) == (
        "target_prefix: ~  # 'default'\n"
        "channels: ~  # '~/.condarc'\n"
        "custom_channels: {}\n"
        "mirrored_channels:\n"
        "  lab:\n"
        "    - https://a  # '~/.condarc'\n"
        "    - https://b  # '~/.condarc'\n"
        "cacert_path: \"\"  # 'default'\n"
        "ssl_verify: \" x \"  # '~/.condarc'\n"
        "remote_connect_timeout_secs: 2.5  # '~/.condarc'"
    )


def test_groups_get_one_heading_each(home: Any) -> None:
    config = home.load({"channels": ["a"], "channel_alias": "b", "offline": True})
    text = mm_config.list_text(config, descriptions=True, groups=True)
    assert text.count("Channels Configuration") == 1
    assert text.count("Network Configuration") == 1
    assert "\n\n# channel_alias\n" in text
    # Without descriptions there is nothing to head.
    assert "Configuration" not in mm_config.list_text(config, groups=True)


def test_describe_shows_no_values_and_all_settings(home: Any) -> None:
    config = home.load({"offline": True})
    text = mm_config.describe_text(config)
    assert "# offline\n#   Use only what is on this machine." in text
    assert "offline: true" not in text
    assert len(mm_config.describe_data(config)) == len([key for key in KEYS.values() if key.rc])
    one = mm_config.describe_text(config, ["offline"], long_descriptions=True, groups=True)
    assert "Network Configuration" in one
    assert one.endswith("#   Environment: MAMBA_OFFLINE.")


def test_data_with_sources_descriptions_and_groups(home: Any) -> None:
    home.write("~/.condarc", "channels: [a]\n")
    config = home.load({"channels": ["b"], "channel_priority": "strict"})
    assert mm_config.list_data(config, sources=True) == {
        "channels": {"value": ["b", "a"], "source": ["CLI", "~/.condarc"]},
        "channel_priority": {"value": "strict", "source": ["CLI"]},
    }
    data = mm_config.list_data(config, ["channels"], descriptions=True, groups=True)
    assert data == {
        "ChannelsConfiguration": {
            "channels": {"description": KEYS["channels"].description, "value": ["b", "a"]}
        }
    }
    assert "source" in str(mm_config.list_data(config, sources=True, long_descriptions=True))


def test_data_is_json(home: Any) -> None:
    json.dumps(mm_config.list_data(home.load(), all=True, sources=True, long_descriptions=True))


def test_secrets_are_masked_in_texts_and_data(home: Any) -> None:
    home.write(
        "~/.condarc",
        "channels: [https://ada:hunter2@h/t/tk-1.2/c]\n"
        "custom_channels: {x: 'https://ada:hunter2@h'}\nproxy_servers: {http: 'ada:hunter2@p'}\n"
        "mirrored_channels: {x: ['https://h/t/tk-1.2/m']}\nchannel_alias: https://h/t/tk-1.2\n",
    )
    config = home.load()
    for shown in (
        mm_config.list_text(config, all=True, sources=True),
        str(mm_config.list_data(config, all=True, sources=True)),
    ):
        assert "hunter2" not in shown
        assert "tk-1" not in shown
        assert "https://ada:*****@h/t/*****/c" in shown


def test_sources_without_files(home: Any) -> None:
    assert mm_config.sources_text(home.load()) == "Configuration files (by precedence order):"
    assert mm_config.sources_text(home.load(env={"MAMBA_NO_RC": "true"})) == (
        "Configuration files disabled by --no-rc flag"
    )


def test_every_setting_can_be_described() -> None:
    assert set(DETAILS) <= set(KEYS)
    for key in KEYS.values():
        assert key.description.endswith("."), key.name
        assert all(lines and "\n" not in lines for lines in long_description(key))
