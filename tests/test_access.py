from __future__ import annotations

import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import HashEncoder

from index.folder import StoreFolder
from index.types import SilangError
from ui.access import Access, account_line, save_account
from ui.articles import Articles
from ui.cli import main


def asking(name: str | None, **headers: str) -> Any:
    given = {"host": "127.0.0.1:7860", **{key.replace("_", "-"): value for key, value in headers.items()}}
    return SimpleNamespace(username=name, headers=given)


def test_a_password_opens_its_own_account_alone(accounts: Path) -> None:
    access = Access(accounts)
    assert access.check("rina", "sandi panjang") and access.check("budi", "lain")
    assert not access.check("rina", "lain") and not access.check("siapa", "") and not access.check("", "")
    assert "sandi panjang" not in accounts.read_text()
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600


def test_editors_alone_may_change_the_index(accounts: Path) -> None:
    access = Access(accounts)
    assert access.may_change(asking("rina"))
    assert not access.may_change(asking("budi")) and not access.may_change(asking(None))


@pytest.mark.parametrize(
    ("host", "may"),
    [("127.0.0.1", True), ("::1", True), ("[::1]", True), ("localhost", True), ("0.0.0.0", False), ("10.1.2.3", False)],
)
def test_without_accounts_only_this_machine_may_change_the_index(host: str, may: bool) -> None:
    access = Access(None, host)
    assert not access.required and access.may_change(asking(None)) is may


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"host": "evil.example:7860"},
     {"x_forwarded_for": "10.0.0.1"}, {"forwarded": "for=10.0.0.1"}, {"host": ""}],
)  # fmt: skip
def test_a_visitor_from_elsewhere_may_not_change_the_index(headers: dict[str, str], accounts: Path) -> None:
    assert not Access(None, "127.0.0.1").may_change(asking(None, **headers))
    assert Access(None, "127.0.0.1").may_change(asking(None, sec_fetch_site="same-origin", host="localhost:7860"))
    if "sec_fetch_site" in headers:
        assert not Access(accounts).may_change(asking("rina", **headers))


def test_an_account_of_the_same_name_is_replaced(accounts: Path) -> None:
    save_account(accounts, account_line("budi", "editor", "baru"))
    access = Access(accounts)
    assert access.check("budi", "baru") and not access.check("budi", "lain") and access.may_change(asking("budi"))
    assert len(accounts.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "text", ["", "rina", "rina:editor:terang", "rina:chief:$argon2id$v=19$x", ":reader:$argon2id$x"]
)
def test_a_file_that_holds_no_accounts_is_refused_with_the_mend(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text)
    with pytest.raises(SilangError, match="silang account"):
        Access(tmp_path / "a")


@pytest.mark.parametrize(("name", "password"), [("a:b", "x"), ("", "x"), ("a", ""), (" a", "x")])
def test_a_name_or_password_that_cannot_be_kept_is_refused(name: str, password: str) -> None:
    with pytest.raises(SilangError):
        account_line(name, "reader", password)


def test_accounts_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    with pytest.raises(SilangError, match="cannot be written .No such file or directory.: name another --auth"):
        save_account(tmp_path / "missing" / "a", "budi:reader:x")


def test_the_command_line_makes_an_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("rahasia\n"))
    assert main(["account", "sari", "--auth", str(tmp_path / "a"), "--role", "editor"]) == 0
    assert Access(tmp_path / "a").check("sari", "rahasia")
    assert "sari may sign in as editor" in capsys.readouterr().out


def test_two_uploads_of_one_name_are_both_indexed(tmp_path: Path, store: StoreFolder) -> None:
    files = [tmp_path / folder / "berita.txt" for folder in "ab"]
    for file, place in zip(files, ("Lembah", "Pesisir"), strict=True):
        file.parent.mkdir()
        file.write_text(f"Banjir merendam jalan utama {place} sejak pagi.")
    Articles(store, HashEncoder(), Access()).add([str(file) for file in [*files, files[0]]], asking(None))
    held = store.current()
    assert [info.id for info in held.infos()] == ["uploads/berita.txt", "uploads/berita (2).txt"]
    assert "Lembah" in held.article("uploads/berita.txt").text
    assert "Pesisir" in held.article("uploads/berita (2).txt").text


def test_an_upload_replaces_the_articles_of_one_of_its_name_alone_and_says_so(
    tmp_path: Path, store: StoreFolder
) -> None:
    def upload(name: str, place: str) -> str:
        (tmp_path / name).write_text(f"id,text\n1,Banjir merendam jalan utama {place} sejak pagi.\n")
        return Articles(store, HashEncoder(), Access()).add([str(tmp_path / name)], asking(None))

    upload("satu.csv", "Lembah")
    assert "another article, from satu.csv, which is kept" in upload("dua.csv", "Pesisir").replace("&#x27;", "'")
    assert "Lembah" in store.current().article("1").text
    assert "took the place of articles from another file, or from one not recorded: 1" in upload("satu.csv", "Bukit")
    assert "Bukit" in store.current().article("1").text
