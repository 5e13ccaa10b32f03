from __future__ import annotations

from conftest import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index
from index.folder import StoreFolder
from index.lexical import query_terms
from index.types import Article, Filters
from rag.retrieve import fuse, retrieve


def test_a_lexical_match_lifts_a_row_past_a_slightly_nearer_one() -> None:
    assert [row for row, _ in fuse({1: 0.80, 2: 0.79}, {2: 7.0})] == [2, 1]
    assert [row for row, _ in fuse({1: 0.90, 2: 0.79}, {2: 7.0})] == [1, 2]


def test_without_lexical_hits_the_cosines_decide() -> None:
    assert fuse({1: 0.5, 2: 0.6}, {}) == [(2, 0.6), (1, 0.5)]


@given(st.dictionaries(st.integers(0, 50), st.floats(-1, 1), max_size=20), st.integers(0, 20))
def test_fusion_keeps_every_row_once_and_never_lowers_a_score(dense: dict[int, float], held: int) -> None:
    lexical = {row: float(row + 1) for row in list(dense)[:held]}
    fused = dict(fuse(dense, lexical))
    assert fused.keys() == dense.keys()
    assert all(fused[row] >= dense[row] for row in dense)


def test_each_source_is_heard_and_copies_count_as_one(store: StoreFolder, encoder: HashEncoder) -> None:
    long = "\n\n".join(" ".join(f"Gempa kota {i} {j} merusak rumah warga desa." for j in range(30)) for i in range(5))
    other = "Gempa juga merusak sekolah di kota itu."
    build_index(
        store,
        [
            Article("long", long, published="2024-01-01"),
            Article("copy", long, published="2024-01-02"),
            Article("other", other),
        ],
        encoder,
    )
    passages = retrieve(store.current(), encoder.query("gempa kota rumah"), ["gempa", "rumah"], per_source=2)
    ids = [p.article.id for p in passages]
    assert ids.count("other") == 1
    assert len(ids) == 3 and len({p.origin for p in passages}) == 2


def test_a_copy_speaks_where_the_original_is_filtered_out(store: StoreFolder, encoder: HashEncoder) -> None:
    text = " ".join(f"Jembatan {i} rusak karena arus deras semalam." for i in range(20))
    build_index(
        store, [Article("a", text, source="Satu", published="2024-01-01"), Article("b", text, source="Dua")], encoder
    )
    passages = retrieve(store.current(), encoder.query("jembatan"), ["jembat"], Filters(sources=frozenset({"Dua"})))
    assert {p.article.id for p in passages} == {"b"}


def test_a_word_that_the_vector_misses_is_still_found(store: StoreFolder, encoder: HashEncoder) -> None:
    articles = [Article(f"a{i}", f"Laporan nomor {i} tentang pasar dan harga beras.") for i in range(150)]
    build_index(store, [*articles, Article("needle", "Kapal Kerapu bersandar.")], encoder)
    passages = retrieve(store.current(), encoder.query("laporan pasar beras"), query_terms("kerapu"), limit=200)
    assert "needle" in {p.article.id for p in passages}
