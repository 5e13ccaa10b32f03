from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import FERRY, FLOOD, QUAKE, texts
from conftest import HashEncoder

from index.build import build_index, remove_articles
from index.folder import StoreFolder
from index.generation import DATABASE, VECTORS
from index.manifest import MANIFEST
from index.types import Article, Filters, SilangError, Skipped, Text


def test_articles_are_stored_to_the_character_and_found_by_vector_and_by_word(
    store: StoreFolder, encoder: HashEncoder
) -> None:
    report = build_index(store, [FLOOD, QUAKE, FERRY], encoder)
    assert (report.read, report.new, report.articles, report.chunks) == (3, 3, 3, 3)
    assert texts(store) == {a.id: a.text for a in (FLOOD, QUAKE, FERRY)}
    current = store.current()
    (row, cosine), *_ = current.dense(encoder.query("Gempa kota roboh"), 3, Filters())
    assert current.chunks([row])[0].chunk.article == "quake"
    assert current.cosines(encoder.query("Gempa kota roboh"), [row]) == pytest.approx([cosine])
    (row, _), *_ = current.lexical(["ferri", "storm"], 3, Filters())
    assert current.chunks([row])[0].chunk.article == "ferry"
    assert current.article("flood").language == "id"
    assert current.languages() == ("id", "en")


def test_dense_search_agrees_with_numpy(store: StoreFolder, encoder: HashEncoder) -> None:
    rng = np.random.default_rng(0)
    words = "air api tanah angin batu kayu laut kota desa malam".split()
    articles = [Article(f"a{i}", " ".join(rng.choice(words, 12)) + ".", source=f"s{i % 3}") for i in range(40)]
    build_index(store, articles, encoder)
    current = store.current()
    query = encoder.query("api laut malam")
    rows = range(1, 41)
    expected = np.array(current.cosines(query, rows))
    for filters, allowed in ((Filters(), range(40)), (Filters(sources=frozenset({"s1"})), range(1, 40, 3))):
        found = current.dense(query, 5, filters)
        best = sorted((expected[i] for i in allowed), reverse=True)[:5]
        assert [score for _, score in found] == pytest.approx(best, abs=1e-6)
        assert all(row - 1 in allowed for row, _ in found)


def test_filters_hold_for_both_searches(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD, QUAKE, FERRY], encoder)
    current = store.current()
    for filters, expected in (
        (Filters(languages=frozenset({"en"})), {"ferry"}),
        (Filters(since="2024-06-02"), {"quake"}),
        (Filters(until="2024-06-01"), {"flood"}),
        (Filters(sources=frozenset({"Kabar Satu", "The Post"})), {"flood", "ferry"}),
        (Filters(sources=frozenset({"nobody"})), set()),
    ):
        dense = [row for row, _ in current.dense(encoder.query("air"), 9, filters)]
        lexical = [row for row, _ in current.lexical(["air", "gempa", "ferri"], 9, filters)]
        assert {s.chunk.article for s in current.chunks(dense)} == expected
        assert {s.chunk.article for s in current.chunks(lexical)} == expected


def test_only_what_changed_is_embedded_again(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD, QUAKE], encoder)
    encoder.embedded = 0
    changed = replace(QUAKE, text=QUAKE.text.replace("Empat", "Lima"))
    report = build_index(store, [FLOOD, changed, FERRY], encoder)
    assert (report.new, report.changed, report.unchanged, report.embedded) == (1, 1, 1, 2)
    assert encoder.embedded == 2
    assert texts(store) == {a.id: a.text for a in (FLOOD, changed, FERRY)}
    assert store.current().lexical(["empat"], 5, Filters()) == []


def test_a_build_in_steps_finds_what_a_build_at_once_finds(tmp_path: Path, encoder: HashEncoder) -> None:
    at_once, in_steps = StoreFolder(tmp_path / "a"), StoreFolder(tmp_path / "b")
    build_index(at_once, [FLOOD, QUAKE, FERRY], encoder)
    build_index(in_steps, [FERRY, replace(FLOOD, text="Lama. " * 5)], encoder)
    build_index(in_steps, [FLOOD], encoder)
    build_index(in_steps, [QUAKE], encoder)
    query = encoder.query("air sungai malam gempa")
    found = [
        {g.chunks([row])[0].chunk.article: score for row, score in g.dense(query, 9, Filters())}
        for g in (at_once.current(), in_steps.current())
    ]
    assert found[0] == pytest.approx(found[1])


def test_nothing_new_makes_no_generation(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD], encoder)
    assert build_index(store, [FLOOD], encoder).generation is None
    assert store.current().generation == 1


