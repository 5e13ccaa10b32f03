from __future__ import annotations

from conftest import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index
from index.folder import StoreFolder
from index.lexical import query_terms
from index.types import Article, Filters
from rag.retrieve import FOREIGN, PASSAGES, fuse, retrieve
from rag.types import Question


def asked(text: str, language: str = "id") -> Question:
    return Question(text, language, "other", tuple(query_terms(text)))


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
    passages = retrieve(store.current(), encoder.query("gempa kota rumah"), asked("gempa rumah"), per_source=2)
    ids = [p.article.id for p in passages]
    assert ids.count("other") == 1
    assert len(ids) == 3 and len({p.origin for p in passages}) == 2


def test_a_copy_speaks_where_the_original_is_filtered_out(store: StoreFolder, encoder: HashEncoder) -> None:
    text = " ".join(f"Jembatan {i} rusak karena arus deras semalam." for i in range(20))
    build_index(
        store, [Article("a", text, source="Satu", published="2024-01-01"), Article("b", text, source="Dua")], encoder
    )
    passages = retrieve(
        store.current(), encoder.query("jembatan"), asked("jembatan"), Filters(sources=frozenset({"Dua"}))
    )
    assert {p.article.id for p in passages} == {"b"}


def test_a_word_that_the_vector_misses_is_still_found(store: StoreFolder, encoder: HashEncoder) -> None:
    articles = [Article(f"a{i}", f"Laporan nomor {i} tentang pasar dan harga beras.") for i in range(150)]
    build_index(store, [*articles, Article("needle", "Kapal Kerapu bersandar.")], encoder)
    passages = retrieve(store.current(), encoder.query("laporan pasar beras"), asked("kerapu"), limit=200)
    assert "needle" in {p.article.id for p in passages}


def in_two_languages(store: StoreFolder, encoder: HashEncoder, fewer: int = 4, more: int = 20) -> None:
    indonesian = [
        Article(f"id{i}", f"Jembatan Kahayan {i} ambruk diterjang banjir.", language="id") for i in range(more)
    ]
    english = [Article(f"en{i}", f"The Kahayan bridge no. {i} fell in a flood.", language="en") for i in range(fewer)]
    build_index(store, [*indonesian, *english], encoder)


def test_what_is_in_another_language_gets_a_hearing_beyond_the_nearest(
    store: StoreFolder, encoder: HashEncoder
) -> None:
    in_two_languages(store, encoder)
    current, text = store.current(), "Jembatan Kahayan mana yang ambruk diterjang banjir?"
    passages = retrieve(current, encoder.query(text), asked(text))
    nearest = retrieve(current, encoder.query(text), asked(text), foreign=0)
    assert [p.article.language for p in nearest] == ["id"] * PASSAGES
    assert passages[:PASSAGES] == nearest
    assert [p.article.language for p in passages[PASSAGES:]] == ["en"] * FOREIGN
    assert len({p.article.id for p in passages}) == len(passages)
    # What is near enough by itself is not added to.
    text = "Which Kahayan bridge fell in the flood?"
    assert len(retrieve(current, encoder.query(text), asked(text), limit=10)) == 10
    # Of one that is heard already the second is added, and none twice.
    both = retrieve(current, encoder.query(text), asked(text), limit=1)
    assert [p.article.language for p in both] == ["en"] * FOREIGN and len({p.article.id for p in both}) == FOREIGN


def test_however_rare_a_language_is_it_is_heard(store: StoreFolder, encoder: HashEncoder) -> None:
    in_two_languages(store, encoder, fewer=1, more=99)
    text = "Jembatan Kahayan mana yang ambruk diterjang banjir?"
    assert store.current().languages() == ("id",)
    assert [p.article.id for p in retrieve(store.current(), encoder.query(text), asked(text))][PASSAGES:] == ["en0"]


def test_no_other_language_is_heard_where_the_filter_lets_one_through(store: StoreFolder, encoder: HashEncoder) -> None:
    in_two_languages(store, encoder)
    text = "Jembatan Kahayan mana yang ambruk?"
    one = Filters(languages=frozenset({"id"}))
    assert {p.article.language for p in retrieve(store.current(), encoder.query(text), asked(text), one)} == {"id"}
