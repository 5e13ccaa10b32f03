from __future__ import annotations

import io
import json
import os
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from index.articles import read_paths
from index.boilerplate import mark
from index.types import Article, SilangError, Skipped

BODY = "Pemerintah kota menutup jembatan lama itu sejak Senin pagi karena tiang penyangganya retak."
SECOND = "Warga diminta memakai jalan memutar sampai perbaikan selesai pada akhir bulan, kata camat."


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """A folder of a known name, since ids begin with it."""
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


def write(folder: Path, name: str, data: str | bytes = BODY) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(*paths: Path | str, max_bytes: int = 20_000_000) -> tuple[list[Article], dict[str, str]]:
    """The articles, and the reasons by the name at the end of where they apply."""
    items = list(read_paths(paths, max_bytes=max_bytes))
    reasons = {Path(item.where).name: item.why.en for item in items if isinstance(item, Skipped)}
    assert all(item.why.id for item in items if isinstance(item, Skipped))
    return [item for item in items if isinstance(item, Article)], reasons


def ids(*paths: Path | str) -> list[str]:
    return [article.id for article in read(*paths)[0]]


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:10]


def test_a_folder_is_read_in_order_with_paths_for_ids(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/b/d.TXT", "z.htm"):
        write(tmp_path, name, f"<div><p>{BODY}</p><p>{SECOND}</p></div>" if name.endswith("htm") else BODY)
    assert ids(tmp_path) == ["news/a/b/d.TXT", "news/a/c.md", "news/b.txt", "news/z.htm"]


def test_a_file_given_itself_has_its_folder_and_name_for_id(tmp_path: Path) -> None:
    assert ids(str(write(tmp_path, "a/c.md"))) == ["a/c.md"]


def test_rows_keep_their_ids_or_get_one_from_their_text(tmp_path: Path) -> None:
    write(tmp_path, "a/r.jsonl", f'{{"id": 5, "text": "{BODY}"}}\n{{"text": "{SECOND}"}}\n')
    write(tmp_path, "s.csv", f'id,text\n,"{SECOND}"\nx,"{BODY}"\n')
    assert ids(tmp_path) == ["5", f"news/a/r.jsonl#{hashed(SECOND)}", f"news/s.csv#{hashed(SECOND)}", "x"]


def test_of_two_articles_of_a_file_with_one_id_the_first_is_kept(tmp_path: Path) -> None:
    case = json.dumps([{"id": "n", "text": BODY}, {"id": "n", "text": SECOND}])
    articles, reasons = read(write(tmp_path, "b.jsonl", f"{case}\n"))
    assert [(a.id, a.text) for a in articles] == [("n", BODY)]
    assert "b.jsonl:1, article 1" in reasons["b.jsonl:1, article 2"]


def test_the_text_is_stored_byte_for_byte(tmp_path: Path) -> None:
    text = f"Ad image\r\n\r\n{BODY}\r\n\tâ€œmojibakeâ€ tetap  \r\n"
    (article,) = read(write(tmp_path, "a.txt", b"\xef\xbb\xbf" + text.encode()))[0]
    assert article.text == text


def test_the_outlet_and_the_date_come_from_the_top_of_the_text_when_no_field_states_them(tmp_path: Path) -> None:
    top = "Jembatan Tua Ditutup Total\n\nRabu, 19 Juni 2024 14:05 WIB\n\n"
    write(tmp_path, "a.txt", f"{top}JAKARTA, Portal Uji - {BODY}")
    write(tmp_path, "b.txt", f"Sumber: Warta Uji\nTanggal: 1 Mei 2024\n{top}JAKARTA, Portal Uji - {BODY}")
    write(tmp_path, "c.txt", f"JAKARTA - {BODY} Itu terjadi pada 19 Juni 2024.")
    write(tmp_path, "d.jsonl", json.dumps({"text": f"{top}Uji.com - {BODY}", "date": "entah", "id": "d"}))
    stated = {a.id: (a.title, a.source, a.published) for a in read(tmp_path)[0]}
    assert stated == {
        "news/a.txt": ("Jembatan Tua Ditutup Total", "Portal Uji", "2024-06-19"),
        "news/b.txt": ("Jembatan Tua Ditutup Total", "Warta Uji", "2024-05-01"),
        "news/c.txt": (None, None, None),
        "d": (None, "Uji.com", "2024-06-19"),
    }


def test_the_first_day_of_a_chronology_is_no_date_of_publication(tmp_path: Path) -> None:
    days = f"16 Agustus 1945\nTiang retak.\n17 Agustus 1945\n{BODY}"
    write(tmp_path, "a.txt", f"Kronologi Jembatan Tua\n\n{days}")
    write(tmp_path, "b.txt", f"Kronologi Jembatan Tua\n\nRabu, 19 Juni 2024 14:05 WIB\n\n{days}")
    write(tmp_path, "c.txt", f"Jembatan Tua Ditutup Total\n\n19 Juni 2024\n\n{BODY}")
    assert [article.published for article in read(tmp_path)[0]] == [None, "2024-06-19", "2024-06-19"]


def test_a_person_or_a_part_of_a_town_is_no_outlet(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", f"Gubernur DKI, Anies Baswedan – yang maju lagi – dilaporkan menerima dana. {BODY}")
    write(tmp_path, "b.txt", f"JAKARTA, Tanah Abang - {BODY}")
    articles = read(tmp_path)[0]
    assert [article.source for article in articles] == [None, None]
    assert mark(articles[0].text, None) == ()  # his name can be searched


ENGLISH = "The ferry left the harbour at dawn with forty people on board, and the crew saw the storm late."


def test_a_date_of_an_english_article_that_may_be_of_two_months_is_unknown(tmp_path: Path) -> None:
    rows = "".join(f'{n},"{ENGLISH}",Harbour Post,{date}\n' for n, date in ((1, "06/07/2024"), (2, "06/19/2024")))
    write(tmp_path, "a.csv", f"id,text,source,date\n{rows}")
    write(tmp_path, "b.txt", f"Ferry Leaves Harbour Late\n\nPublished: 06/07/2024, 10:05 AM\n\n{ENGLISH}")
    write(tmp_path, "c.txt", f"Ferry Leaves Harbour Late\n\n06/07/2024 10:05\n\n{ENGLISH}")
    write(tmp_path, "d.md", f"---\ntitle: Ferry\ndate: 06/07/2024\n---\n{ENGLISH}")
    meta = "<meta property='article:published_time' content='06/07/2024'>"
    write(tmp_path, "e.html", f"<html><head>{meta}</head><body><article><p>{ENGLISH}</p></article></body></html>")
    write(tmp_path, "f.txt", f"Jembatan Tua Ditutup Total\n\n06/07/2024 10:05\n\n{BODY} {SECOND}")
    assert [article.published for article in read(tmp_path)[0]] == [
        None, "2024-06-19", None, None, None, None, "2024-07-06",
    ]  # fmt: skip


def test_the_file_of_an_article_is_kept_whatever_its_id_is_made_from(tmp_path: Path) -> None:
    file, rows = write(tmp_path, "a.txt"), write(tmp_path, "b.csv", f'id,text\n1,"{BODY}"\n,"{SECOND}"\n')
    assert [article.path for article in read(tmp_path)[0]] == [str(file), str(rows), str(rows)]


def test_the_language_is_only_what_is_stated(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", f'{{"text": "{BODY}", "lang": "id-ID"}}\n{{"text": "{SECOND}"}}')
    assert [article.language for article in read(path)[0]] == ["id", None]


def test_stdin_is_read_as_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    data = f'{{"id": "a", "text": "{BODY}"}}\noops\n{{"text": "{SECOND}"}}'.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    articles, reasons = read("-")
    assert [article.id for article in articles] == ["a", f"stdin#{hashed(SECOND)}"]
    assert "not JSON" in reasons["stdin:2"]


def test_a_missing_path_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    good = write(tmp_path, "a.txt")
    with pytest.raises(SilangError, match="tidak-ada.txt cannot be opened"):
        read_paths([good, tmp_path / "tidak-ada.txt"])
    with pytest.raises(SilangError, match="cannot be opened"):
        read_paths(["a\x00b"])


def test_other_endings_are_summed_up_and_hidden_files_passed_over(tmp_path: Path) -> None:
    for name in ("a.txt", "b.jpg", "c/d.JPG", "e.css", "noending", ".hidden.jpg", ".silang/f.txt"):
        write(tmp_path, name)
    articles, reasons = read(tmp_path)
    assert [article.id for article in articles] == ["news/a.txt"]
    assert list(reasons) == [tmp_path.name]
    assert reasons[tmp_path.name].startswith("4 files with other endings (.jpg, ")


def test_a_file_of_another_ending_given_itself_is_named(tmp_path: Path) -> None:
    write(tmp_path, "b.jpg")
    write(tmp_path, "noending")
    _, reasons = read(tmp_path / "b.jpg", tmp_path / "noending")
    assert reasons["b.jpg"].startswith("its ending is .jpg: Silang reads .txt, ")
    assert reasons["noending"].startswith("its ending is missing")


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert "no files in it" in read(tmp_path)[1][tmp_path.name]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", "", "it is empty"),
        ("a.jsonl", "\n \n", "it is empty"),
        ("a.csv", "text\n", "it is empty"),
        ("a.txt", "  \n\t ", "0 characters of text"),
        ("a.txt", " Halo dunia. ", "11 characters of text; an article has at least 20"),
        ("a.txt", b"\x00\x01\x02" * 20, "no text (binary data)"),
        ("a.pdf", "bukan pdf", "the PDF is broken"),
        ("a.html", "<p></p>", "no article text"),
        ("a.txt", BODY * 3, "0.000273 MB; the limit is 0.0002 MB a file: split it"),
    ],
)
def test_a_bad_file_is_skipped_and_the_rest_is_read(tmp_path: Path, name: str, data: str | bytes, reason: str) -> None:
    write(tmp_path, name, data)
    write(tmp_path, "z.txt")
    articles, reasons = read(tmp_path, max_bytes=200)
    assert [article.id for article in articles] == ["news/z.txt"]
    assert [reason in why for why in reasons.values()] == [True]


def test_a_big_file_of_rows_is_read_and_only_its_long_rows_are_skipped(tmp_path: Path) -> None:
    rows = [f'{{"id": "{n}", "text": "{BODY * (9 if n == 3 else 1)}"}}' for n in range(20)]
    articles, reasons = read(write(tmp_path, "a.jsonl", "\n".join(rows)), max_bytes=500)
    assert len(articles) == 19
    assert list(reasons) == ["a.jsonl:4"]


def test_a_file_that_may_not_be_read_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.txt", "c/d.txt"):
        write(tmp_path, name)
    true_open, true_iterdir = Path.open, Path.iterdir

    def refuse_open(self: Path, *args: object, **options: object) -> object:
        if self.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(self))
        return true_open(self, *args, **options)  # type: ignore[call-overload]

    def refuse_iterdir(self: Path) -> object:
        if self.name == "c":
            raise PermissionError(13, "Permission denied", str(self))
        return true_iterdir(self)

    monkeypatch.setattr(Path, "open", refuse_open)
    monkeypatch.setattr(Path, "iterdir", refuse_iterdir)
    articles, reasons = read(tmp_path)
    assert [article.id for article in articles] == ["news/b.txt"]
    assert reasons == dict.fromkeys(["a.txt", "c"], "cannot be read (Permission denied): check its permissions")