def test_an_open_store_follows_the_swap(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD], encoder)
    reader = StoreFolder(store.path)
    before = reader.current()
    build_index(store, [QUAKE], encoder)
    assert before.article("flood").text == FLOOD.text  # whoever holds the old one goes on reading it
    assert {info.id for info in reader.current().infos()} == {"flood", "quake"}


def test_an_open_store_follows_an_index_made_anew_after_its_folder_was_deleted(
    store: StoreFolder, encoder: HashEncoder
) -> None:
    build_index(store, [FLOOD], encoder)
    reader = StoreFolder(store.path)
    assert set(texts(reader)) == {"flood"}
    shutil.rmtree(store.path)
    build_index(StoreFolder(store.path), [QUAKE], encoder)
    assert set(texts(reader)) == {"quake"}


def test_a_rebuild_of_nothing_leaves_no_folder(store: StoreFolder, encoder: HashEncoder) -> None:
    with pytest.raises(SilangError, match="there is no index"):
        build_index(store, None, encoder, rebuild=True)
    assert not store.path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limit there")
@pytest.mark.parametrize("missing", [100, 4_000])
def test_vectors_that_find_no_room_are_said_and_the_old_index_stays(
    store: StoreFolder, encoder: HashEncoder, missing: int
) -> None:
    # In a process of its own, which may write no file as long as the vectors of what is added.
    articles = [replace(FLOOD, id=str(n), text=f"{FLOOD.text} {n}") for n in range(200)]
    build_index(store, [FLOOD], encoder)
    whole = build_index(other := StoreFolder(store.path.with_name("whole")), articles, encoder)
    size = (other.current_folder() / VECTORS).stat().st_size
    assert whole.chunks == len(articles)
    limited = (
        "import resource, signal, sys; from dataclasses import replace\n"
        "from builders import FLOOD; from conftest import HashEncoder\n"
        "import index.writer as writer; from index.build import build_index; from index.folder import StoreFolder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "real = writer.faiss.write_index\n"
        "def limited(*given):\n"
        f"    resource.setrlimit(resource.RLIMIT_FSIZE, ({size - missing}, resource.RLIM_INFINITY)); real(*given)\n"
        "writer.faiss.write_index = limited\n"
        'articles = [replace(FLOOD, id=str(n), text=f"{FLOOD.text} {n}") for n in range(200)]\n'
        "build_index(StoreFolder(sys.argv[1]), articles, HashEncoder(), rebuild=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", limited, str(store.path)],
        cwd=Path(__file__).parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1 and "could not be written" in ended.stderr, ended.stderr
    assert set(texts(store)) == {"flood"}


def test_a_rebuild_holds_only_what_was_given(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD, QUAKE], encoder)
    build_index(store, [FERRY], encoder, rebuild=True)
    assert set(texts(store)) == {"ferry"}


def test_another_model_is_refused_and_a_rebuild_of_what_is_stored_mends_it(
    store: StoreFolder, encoder: HashEncoder
) -> None:
    build_index(store, [FLOOD, QUAKE], encoder)
    other = HashEncoder("other", 32)
    with pytest.raises(SilangError, match="--rebuild --model other"):
        build_index(store, [FERRY], other)
    build_index(store, None, other, rebuild=True)
    assert (store.current().model, store.current().dimension) == ("other", 32)
    assert build_index(store, [FLOOD, QUAKE], other).unchanged == 2


def test_removal_takes_text_words_and_vectors_out(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD, QUAKE], encoder)
    assert remove_articles(store, ["quake"]).removed == 1
    current = store.current()
    assert set(texts(store)) == {"flood"}
    assert current.lexical(["gempa"], 5, Filters()) == []
    assert len(current.dense(encoder.query("gempa"), 5, Filters())) == 1
    with pytest.raises(SilangError, match="nowhere"):
        remove_articles(store, ["flood", "nowhere"])
    assert set(texts(store)) == {"flood"}
    remove_articles(store, ["flood"])
    assert store.current().dense(encoder.query("air"), 5, Filters()) == []


def test_a_repost_is_linked_to_the_first_published(store: StoreFolder, encoder: HashEncoder) -> None:
    body = " ".join(f"Kalimat {i} tentang jembatan yang rusak karena arus sungai deras." for i in range(12))
    late, early = (
        Article("late", body, published="2024-06-05"),
        Article("early", body + " Selesai.", published="2024-06-01"),
    )
    build_index(store, [late, early, FLOOD], encoder)
    assert {info.id: info.copy_of for info in store.current().infos()} == {
        "late": "early",
        "early": None,
        "flood": None,
    }
    build_index(store, [replace(early, text="Isi lain sama sekali. Tidak ada yang serupa.")], encoder)
    assert {info.copy_of for info in store.current().infos()} == {None}


