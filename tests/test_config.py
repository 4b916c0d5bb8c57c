"""The environment is read once; what cannot work is refused with the setting's name and a remedy."""

from pathlib import Path

import pytest

from config import ROOT, Unusable, read

SECRET = "0123456789abcdefghijklmnopqrstuv"


@pytest.fixture
def home(tmp_path: Path) -> str:
    return str(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    settings = read({})
    assert settings["ONEPACT_HOME"] == ROOT / "instance"
    assert settings["DATABASE_URL"] == f"sqlite:///{ROOT}/instance/onepact.sqlite3"
    assert settings["FILES_URL"] == f"file://{ROOT}/instance/files"
    assert settings["PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert settings["SMTP_URL"] == settings["TIMESTAMP_URL"] == ""
    assert settings["CONSORTIUM_NAME"] == "Meridian Data Consortium"


def test_all_local_state_follows_the_home_folder(home: str) -> None:
    settings = read({"ONEPACT_HOME": home})
    assert settings["DATABASE_URL"] == f"sqlite:///{home}/onepact.sqlite3"
    assert settings["FILES_URL"] == f"file://{home}/files"


def test_a_setting_of_spaces_counts_as_not_set(home: str) -> None:
    assert read({"ONEPACT_HOME": home, "SMTP_URL": "  ", "PORT": ""}) == read({"ONEPACT_HOME": home})


def test_the_public_address_follows_the_port(home: str) -> None:
    assert read({"ONEPACT_HOME": home, "PORT": "8123"})["PUBLIC_URL"] == "http://127.0.0.1:8123"


def test_a_slash_at_the_end_of_the_public_address_is_dropped(home: str) -> None:
    assert read({"ONEPACT_HOME": home, "PUBLIC_URL": "https://example.org/"})["PUBLIC_URL"] == "https://example.org"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_way_to_write_a_postgresql_address_is_taken(home: str, scheme: str) -> None:
    settings = read({"ONEPACT_HOME": home, "DATABASE_URL": f"{scheme}://me:pw@db/onepact"})
    assert settings["DATABASE_URL"] == "postgresql+psycopg://me:pw@db/onepact"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://db/onepact", "postgresql+psycopg://"),
        ("DATABASE_URL", "nonsense", "postgresql+psycopg://"),
        ("DATABASE_URL", "sqlite://", "Name a file"),
        ("DATABASE_URL", "sqlite:///:memory:", "Name a file"),
        ("FILES_URL", "/some/folder", "file:///folder"),
        ("FILES_URL", "file://relative/folder", "file:///folder"),
        ("FILES_URL", "s3:///prefix", "s3://bucket"),
        ("SMTP_URL", "mail.example.org:25", "smtp://"),
        ("IMAP_URL", "mail.example.org", "imaps://"),
        ("IMAP_URL", "imaps://mail.example.org/INBOX", "name:password"),
        ("IMAP_URL", "imaps://a:b@mail.example.org?tls=1", "imaps://"),
        ("IMAP_URL", "imap://a:b@mail.example.org", "starttls=1"),
        ("INBOUND_ADDRESS", "onepact.example.org", "name+anything@domain"),
        ("INBOUND_ADDRESS", "reply+x@onepact.example.org", "name+anything@domain"),
        ("INBOUND_ADDRESS", "replies-to-onepact@onepact.example.org", "at most 10 characters"),
        ("SMTP_URL", "smtp://", "smtp://user:password@host"),
        ("SMTP_URL", "smtp://host:mail", "port"),
        ("SMTP_URL", "smtp://host?tls=1", "starttls=1"),
        ("PUBLIC_URL", "example.org", "https://"),
        ("PUBLIC_URL", "ftp://example.org", "https://"),
        ("PUBLIC_URL", "http://example.org", "open line"),
        ("PUBLIC_URL", "https://me:pw@example.org", "before the @"),
        ("PUBLIC_URL", "https://example.org/?x=1", "https://"),
        ("PUBLIC_URL", "http://127.0.0.1:99999", "port"),
        ("TIMESTAMP_URL", "tsa.example.org", "RFC 3161"),
        ("HARVEST_NETWORKS", "10.20.0.0/16, intranet", "10.20.0.0/16"),
        ("HARVEST_NETWORKS", "10.20.0.1/16", "host bits"),
        ("SECRETARIAT_ADDRESS", "the secretariat", "secretariat@"),
        ("SECRETARIAT_ADDRESS", "secretariat@here", "secretariat@"),
        ("PORT", "80 80", "PORT=8000"),
        ("PORT", "0", "PORT=8000"),
        ("PORT", "65536", "PORT=8000"),
        ("PORT", "²", "PORT=8000"),
        ("WEB_WORKERS", "many", "WEB_WORKERS=1"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES=0"),
        ("TRUSTED_PROXIES", "10", "TRUSTED_PROXIES=0"),
        ("SECRET_KEY", "secret", "openssl rand"),
        ("SECRET_KEY", "x" * 64, "openssl rand"),
        ("SEAL_PASSPHRASE", "letmein", "openssl rand"),
    ],
)
def test_what_cannot_work_is_refused_with_a_remedy(home: str, name: str, value: str, words: str) -> None:
    with pytest.raises(Unusable) as refusal:
        read({"ONEPACT_HOME": home, name: value})
    assert refusal.value.name == name
    assert words in str(refusal.value)
    assert "Remedy: " in str(refusal.value)


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://[::1]:8000", "http://onepact.localhost"])
def test_an_open_line_is_fine_on_the_machine_itself(home: str, url: str) -> None:
    assert read({"ONEPACT_HOME": home, "PUBLIC_URL": url})["PUBLIC_URL"] == url


def test_several_workers_need_a_shared_counter_for_limits(home: str) -> None:
    with pytest.raises(Unusable, match="RATELIMIT_URL=redis"):
        read({"ONEPACT_HOME": home, "WEB_WORKERS": "4"})
    environment = {"ONEPACT_HOME": home, "WEB_WORKERS": "4", "RATELIMIT_URL": "redis://127.0.0.1:6379"}
    assert read(environment)["WEB_WORKERS"] == 4


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match="is a file"):
        read({"ONEPACT_HOME": str(tmp_path / "file")})


