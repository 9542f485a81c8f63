from __future__ import annotations

from decimal import Decimal

import pytest

from efimport.errors import SettingsError
from efimport.settings import DEFAULT_ENDPOINTS, InboxChoices, Organization, Settings, find_settings, load_settings

FULL = """
language = "cs"
default_organization = "acme"
[journal]
url = "sqlite:///journal.sqlite3"
[sending]
quiet_time = 60
timeout = 30.5
pace_folder = "pace"
[organizations.acme]
site = "CZ"
token = { env = "ACME_TOKEN" }
users = [
  { username = "petr", password = { env = "ACME_PASSWORD" } },
  { username = "pavla", md5pass = "0123456789abcdef0123456789abcdef" },
]
registration_number = "00123456"
vat_id = "CZ00123456"
bank_accounts = ["CZ6508000000192000145399", "2000145399/0800"]
paypal_accounts = ["pay@acme.example"]
table_accounts = { "stripe EUR" = "CZ6508000000192000145399" }
mappings = ["own/cooperative.toml"]
import_type = "createOrUpdate"
statements_as = "inbox"
[organizations.other]
site = "SI"
"""


@pytest.fixture
def load(tmp_path):
    def load(text, environment=None):
        path = tmp_path / "efimport.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path, environment=environment or {})

    return load


def one(line, load):
    return load(f"[organizations.acme]\n{line}\n").organizations["acme"]


def test_everything_that_the_design_shows_is_read(load, tmp_path):
    settings = load(FULL, {"ACME_TOKEN": "t", "ACME_PASSWORD": "p"})
    acme = settings.organization()
    assert (settings.language, acme.name, acme.site) == ("cs", "acme", "CZ")
    assert settings.journal_url == f"sqlite:///{tmp_path / 'journal.sqlite3'}"
    assert (settings.sending.quiet_time, settings.sending.timeout) == (60, 30.5)
    assert settings.sending.pace_folder == tmp_path / "pace"
    assert acme.token.reveal() == "t"
    assert [user.username for user in acme.users] == ["petr", "pavla"]
    assert acme.users[0].password.reveal() == "p"
    assert acme.registration_number == "00123456"
    assert acme.bank_accounts == ("CZ6508000000192000145399", "2000145399/0800")
    assert acme.table_accounts == {"stripe EUR": "CZ6508000000192000145399"}
    assert acme.mappings == (str(tmp_path / "own" / "cooperative.toml"),)
    assert (acme.import_type, acme.statements_as) == ("createOrUpdate", "inbox")


def test_a_secret_in_plain_text_is_named(load):
    assert load(FULL).plain_secrets == ("organizations.acme.users[1].md5pass",)


def test_loading_needs_no_secret(load):
    assert load(FULL).organizations["acme"].token is not None


@pytest.mark.parametrize("site", ["CZ", "SI", "HR"])
def test_the_endpoint_follows_the_site(load, site):
    assert one(f'site = "{site}"', load).endpoint == DEFAULT_ENDPOINTS[site]


def test_the_default_is_not_to_overwrite(load):
    assert one("", load).import_type == "createOnly"


@pytest.mark.parametrize(
    "line",
    [
        'site = "DE"',
        "site = []",
        'endpoint = "http://eurofaktura.cz/API"',
        'endpoint = "ftp://localhost/API"',
        'endpoint = "http://[::1"',
        "endpoint = 5",
        "token = 5",
        "users = 5",
        'users = "petr"',
        'users = [{ username = "petr" }]',
        'users = [{ password = "x" }]',
        'users = [{ username = "petr", password = "x", md5pass = "y" }]',
        'users = [{ username = "petr", password = "x", pin = "y" }]',
        "registration_number = 123",
        'bank_accounts = "CZ6508000000192000145399"',
        "bank_accounts = [2000145399]",
        'bank_accounts = ["our account"]',
        'table_accounts = { stripe = "our account" }',
        "table_accounts = { stripe = 5 }",
        'table_accounts = ["stripe"]',
        'mappings = "mine.toml"',
        'bank_accounts = ["2000145399"]',
        'import_type = "overwrite"',
        'statements_as = "mail"',
        'bank_account = ["x"]',
    ],
)
def test_a_value_that_cannot_be_used_is_named(load, line):
    with pytest.raises(SettingsError, match=r"organizations\.acme\." + line.split()[0]):
        one(line, load)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("language = 'xx'", "language"),
        ("default_organization = 5", "default_organization"),
        ("colour = 1", "colour"),
        ("organizations = 1", "organizations"),
        ("[organizations]\nacme = 1", "organizations.acme"),
        ("[journal]\nurl = 5", "journal.url"),
        ("[journal]\npath = 'x'", "journal.path"),
        ("[sending]\ntimeout = -1", "sending.timeout"),
        ("[sending]\ntimeout = nan", "sending.timeout"),
        ("[sending]\ntimeout = inf", "sending.timeout"),
        ("[sending]\ntimeout = true", "sending.timeout"),
        ("[sending]\nquiet_time = '5'", "sending.quiet_time"),
        ("[sending]\npace_folder = 5", "sending.pace_folder"),
    ],
)
def test_a_setting_outside_the_organizations_that_cannot_be_used_is_named(load, text, name):
    with pytest.raises(SettingsError, match=name):
        load(text)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:80"])
def test_plain_http_is_allowed_on_this_machine(load, host):
    organization = one(f'endpoint = "http://{host}/API"', load)
    assert organization.is_local