def test_a_repost_under_another_outlets_dateline_is_linked(store: StoreFolder, encoder: HashEncoder) -> None:
    said = {
        name: f"JAKARTA, {site} - {FLOOD.text} {QUAKE.text}" for name, site in (("a", "UJI.com"), ("b", "CONTOH.co.id"))
    }
    build_index(store, [Article(name, text) for name, text in said.items()], encoder)
    assert {info.id: info.copy_of for info in store.current().infos()} == {"a": None, "b": "a"}


def test_nothing_readable_is_an_error_and_what_is_indexed_stays(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD], encoder)
    with pytest.raises(SilangError, match="a.txt: empty"):
        build_index(store, [Skipped("a.txt", Text("empty", "kosong"))], encoder, rebuild=True)
    with pytest.raises(SilangError, match="no article"):
        build_index(store, [], encoder)
    assert set(texts(store)) == {"flood"}


def test_a_second_builder_is_turned_away(store: StoreFolder, encoder: HashEncoder) -> None:
    with store.building(), pytest.raises(SilangError, match="another"):
        build_index(StoreFolder(store.path), [FLOOD], encoder)
    build_index(store, [FLOOD], encoder)


def test_an_error_while_embedding_leaves_the_old_index_and_no_litter(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD], encoder)

    class Broken(HashEncoder):
        def passages(self, *_: object) -> np.ndarray:  # type: ignore[override]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(store, [QUAKE], Broken())
    assert set(texts(store)) == {"flood"}
    assert sorted(p.name for p in (store.path / "generations").iterdir()) == ["000001"]


STAGES = ["put", "embed", "finish", "publish"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_rebuild_killed_midway_leaves_the_old_index(store: StoreFolder, encoder: HashEncoder, stage: str) -> None:
    build_index(store, [FLOOD], encoder)
    program = textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from conftest import HashEncoder
        from index import build, folder
        from index.types import Article

        def wait(*_, **__):
            print("ready", flush=True)
            time.sleep(60)

        if {stage!r} == "publish":
            folder._flush = lambda path, flush=folder._flush: wait() if path.name.startswith(".CURRENT") else flush(path)
        else:
            setattr(build.GenerationWriter, {stage!r}, wait)
        build.build_index(folder.StoreFolder({str(store.path)!r}), [Article("quake", {QUAKE.text!r})], HashEncoder())
    """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)
    assert set(texts(StoreFolder(store.path))) == {"flood"}
    build_index(store, [QUAKE], encoder)
    assert set(texts(StoreFolder(store.path))) == {"flood", "quake"}
    names = {p.name for p in (store.path / "generations").iterdir()}
    assert len(names) == 2 and all(name.isdigit() for name in names)


def test_a_store_that_is_missing_half_written_or_newer_says_how_to_mend_it(
    store: StoreFolder, encoder: HashEncoder
) -> None:
    with pytest.raises(SilangError, match="silang index"):
        store.current()
    build_index(store, [FLOOD], encoder)
    folder = store.current_folder()
    kept = {name: (folder / name).read_bytes() for name in (DATABASE, VECTORS, MANIFEST)}
    for name, content, message in (
        (DATABASE, kept[DATABASE][:-100], "bytes"),
        (DATABASE, b"x" * len(kept[DATABASE]), "checksum"),
        (VECTORS, None, "missing"),
        (MANIFEST, b"{", "cannot be read"),
        (MANIFEST, b'{"format": 1}', "lacks"),
        (MANIFEST, b'{"format": 99, "silang": "9.0"}', "newer"),
    ):
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(content)
        with pytest.raises(SilangError, match=message) as caught:
            StoreFolder(store.path).current()
        assert "\n" not in str(caught.value)
        (folder / name).write_bytes(kept[name])
    (store.path / "CURRENT").write_text("")
    with pytest.raises(SilangError, match="CURRENT"):
        StoreFolder(store.path).current()


def test_a_store_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SilangError, match="is a file|cannot be read"):
        StoreFolder(tmp_path / "file").current()
    with pytest.raises(SilangError, match="cannot write"), StoreFolder(tmp_path / "file").building():
        pass


def test_the_store_is_plain_files(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [FLOOD], encoder)
    with sqlite3.connect(store.current_folder() / DATABASE) as database:
        assert database.execute("SELECT text FROM articles").fetchall() == [(FLOOD.text,)]


def test_progress_tells_every_stage_and_ends_at_the_total(store: StoreFolder, encoder: HashEncoder) -> None:
    told: list[tuple[str, int, int | None]] = []
    build_index(store, [FLOOD, QUAKE], encoder, progress=lambda *step: told.append(step))
    assert [stage for stage, _, _ in told if stage == "read"] == ["read", "read"]
    assert ("embed", 2, 2) in told
