"""Where a login may go: the settings, the client and everything else judge an address alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from efimport.api.client import Client
from efimport.errors import SettingsError
from efimport.secrets import Secret
from efimport.settings import ApiUser, Organization, is_loopback, load_settings
from tests.canaries import PASSWORD, PROXY_PASSWORD, TOKEN, leaks_in

GOOD = [
    "https://eurofaktura.cz/WebServicesCZ/API",
    "HTTPS://EUROFAKTURA.CZ/API",
    "https://service.example:8443/API",
    "https://xn--etn-koa.example/API",
    "https://[2001:db8::1]/API",
    "http://127.0.0.1:8080/API",
    "http://127.8.9.10/API",
    "http://[::1]:8080/API",
    "http://localhost/API",
    "HTTP://LOCALHOST/API",
]
BAD = [
    "",
    "service.example",
    "ftp://127.0.0.1/API",
    "file:///etc/passwd",
    "http:///API",
    "https://",
    "http://service.example/API",
    "HTTP://service.example/API",
    "http://127.0.0.1.evil.example/API",
    "http://localhost.evil.example/API",
    "http://localhost@evil.example/API",
    "http://localhost:80@evil.example/API",
    "http://evil.example@localhost/API",
    f"https://user:{PROXY_PASSWORD}@service.example/API",
    f"http://user:{PROXY_PASSWORD}@127.0.0.1/API",
    r"http://localhost\@evil.example/API",
    r"http://evil.example\.localhost/API",
    "http://evil.example#@localhost/API",
    "http://evil.example/#localhost",
    "https://service.example/API#part",
    "http://[::ffff:127.0.0.1]/API",
    "http://[::ffff:7f00:1]/API",
    "http://[::]/API",
    "http://0.0.0.0/API",
    "http://127.1/API",
    "http://2130706433/API",
    "http://0x7f000001/API",
    "http://0177.0.0.1/API",
    "http://localhost./API",
    "http://localhost%00.evil.example/API",
    "http://\u2113ocalhost/API",
    "http://127\u30020\u30020\u30021/API",
    "https://\u010detn\u00ed.example/API",
    "https://\u0435urofaktura.cz/API",
    "https://service.example /API",
    "https://service.example/\tAPI",
    "https://service.example/\r\nX: y",
    " https://service.example/API",
    "https://service.example:99999/API",
    "https://service.example:0/API",
    "https://service.example:x/API",
    "https://[::1/API",
]


def organization(endpoint: str) -> Organization:
    users = (ApiUser("kanarek", password=Secret.of(PASSWORD)),)
    return Organization(name="firm", endpoint=endpoint, token=Secret.of(TOKEN), users=users)


def settings_with(endpoint: str, folder: Path) -> Path:
    escaped = "".join(
        letter if " " <= letter <= "~" and letter not in '\\"' else f"\\u{ord(letter):04x}" for letter in endpoint
    )
    path = folder / "efimport.toml"
    path.write_text(f'[organizations.firm]\nendpoint = "{escaped}"\n', encoding="utf-8")
    return path


@pytest.mark.parametrize("endpoint", GOOD)
def test_an_address_that_is_encrypted_or_on_this_machine_is_taken(endpoint: str, tmp_path: Path) -> None:
    assert load_settings(settings_with(endpoint, tmp_path)).organizations["firm"].endpoint == endpoint
    Client(organization(endpoint), state_folder=tmp_path / "pace").close()


@pytest.mark.parametrize("endpoint", BAD, ids=ascii)
def test_any_other_address_is_refused_by_settings_and_client(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"organizations\.firm\.endpoint") as caught:
        load_settings(settings_with(endpoint, tmp_path))
    assert leaks_in(str(caught.value).encode()) == []
    with pytest.raises(SettingsError, match="has to be an https address") as caught:
        Client(organization(endpoint), state_folder=tmp_path / "pace")
    assert leaks_in(str(caught.value).encode()) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "localhost", "LocalHost"])
def test_this_machine_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", [None, "", "128.0.0.1", "::2", "::ffff:127.0.0.1", "localhost.", "127.0.0.1.evil.example"]
)
def test_no_other_host_is_this_machine(host: str | None) -> None:
    assert not is_loopback(host)
