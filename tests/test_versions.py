from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from builders import FERRY, FLOOD, QUAKE, texts
from conftest import HashEncoder

from index.articles import read_paths
from index.build import build_index
from index.folder import StoreFolder
from index.types import Article


def table(path: Path, *texts: str) -> Path:
    """A .csv of articles with the ids 1, 2, ..."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["id,text", *(f'{n},"{text}"' for n, text in enumerate(texts, start=1))]))
    return path


def test_a_second_table_with_the_ids_of_the_first_loses_no_article(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    first = table(tmp_path / "satu.csv", FLOOD.text, QUAKE.text)
    second = table(tmp_path / "dua.csv", FERRY.text, FLOOD.text)
    build_index(store, read_paths([first]), encoder)
    report = build_index(store, read_paths([second]), encoder)
    assert (report.new, report.changed, report.generation) == (0, 0, None)
    assert texts(store) == {"1": FLOOD.text, "2": QUAKE.text}
    assert [skipped.where for skipped in report.skipped] == [str(second)] * 2
    why = report.skipped[0].why
    assert f"its id '1' is that of another article, from {first}, which is kept: give it another id" in why.en
    assert "'1'" in why.id and str(first) in why.id
    # A renamed file is no update either: its rows may be other articles.
    first.rename(tmp_path / "lama.csv")
    assert len(build_index(store, read_paths([second]), encoder).skipped) == 2
    assert texts(store) == {"1": FLOOD.text, "2": QUAKE.text}


def test_another_version_of_an_article_is_an_update_from_whichever_file(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    # A daily export names its files by the day, and holds what was corrected since.
    build_index(store, read_paths([table(tmp_path / "19.csv", FLOOD.text)]), encoder)
    report = build_index(store, read_paths([table(tmp_path / "20.csv", FLOOD.text + " Warga mengungsi.")]), encoder)
    assert (report.changed, report.replaced, report.skipped) == (1, ["1"], [])
    assert texts(store) == {"1": FLOOD.text + " Warga mengungsi."}
    moved = Article("a", FLOOD.text, url="https://kabar.example/1", path="/satu.csv")
    build_index(store, [moved], encoder)
    assert build_index(store, [replace(moved, text=QUAKE.text, path="/lain.csv")], encoder).changed == 1


def test_of_two_files_of_one_run_the_one_that_is_indexed_is_updated_and_the_other_named(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    held = table(tmp_path / "satu.csv", FLOOD.text)
    build_index(store, read_paths([held]), encoder)
    table(held, QUAKE.text)
    added = table(tmp_path / "dua.csv", FERRY.text)
    report = build_index(store, read_paths([added, held]), encoder)
    assert (report.new, report.changed, [skipped.where for skipped in report.skipped]) == (0, 1, [str(added)])
    assert texts(store) == {"1": QUAKE.text}
    # Where neither is, it is the first.
    report = build_index(store, read_paths([added, held]), encoder, rebuild=True)
    assert (report.new, [skipped.where for skipped in report.skipped]) == (1, [str(held)])
    assert texts(store) == {"1": FERRY.text}


def test_a_file_reached_by_another_path_is_the_same_article(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    file = tmp_path / "news" / "kabar" / "a.txt"
    file.parent.mkdir(parents=True)
    file.write_text(FLOOD.text)
    (file.parent / "b.jsonl").write_text(f'{{"text": "{QUAKE.text}"}}\n{{"text": "{FERRY.text}"}}\n')
    build_index(store, read_paths([file.parent]), encoder)
    file.write_text(FLOOD.text + " Warga mengungsi.")
    report = build_index(store, read_paths([tmp_path / "news"]), encoder)
    assert (report.new, report.changed, report.articles) == (0, 3, 3)
    held = texts(store)
    assert held["news/kabar/a.txt"] == FLOOD.text + " Warga mengungsi."
    assert all(id.startswith("news/kabar/") for id in held)
    # Rows of one file, and another file of the name, keep apart.
    other = tmp_path / "lain" / "a.txt"
    other.parent.mkdir()
    other.write_text(QUAKE.text)
    assert build_index(store, read_paths([other, tmp_path / "news"]), encoder).articles == 4


def test_a_table_that_was_edited_updates_its_articles(store: StoreFolder, encoder: HashEncoder, tmp_path: Path) -> None:
    build_index(store, read_paths([table(tmp_path / "satu.csv", FLOOD.text, QUAKE.text)]), encoder)
    report = build_index(store, read_paths([table(tmp_path / "satu.csv", FERRY.text, QUAKE.text)]), encoder)
    assert (report.changed, report.unchanged, report.skipped, report.replaced) == (1, 1, [], [])
    assert texts(store) == {"1": FERRY.text, "2": QUAKE.text}


def test_a_file_of_one_name_is_another_file_while_the_first_is_there(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    build_index(store, read_paths([table(tmp_path / "a" / "satu.csv", FLOOD.text)]), encoder)
    report = build_index(store, read_paths([table(tmp_path / "b" / "satu.csv", FERRY.text)]), encoder)
    assert (len(report.skipped), texts(store)) == (1, {"1": FLOOD.text})


def test_a_file_of_one_name_replaces_one_that_is_gone_and_what_it_replaced_is_named(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    # An upload is such a file: it stands in a temporary folder for as long as it is read.
    gone = table(tmp_path / "a" / "satu.csv", FLOOD.text, QUAKE.text)
    build_index(store, read_paths([gone]), encoder)
    gone.unlink()
    report = build_index(store, read_paths([table(tmp_path / "b" / "satu.csv", FERRY.text, QUAKE.text)]), encoder)
    assert (report.changed, report.replaced, report.skipped) == (1, ["1"], [])
    assert texts(store) == {"1": FERRY.text, "2": QUAKE.text}


def test_an_article_whose_file_was_not_recorded_is_replaced_and_named(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    build_index(store, [Article("1", FLOOD.text), Article("2", QUAKE.text)], encoder)
    first = table(tmp_path / "satu.csv", FERRY.text, QUAKE.text)
    report = build_index(store, read_paths([first]), encoder)
    assert (report.changed, report.unchanged, report.replaced) == (1, 1, ["1"])
    # The file of the one that did not change is known now, too.
    second = table(tmp_path / "dua.csv", FERRY.text, FLOOD.text)
    assert len(build_index(store, read_paths([second]), encoder).skipped) == 1
    assert texts(store) == {"1": FERRY.text, "2": QUAKE.text}


def test_the_file_of_what_came_without_one_is_recorded_though_nothing_else_changed(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    build_index(store, [Article("1", FLOOD.text)], encoder)
    report = build_index(store, read_paths([table(tmp_path / "satu.csv", FLOOD.text)]), encoder)
    assert (report.unchanged, report.embedded, report.generation) == (1, 0, 2)
    assert build_index(store, read_paths([tmp_path / "satu.csv"]), encoder).generation is None
    report = build_index(store, read_paths([table(tmp_path / "dua.csv", FERRY.text)]), encoder)
    assert (len(report.skipped), texts(store)) == (1, {"1": FLOOD.text})


def test_what_comes_without_a_file_replaces_no_article_of_a_file(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    build_index(store, read_paths([table(tmp_path / "satu.csv", FLOOD.text)]), encoder)
    report = build_index(store, [replace(FERRY, id="1")], encoder)
    assert [skipped.where for skipped in report.skipped] == ["1"]
    assert texts(store) == {"1": FLOOD.text}


def test_what_was_replaced_is_named_where_neither_came_with_a_file(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [Article("1", FLOOD.text)], encoder)
    report = build_index(store, [Article("1", FERRY.text)], encoder)
    assert (report.changed, report.replaced, texts(store)) == (1, ["1"], {"1": FERRY.text})