def test_without_a_secret_there_is_none_and_never_a_default(home: str) -> None:
    settings = read({"ONEPACT_HOME": home})
    assert settings["SECRET_KEY"] == settings["SEAL_PASSPHRASE"] == ""


@pytest.mark.parametrize(("name", "file"), [("SECRET_KEY", "secret-key"), ("SEAL_PASSPHRASE", "seal-passphrase")])
class TestASecretInAFile:
    def write(self, home: str, file: str, text: str, mode: int = 0o600) -> None:
        path = Path(home) / "keys" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def test_is_read_where_the_environment_has_none(self, home: str, name: str, file: str) -> None:
        self.write(home, file, SECRET + "\n")
        settings = dict(read({"ONEPACT_HOME": home}))
        assert settings[name] == SECRET

    def test_gives_way_to_the_environment(self, home: str, name: str, file: str) -> None:
        self.write(home, file, SECRET)
        settings = dict(read({"ONEPACT_HOME": home, name: SECRET[::-1]}))
        assert settings[name] == SECRET[::-1]

    def test_is_refused_when_others_can_read_it(self, home: str, name: str, file: str) -> None:
        self.write(home, file, SECRET, 0o644)
        with pytest.raises(Unusable, match="chmod 600"):
            read({"ONEPACT_HOME": home})

    def test_is_refused_when_it_is_cut_short(self, home: str, name: str, file: str) -> None:
        self.write(home, file, SECRET[:8])
        with pytest.raises(Unusable, match="backup"):
            read({"ONEPACT_HOME": home})