def test_links_are_followed_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path, "real/a.txt")
    (tmp_path / "real" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "real" / "self.txt").symlink_to(tmp_path / "real" / "self.txt")
    (tmp_path / "other").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "same.txt").symlink_to(tmp_path / "real" / "a.txt")
    articles, reasons = read(tmp_path)
    assert [article.id for article in articles] == ["news/other/a.txt"]
    assert list(reasons) == ["self.txt"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt")
    assert ids(path, tmp_path, path) == ["news/a.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path, "z.txt")
    articles, reasons = read(tmp_path)
    assert [article.id for article in articles] == ["news/z.txt"]
    assert "no regular file" in reasons["pipe.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names that are any bytes")
def test_a_file_name_that_is_no_text_gives_a_storable_id(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/berita-\xff.txt")).write_text(BODY)
    assert ids(tmp_path) == ["news/berita-\ufffd.txt"]
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    folder.mkdir()
    for _ in ("empty", "no article"):
        (skipped,) = read_paths([folder])
        assert isinstance(skipped, Skipped) and skipped.where.endswith("/\ufffd")
        (folder / "a.docx").touch()


def test_reading_starts_only_when_asked_for(tmp_path: Path) -> None:
    items = read_paths([write(tmp_path, "a.txt"), write(tmp_path, "b.txt")])
    (tmp_path / "b.txt").unlink()
    assert isinstance(next(items), Article)
    last = next(items)
    assert isinstance(last, Skipped) and "No such file" in last.why.en
