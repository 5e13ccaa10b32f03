"""Every sentence of the command line and the page, in Indonesian and English."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from index.types import Text

LANGUAGES = ("id", "en")

LISTED = 20  # ids named in one message

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
    "replaced": Text(
        "{n} of the changed took the place of articles from another file, or from one not recorded: {ids}",
        "{n} dari yang berubah menggantikan artikel dari berkas lain, atau yang berkasnya tidak tercatat: {ids}",
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
    "index_usage": Text(
        "index needs a PATH, or --rebuild to embed again what the store holds",
        "index perlu PATH, atau --rebuild untuk menyematkan ulang isi indeks",
    ),
    "bad_port": Text(
        "{text} is not a port: give one from 1 to 65535, as 7860",
        "{text} bukan port: tulis dari 1 sampai 65535, misalnya 7860",
    ),
    "ask_usage": Text("ask needs either a QUESTION or --batch FILE", "ask perlu QUESTION atau --batch FILE"),
    "no_question": Text(
        '{file}:{line}: no question: each line needs {{"id": "...", "question": "..."}}',
        '{file}:{line}: tidak ada pertanyaan: tiap baris perlu {{"id": "...", "question": "..."}}',
    ),
    "unforeseen": Text(
        "something went wrong that Silang did not foresee ({error}); SILANG_DEBUG=1 shows where",
        "terjadi kesalahan yang tidak terduga ({error}); SILANG_DEBUG=1 menunjukkan tempatnya",
    ),
    "report_written": Text("the report is {folder}/report.html", "laporannya di {folder}/report.html"),
    "gate_fell": Text(
        "below the floors; of what was right when they were set, these are not now:",
        "di bawah batas; dari yang benar saat batas ditetapkan, ini sekarang tidak:",
    ),
    "peers": Text("other rules", "aturan lain"),
    "feedback_written": Text(
        "{n} rated questions are in {file}; those of kind to-check await your judgement",
        "{n} pertanyaan yang dinilai ada di {file}; yang berjenis to-check menunggu penilaian Anda",
    ),
    "feedback_left_out": Text(
        "left out: {question} (what its answer cites is no longer in the index as it was)",
        "tidak disertakan: {question} (yang dikutip jawabannya tidak ada lagi di indeks seperti semula)",
    ),
    "password": Text("Password: ", "Kata sandi: "),
    "account_saved": Text(
        "{name} may sign in as {role} once `silang chat --auth {file}` is started anew",
        "{name} bisa masuk sebagai {role} setelah `silang chat --auth {file}` dijalankan ulang",
    ),
    "about_id": Text("Apa yang diberitakan tentang {title}?", "Apa yang diberitakan tentang {title}?"),
    "about_en": Text("What is reported about {title}?", "What is reported about {title}?"),
    # an answer
    "answered": Text("Answer", "Jawaban"),
    "conflict": Text("Sources disagree", "Sumber tidak sepakat"),
    "not_found": Text("Not in the articles", "Tidak ada di artikel"),
    "related": Text("Nearest excerpts (they do not answer)", "Kutipan terdekat (tidak menjawab)"),
    "unnamed": Text("source not stated", "sumber tidak disebut"),
    "undated": Text("date not stated", "tanggal tidak disebut"),
    "side": Text("Side", "Sisi"),
    "kind": Text("They differ on:", "Yang berbeda:"),
    "kind_number": Text("a figure", "angka"),
    "kind_date": Text("the time", "waktu"),
    "kind_place": Text("the place", "tempat"),
    "kind_person": Text("the person", "orang"),
    "kind_cause": Text("the cause", "sebab"),
    "kind_polarity": Text("whether it is so", "benar tidaknya"),
    "kind_outdated": Text("an update, latest first", "pembaruan, yang terbaru dulu"),
    "kind_opinion": Text("a judgement", "penilaian"),
    "kind_event": Text("two different events", "dua peristiwa berbeda"),
    "kind_other": Text("the answer", "jawaban"),
    "one_source": Text("One source says so ({when}).", "Satu sumber menyebutkannya ({when})."),
    "sources": Text("{n} independent sources say so ({when}).", "{n} sumber independen menyebutkannya ({when})."),
    "between": Text("{first} to {last}", "{first} sampai {last}"),
    "open_source": Text("Show excerpt {n} in its article", "Tampilkan kutipan {n} di artikelnya"),
    "copy": Text("Copy", "Salin"),
    "share": Text("Copy link", "Salin tautan"),
    "copied": Text("Copied", "Tersalin"),
    "feedback": Text("Rate this answer", "Nilai jawaban ini"),
    "note": Text("Note (optional)", "Catatan (opsional)"),
    "verdict_useful": Text("Useful", "Berguna"),
    "verdict_wrong_answer": Text("Wrong answer", "Jawaban salah"),
    "verdict_missed_conflict": Text("Missed a conflict", "Melewatkan perbedaan"),
    "verdict_wrong_citation": Text("Wrong citation", "Kutipan salah"),
    "thanks": Text("Thank you, noted.", "Terima kasih, sudah dicatat."),
    "understood": Text("Understood as:", "Dipahami sebagai:"),
    "edit": Text("Edit", "Ubah"),
    "unanswered": Text(
        "This question was not answered: it was interrupted.", "Pertanyaan ini belum terjawab: prosesnya terputus."
    ),
    "ask_again": Text("Ask again", "Tanya lagi"),
    "step_search": Text("searching…", "mencari…"),
    "step_read": Text(
        "reading {passages} excerpts of {articles} articles…", "membaca {passages} kutipan dari {articles} artikel…"
    ),
    "step_compare": Text("comparing {sources} sources…", "membandingkan {sources} sumber…"),
    # the source panel
    "source": Text("Source", "Sumber"),
    "outlet": Text("Outlet", "Media"),
    "date": Text("Date", "Tanggal"),
    "language": Text("Language", "Bahasa"),
    "address": Text("Link", "Tautan"),
    "in_id": Text("Indonesian", "Indonesia"),
    "in_en": Text("English", "Inggris"),
    "open_link": Text("open the article", "buka artikel"),
    "article_gone": Text(
        "This article is no longer in the index; this is what was cited.",
        "Artikel ini tidak ada lagi di indeks; inilah yang dikutip.",
    ),
    "article_changed": Text(
        "This article has changed since; this is what was cited.",
        "Artikel ini sudah berubah; inilah yang dikutip.",
    ),
    "no_source": Text(
        "Click [1] in an answer to read it in its article.", "Klik [1] di jawaban untuk membaca artikelnya."
    ),
    # the page
    "intro": Text(
        "Silang answers from the indexed articles with verbatim excerpts. When sources disagree it shows every side and "
        "picks none; when the articles do not hold the answer, it says so.",
        "Silang menjawab dari artikel yang diindeks dengan kutipan apa adanya. Bila sumber berbeda, semua sisi ditampilkan "
        "tanpa memilih; bila jawabannya tidak ada di artikel, Silang mengatakannya.",
    ),
    "what_is_this": Text("What is this?", "Apa ini?"),
    "chat_tab": Text("Chat", "Obrolan"),
    "articles_tab": Text("Articles", "Artikel"),
    "ask_here": Text("Ask a question…", "Tulis pertanyaan…"),
    "examples": Text("For example", "Contoh"),
    "not_kept": Text(
        "Your verdict could not be kept: the store cannot be written.",
        "Penilaian Anda tidak bisa disimpan: indeks tidak bisa ditulisi.",
    ),
    "sign_out": Text("Sign out", "Keluar"),
    "failed": Text(
        "Something went wrong while answering; the details are in the terminal where Silang runs. Please ask again.",
        "Terjadi kesalahan saat menjawab; rinciannya ada di terminal tempat Silang berjalan. Silakan tanya lagi.",
    ),
    "filters": Text("Filter the articles", "Saring artikel"),
    "outlets": Text("Outlets", "Media"),
    "languages": Text("Languages", "Bahasa"),
    "since": Text("Published from (YYYY-MM-DD)", "Terbit sejak (TTTT-BB-HH)"),
    "until": Text("Published until (YYYY-MM-DD)", "Terbit sampai (TTTT-BB-HH)"),
    "remain": Text("{n} of {of} articles are searched.", "Pencarian mencakup {n} dari {of} artikel."),
    "bad_date": Text(
        "“{text}” is not a date: write it as 2024-06-19.", "“{text}” bukan tanggal: tulis seperti 2024-06-19."
    ),
    "conversations": Text("Conversations", "Percakapan"),
    "new": Text("New conversation", "Percakapan baru"),
    "rename": Text("Rename", "Ganti nama"),
    "delete": Text("Delete", "Hapus"),
    "export": Text("Export as Markdown", "Ekspor sebagai Markdown"),
    "new_title": Text("New title", "Judul baru"),
    "delete_really": Text("Delete “{title}”?", "Hapus “{title}”?"),
    # the articles tab
    "column_id": Text("Id", "Id"),
    "column_title": Text("Title", "Judul"),
    "column_chunks": Text("Chunks", "Potongan"),
    "column_copy": Text("Copy of", "Salinan dari"),
    "upload": Text("Files to add", "Berkas untuk ditambahkan"),
    "add": Text("Add to the index", "Tambahkan ke indeks"),
    "ids": Text("Articles to remove", "Artikel yang akan dihapus"),
    "remove": Text("Remove", "Hapus"),
    "remove_sure": Text(
        "The chosen articles leave the index; their files stay. They can be added again.",
        "Artikel yang dipilih dikeluarkan dari indeks; berkasnya tetap ada. Artikel bisa ditambahkan lagi.",
    ),
    "rebuild_sure": Text(
        "Every article is embedded anew. That takes as long as indexing all of them; questions are answered meanwhile.",
        "Semua artikel disematkan ulang. Lamanya sama seperti mengindeks semuanya; pertanyaan tetap dijawab selama itu.",
    ),
    "go_on": Text("Go on", "Lanjutkan"),
    "cancel": Text("Cancel", "Batal"),
    "rebuild": Text("Rebuild the index", "Bangun ulang indeks"),
    "no_files": Text("Choose files first.", "Pilih berkas dulu."),
    "no_ids": Text("Choose articles first.", "Pilih artikel dulu."),
    "readers_only": Text(
        "You may read here, but not change the index.", "Anda boleh membaca di sini, tetapi tidak mengubah indeks."
    ),
    "build_failed": Text(
        "The index was not changed; the details are in the terminal where Silang runs.",
        "Indeks tidak berubah; rinciannya ada di terminal tempat Silang berjalan.",
    ),
}


def interface_language() -> str:
    """The language that a terminal is spoken to in: `$SILANG_LANG`, else that of the locale; "id" or "en"."""
    for variable in ("SILANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "id" if value.lower().startswith(("id", "in_")) else "en"
    return "en"


def listed(ids: Sequence[str]) -> str:
    """The first of many ids."""
    return ", ".join(ids[:LISTED]) + (", …" if len(ids) > LISTED else "")


def say(key: str, language: str, **values: object) -> str:
    """The message `key` in a language, filled in."""
    return MESSAGES[key].say(language).format(**values)