def test_the_service_is_not_local():
    assert not Organization().is_local


@pytest.mark.parametrize("content", [b"= 1", b"language = '\xff'"])
def test_a_file_that_is_no_toml_is_named(tmp_path, content):
    path = tmp_path / "efimport.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"efimport\.toml"):
        load_settings(path)


def test_without_a_file_there_are_defaults():
    assert load_settings(None) == Settings()
    assert Settings().organization() is None


def test_an_unknown_organization_is_named_with_the_known_ones(load):
    with pytest.raises(SettingsError, match=r"nobody.*acme, other"):
        load(FULL).organization("nobody")


def test_of_several_organizations_one_must_be_named(load):
    with pytest.raises(SettingsError, match="--organization"):
        load("[organizations.a]\n[organizations.b]\n").organization()


def test_the_only_organization_is_meant(load):
    assert load("[organizations.a]\n").organization().name == "a"


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("sqlite:////var/lib/journal.sqlite3", "sqlite:////var/lib/journal.sqlite3"),
        ("postgresql://localhost/journal", "postgresql://localhost/journal"),
    ],
)
def test_a_complete_address_of_the_journal_stays(load, url, read):
    assert load(f"[journal]\nurl = '{url}'").journal_url == read


@pytest.mark.parametrize("url", ["data/journal.sqlite3", "sqlite:///data/journal.sqlite3"])
def test_a_relative_journal_lies_beside_the_settings(load, tmp_path, url):
    assert load(f"[journal]\nurl = '{url}'").journal_url == f"sqlite:///{tmp_path}/data/journal.sqlite3"


def test_the_named_file_comes_first_then_the_folder(tmp_path):
    (tmp_path / "efimport.toml").touch()
    other = tmp_path / "other.toml"
    other.touch()
    assert find_settings(other, folder=tmp_path) == other
    assert find_settings(folder=tmp_path) == tmp_path / "efimport.toml"


def test_a_named_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SettingsError, match="absent"):
        find_settings(tmp_path / "absent.toml")


def test_without_any_file_none_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert find_settings(folder=tmp_path) is None


def test_what_is_asked_of_the_document_inbox_is_read(load):
    organization = load("[organizations.a]\n[organizations.a.inbox]\nautomatically_import = true\n").organization()
    assert organization.inbox == InboxChoices(automatically_import=True)


def test_how_received_documents_are_booked_is_read(load):
    table = """
        [organizations.a]
        received_as = "create"
        received = { account = "518000", accounts = { "12345679" = "501000" }, deduction_percent = 50 }
        """
    organization = load(table).organization()
    assert (organization.received_as, organization.received.account) == ("create", "518000")
    assert organization.received.accounts == {"12345679": "501000"}
    assert organization.received.deduction_percent == Decimal(50)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("inbox = { check_existing = 1 }", "inbox.check_existing"),
        ("inbox = { wrapper = true }", "inbox.wrapper"),
        ('inbox = { list_element = "a b" }', "inbox.list_element"),
        ('inbox_wrapper = "a b"', "inbox_wrapper"),
        ("inbox = { entry_element = false }", "inbox.entry_element"),
        ('inbox = { group_files = "yes" }', "inbox.group_files"),
        ("inbox = true", "inbox"),
        ("received = { account = 518000 }", "received.account"),
        ("received = { accounts = { a = 1 } }", "received.accounts.a"),
        ("received = { deduction_percent = 101 }", "received.deduction_percent"),
        ("received = { deduction_percent = 0.5 }", "received.deduction_percent"),
        ('codes = "not-there"', "codes"),
    ],
)
def test_a_wrong_value_in_an_inner_table_is_named(load, line, name):
    with pytest.raises(SettingsError, match=rf"organizations\.a\.{name} cannot be used"):
        load(f"[organizations.a]\n{line}\n")


def test_the_folder_of_the_firms_codes_is_relative_to_the_settings(load, tmp_path):
    (tmp_path / "codes").mkdir()
    assert load('[organizations.a]\ncodes = "codes"\n').organization().codes == str(tmp_path / "codes")


# The watched folder


def test_the_times_of_a_watched_folder_are_seconds(load):
    watch = load("[watch]\nsettle_time = 2\nscan_every = 0.5\n").watch
    assert (watch.settle_time, watch.scan_every, watch.scan_every_share) == (2.0, 0.5, 60.0)


def test_a_watched_folder_is_relative_to_the_settings_and_need_not_be_there(load, tmp_path):
    settings = load('[watch]\nfolder = "books"\n[organizations.a]\nwatched_folder = "scans"\n')
    assert settings.watch.folder == tmp_path / "books"
    assert settings.organizations["a"].watched_folder == tmp_path / "scans"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("scan_every = 0", "scan_every"),
        ("scan_every_share = 0.05", "scan_every_share"),
        ("settle_time = -1", "settle_time"),
        ("pair_time = true", "pair_time"),
        ('unfinished_after = "10 min"', "unfinished_after"),
        ('mode = "automatic"', "mode"),
        ('on_failure = "mail me"', "on_failure"),
        ("folder = 1", "folder"),
    ],
)
def test_a_wrong_value_of_the_watched_folder_is_named(load, line, name):
    with pytest.raises(SettingsError, match=rf"watch\.{name} cannot be used"):
        load(f"[watch]\n{line}\n")


def test_a_misspelt_key_of_the_watched_folder_is_named(load):
    with pytest.raises(SettingsError, match="settle_tme"):
        load("[watch]\nsettle_tme = 5\n")
