"""Every sentence of the command line and the page, in Indonesian and English."""

from __future__ import annotations

import os
from collections.abc import Mapping

from index.types import Text

LANGUAGES = ("id", "en")

MESSAGES: Mapping[str, Text] = {
    # command line: what it did
    "read": Text("reading", "membaca"),
    "embed": Text("embedding", "menyematkan"),
    "link": Text("linking copies", "mencari salinan"),
    "ask": Text("asking", "bertanya"),
    "articles_unit": Text("articles", "artikel"),
    "chunks_unit": Text("chunks", "potongan"),
    "questions_unit": Text("questions", "pertanyaan"),
    "report": Text(
        "articles read: {read} ({new} new, {changed} changed, {unchanged} unchanged); chunks embedded: {embedded}; {seconds:.1f} s",
        "artikel dibaca: {read} ({new} baru, {changed} berubah, {unchanged} tetap); potongan disematkan: {embedded}; {seconds:.1f} detik",
    ),
    "removed": Text("articles removed: {removed}", "artikel dihapus: {removed}"),
    "holds": Text(
        "the index holds: articles {articles} ({copies} of them copies of another), chunks {chunks}",
        "isi indeks: artikel {articles} ({copies} di antaranya salinan), potongan {chunks}",
    ),
    "nothing_changed": Text(
        "nothing changed; the index stays as it was", "tidak ada yang berubah; indeks tetap seperti semula"
    ),
    "skipped": Text("skipped {n}:", "dilewati {n}:"),
    "copy_of": Text("copy of {id}", "salinan dari {id}"),
    "chat_at": Text("Silang answers at {url} (Ctrl+C ends it)", "Silang menjawab di {url} (Ctrl+C untuk berhenti)"),
    "interrupted": Text(
        "interrupted; what was indexed before still serves", "dihentikan; indeks yang lama tetap dipakai"
    ),
    "broken_line": Text(
        "{file}:{line}: not JSON ({why}): mend or delete the line",
        "{file}:{line}: bukan JSON ({why}): perbaiki atau hapus baris ini",
    ),
    "no_question": Text(
        '{file}:{line}: no question: each line needs {{"id": "...", "question": "..."}}',
        '{file}:{line}: tidak ada pertanyaan: tiap baris perlu {{"id": "...", "question": "..."}}',
    ),
    "unforeseen": Text(
        "something went wrong that Silang did not foresee ({error}); SILANG_DEBUG=1 shows where",
        "terjadi kesalahan yang tidak terduga ({error}); SILANG_DEBUG=1 menunjukkan tempatnya",
    ),
    "report_written": Text("the answers and measures are in {folder}", "jawaban dan ukurannya ada di {folder}"),
    # an answer
    "answered": Text("Answer", "Jawaban"),
    "conflict": Text("Sources disagree", "Sumber berbeda pendapat"),
    "not_found": Text("Not in the articles", "Tidak ada di artikel"),
    "excerpts": Text("Excerpts", "Kutipan"),
    "related": Text("Nearest excerpts (they do not answer)", "Kutipan terdekat (tidak menjawab)"),
    "unnamed": Text("source not stated", "sumber tidak disebut"),
    "undated": Text("date not stated", "tanggal tidak disebut"),
    "side": Text("Side", "Sisi"),
    "open_link": Text("open the article", "buka artikel"),
    # the page
    "intro": Text(
        "Silang answers from the indexed articles with verbatim excerpts. When sources disagree it shows every side and "
        "picks none; when the articles do not hold the answer, it says so.",
        "Silang menjawab dari artikel yang diindeks dengan kutipan apa adanya. Bila sumber berbeda, semua sisi ditampilkan "
        "tanpa memilih; bila jawabannya tidak ada di artikel, Silang mengatakannya.",
    ),
    "ask_here": Text("Ask a question…", "Tulis pertanyaan…"),
    "examples": Text("For example", "Contoh"),
    "failed": Text(
        "Something went wrong while answering; the details are in the terminal where Silang runs. Please ask again.",
        "Terjadi kesalahan saat menjawab; rinciannya ada di terminal tempat Silang berjalan. Silakan tanya lagi.",
    ),
}


def interface_language() -> str:
    """The language that a terminal is spoken to in: `$SILANG_LANG`, else that of the locale; "id" or "en"."""
    for variable in ("SILANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "id" if value.lower().startswith(("id", "in_")) else "en"
    return "en"


def say(key: str, language: str, **values: object) -> str:
    """The message `key` in a language, filled in."""
    return MESSAGES[key].say(language).format(**values)
