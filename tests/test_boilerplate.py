from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.boilerplate import headline, mark
from index.layout import header

BODY = "Pemerintah kota menutup jembatan lama itu sejak Senin pagi karena tiang penyangganya retak."
SECOND = "Warga diminta memakai jalan memutar sampai perbaikan selesai pada akhir bulan, kata camat."


def kept(text: str, title: str | None = None) -> str:
    """What is left of the text, its lines joined by a stroke."""
    spans = mark(text, title)
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    rest = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return " | ".join(line.strip() for line in rest.splitlines() if line.strip())


@pytest.mark.parametrize(
    "line",
    [
        "Ad image",
        "- Advertisement -",
        "ADVERTISEMENT",
        "SCROLL TO CONTINUE WITH CONTENT",
        "Gulir untuk melanjutkan membaca",
        "4 Min Read",
        "3 menit baca",
        "Waktu baca: 3 menit",
        "Share This Article",
        "Bagikan:",
        "Facebook Twitter WhatsApp Telegram",
        "Facebook | X | Salin tautan",
        "Baca juga: Jalan Pasar Baru Longsor Lagi",
        "BACA JUGA : Wali Kota: Jangan Panik!",
        "Baca Juga Jalan Pasar Baru Longsor Lagi",
        "[Baca juga: Jalan Pasar Baru Longsor (Bagian 2)]",
        "(Baca: Jalan Pasar Baru Longsor Lagi)",
        "Lihat juga: Foto-foto Jembatan",
        "Also read: New Bridge Opens",
        "Read more: New Bridge Opens",
        "Baca selengkapnya di sini",
        "Simak Video 'Jembatan Ditutup':",
        "By unnie",
        "By Rina Sari | June 2, 2024",
        "Oleh: Rina Sari",
        "Oleh Rina Sari",
        "Editor: Rina S.",
        "Penulis: Rina Sari, Budi Uji",
        "Reporter: Rina Sari",
        "Laporan wartawan Portal Uji, Rina Sari",
        "(rna/bdi)",
        "[rna]",
        "(*)",
        "(U.B011/R010)",
        "Foto: Dok. Pemkot",
        "Photo: Rina Sari/Portal Uji",
        "Sumber: Portal Uji dan Warta.",
        "Tags: jembatan, pemkot",
        "#jembatan #pemkot",
        "Follow us on Google News",
        "Ikuti kami di Google News dan WhatsApp Channel",
        "Dapatkan berita pilihan setiap hari lewat saluran WhatsApp Portal Uji",
        "Copyright © 2024 Portal Uji. All rights reserved.",
        "Hak cipta dilindungi undang-undang",
        "Dilarang keras mengambil konten di situs web ini tanpa izin tertulis dari Portal Uji.",
        "Ikuti update berita pilihan dan breaking news setiap hari dari Kompas.com di Telegram",
        "Baca berita TribunJateng lainnya di Instagram dan Facebook",
        "Get all the latest news and updates on WhatsApp and Telegram",
        "Dilarang keras menyalin isi berita ini",
        "Lanjutkan membaca di halaman 2",
        "Ikuti kami di WhatsApp agar tidak ketinggalan kabar terbaru.",
        "Cek Berita dan Artikel yang lain di Google News",
        "Download our app on the Play Store",
        "Laporan Wartawan Uji.com, Rina Sari dari Lembah",
        "Artikel ini telah tayang di Uji.com dengan judul Jembatan Lama Ditutup",
        "Berita Terkait",
        "Halaman Selanjutnya",
        "![spanduk](spanduk.jpg)",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_chrome_on_a_line_of_its_own_is_kept_out(line: str, end: str) -> None:
    text = (end * 2).join([BODY, SECOND, line])
    assert kept(text) == f"{BODY} | {SECOND}"
    assert [span.of(text) for span in mark(text, None)] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga buku itu, kata guru kepada murid-muridnya di depan kelas.",
        "“Lihat juga kemasannya yang indah,” tulisnya.",
        "Oleh karena itu, jembatan ditutup.",
        "Oleh warga, jembatan itu dijaga siang dan malam.",
        "Foto pertama jembatan itu beredar pada Senin.",
        "Foto: Wali kota meninjau jembatan yang retak. Ia didampingi tiga kepala dinas dan seorang ahli.",
        "Sumber kerusakan, menurut Rina, adalah tiang yang keropos.",
        "Editor majalah itu mengundurkan diri.",
        "Bagikan makanan kepada pengungsi, pinta camat.",
        "Ikuti kami di WhatsApp, kata Budi, lalu menipu warga.",
        "By noon, the bridge was closed.",
        "Iklan rokok dilarang di sekitar jembatan itu.",
        "Komentar warga beragam.",
        "Copyright lagu itu dipegang Rina.",
        "Ia menulis novel Jembatan (1999)",
        "Cek fakta: video di Facebook soal berita vaksin berisi mikrocip itu tidak benar.",
        "Cek Fakta: Artikel di WhatsApp tentang Vaksin Berisi Mikrocip Adalah Hoaks",
        "Klik tautan berita palsu di WhatsApp itu membuat 12 warga kehilangan uang Rp300 juta.",
        "Unduh aplikasi berita di Play Store turun 30 persen sepanjang 2023.",
        "Follow-up berita di Facebook kami itu sudah dibagikan ribuan kali",
        "Berlangganan berita lewat Telegram menjadi kebiasaan warga Indonesia.",
        "Dilarang keras mengambil gambar di lokasi itu, kata Kapolres Bogor AKBP Rio pada Senin siang.",
        "Laporan wartawan tentang tambang ilegal itu dimuat pada Senin dan dihapus esoknya",
        "Wartawan: Kapan jembatan itu diperbaiki?",
        "Penulis: Saya mulai menulis pada 2001.",
        "Sumber: Polri mencatat 12 korban.",
        "By 2030 | 12 juta orang",
        "Lanjutkan membaca Al-Quran, 40 santri",
        "Lembaga itu bernama Komite Penyelamatan Jembatan (KPJ)",
    ],
)
def test_a_sentence_stays(line: str) -> None:
    for text in (f"{line}\n\n{BODY}", f"{BODY}\n\n{line}\n\n{SECOND}", f"{BODY}\n\n{line}"):
        assert line in kept(text)


def test_a_line_inside_a_hard_wrapped_paragraph_stays() -> None:
    text = (
        "Buku harian itu disimpan di museum kota dan dapat\nbaca juga Surat Lama Dari Perantauan\ndi ruang sebelahnya."
    )
    assert mark(text, None) == ()


def test_a_credit_in_a_list_of_facts_is_a_fact() -> None:
    facts = "Judul buku: Jembatan Tua\nPenulis: Rina Sari\nEditor: Budi Uji\nPenerbit: Pustaka Uji\nTebal: 210 halaman"
    assert kept(f"{BODY}\n\n{facts}\n\n{SECOND}") == " | ".join([BODY, *facts.splitlines(), SECOND])
    assert kept(f"{BODY}\n\nReporter: Rina Sari\nEditor: Budi Uji") == BODY


def test_links_inside_and_after_a_paragraph_are_kept_out() -> None:
    assert kept(f"{BODY} [Baca juga: Jembatan Baru] {SECOND}") == f"{BODY}  {SECOND}"
    assert kept(f"{BODY} (Baca juga: Jembatan (2)) {SECOND}") == f"{BODY}  {SECOND}"
    assert kept(f"{BODY} Baca juga: Jembatan Baru Dibuka") == BODY
    assert kept("Oknum (baca: polisi) itu ditangkap kemarin.") == "Oknum (baca: polisi) itu ditangkap kemarin."


def test_headlines_under_a_lone_see_also_are_kept_out() -> None:
    assert (
        kept(f"{BODY}\n\nBaca juga:\n\nJembatan Baru Dibuka\n\nTiga Jalan Ditutup\n\n{SECOND}") == f"{BODY} | {SECOND}"
    )
    assert kept(f"{BODY}\n\nBaca juga:\n\n{SECOND}") == f"{BODY} | {SECOND}"


@pytest.mark.parametrize("marks", [("1.", "2.", "3."), ("a)", "b)", "c)"), ("-", "-", "-"), ("•", "•", "•")])
def test_a_list_goes_on_after_a_see_also_that_was_put_into_it(marks: tuple[str, str, str]) -> None:
    first, second, third = (f"{m} {name}" for m, name in zip(marks, ("Rina Sari", "Budi Uji", "Sari"), strict=True))
    for link in ("Hasil Lomba Lari\n", ""):
        text = f"{BODY}\n{first}\nBaca juga:\n{link}{second}\n{third}\n"
        assert kept(text) == " | ".join([BODY, first, second, third])


def test_buttons_under_share_are_kept_out_and_a_list_of_sites_is_not() -> None:
    assert kept(f"{BODY}\nBagikan:\nFacebook\nTwitter") == BODY
    assert kept(f"{BODY}\nYang diblokir:\nFacebook\nTwitter") == f"{BODY} | Yang diblokir: | Facebook | Twitter"


def test_the_initials_of_the_desk_after_the_last_sentence_are_kept_out() -> None:
    assert kept(f"{BODY}\n\n{SECOND} (rna/bdi)\n\nBaca juga: Jembatan Baru") == f"{BODY} | {SECOND}"
    assert kept(f"{BODY} (rna)\n\n{SECOND}") == f"{BODY} (rna) | {SECOND}"


def test_a_dateline_is_kept_out_up_to_its_dash() -> None:
    text = f"Ad image\n\nJAKARTA, Portal Uji - {BODY}\n\nMEDAN - {SECOND}"
    assert kept(text) == f"{BODY} | MEDAN - {SECOND}"
    assert kept(f"JEMBATAN TUA - RETAK PARAH\n\n{BODY}") == f"JEMBATAN TUA - RETAK PARAH | {BODY}"


def test_a_title_repeated_at_the_top_is_kept_out_each_time() -> None:
    title = "Jembatan Tua Ditutup, Warga Memutar"
    repeated = "Jembatan Tua Ditutup,\nWarga Memutar\n\nJEMBATAN TUA DITUTUP, WARGA MEMUTAR\n\nAd image\n"
    assert kept(f"{title}\n{repeated}\n{title} - Portal Uji\n\n{BODY}", title) == BODY


def test_a_sentence_that_says_the_title_stays() -> None:
    assert kept(f"Jembatan tua ditutup.\n\n{BODY}", "Jembatan Tua Ditutup") == f"Jembatan tua ditutup. | {BODY}"


def test_a_text_that_is_only_its_title_stays() -> None:
    assert kept("Jembatan Tua Ditutup", "Jembatan Tua Ditutup") == "Jembatan Tua Ditutup"


def test_a_date_line_at_the_top_is_kept_out_and_one_in_the_body_is_not() -> None:
    assert kept(f"Rabu, 19 Juni 2024 14:05 WIB\n\n{BODY}") == BODY
    assert kept(f"{BODY}\n\nRabu, 19 Juni 2024\n\n{SECOND}") == f"{BODY} | Rabu, 19 Juni 2024 | {SECOND}"


def test_the_days_of_a_chronology_stay() -> None:
    text = f"Kronologi Jembatan Tua\n\n16 Juni 2024\nTiang retak.\n17 Juni 2024\n{BODY}"
    assert "16 Juni 2024 | Tiang retak. | 17 Juni 2024" in kept(text)
    assert kept(f"Rabu, 19 Juni 2024 14:05 WIB\n{text}").startswith("Kronologi Jembatan Tua | 16 Juni 2024")


def test_front_matter_and_the_heading_are_kept_out() -> None:
    text = f"---\ntitle: Jembatan\ndate: 2024-06-19\n---\n\n# Jembatan Tua\n\n{BODY}\n\n## Jalan memutar\n\n{SECOND}"
    assert kept(text) == f"{BODY} | ## Jalan memutar | {SECOND}"
    assert header(text)[0] == {"title": "Jembatan", "date": "2024-06-19"}


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert header(f"---\n{BODY}\n---\n{SECOND}") == ({}, ())


def test_header_lines_are_kept_out_and_read() -> None:
    text = f"Judul: Jembatan: Tua\nSumber: Portal Uji\n\nTanggal: 19 Juni 2024\nPenulis: Rina\nIsi: {BODY}"
    assert kept(text) == BODY
    assert header(text)[0] == {
        "Judul": "Jembatan: Tua",
        "Sumber": "Portal Uji",
        "Tanggal": "19 Juni 2024",
        "Penulis": "Rina",
    }


def test_header_lines_may_stand_under_a_headline_but_not_in_the_body() -> None:
    assert header(f"Jembatan Tua Ditutup\nSumber: Portal Uji\n\n{BODY}")[0] == {"Sumber": "Portal Uji"}
    assert header(f"{BODY}\nSumber: Portal Uji\n")[0] == {}


@pytest.mark.parametrize("name", ["Sumber", "Media", "Source"])
def test_a_headline_that_begins_with_its_source_names_no_outlet(name: str) -> None:
    text = f"{name}: Wali Kota Akan Tutup Jembatan Tua\n\n{BODY}"
    assert header(text) == ({}, ())
    assert headline(text) == f"{name}: Wali Kota Akan Tutup Jembatan Tua"
    for outlet in ("Sinar Pagi", "Berita Uji Lembah Raya"):
        assert header(f"{name}: {outlet}\n\n{BODY}")[0] == {name: outlet}
    assert header(f"{name}: Sinar\nTanggal: 19 Juni 2024\n\n{BODY}")[0] == {name: "Sinar", "Tanggal": "19 Juni 2024"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Jembatan Tua Ditutup\n\n{BODY}", "Jembatan Tua Ditutup"),
        (f"Ad image\n\nJembatan Tua Ditutup\nOleh: Rina\n{BODY}", "Jembatan Tua Ditutup"),
        (f"Jembatan Tua Ditutup\nJAKARTA - {BODY}", "Jembatan Tua Ditutup"),
        (f"Benarkah Jembatan Tua Ditutup?\r\n\r\n{BODY}", "Benarkah Jembatan Tua Ditutup?"),
        (f"{BODY}\n\n{SECOND}", None),
        ("Pemerintah kota menutup jembatan lama itu sejak\nSenin pagi karena tiang penyangganya retak.", None),
        (f"Tiga hal penting:\n\n{BODY}", None),
        (f"JAKARTA - Presiden tiba\n\n{BODY}", None),
        ("Jembatan Tua Ditutup", None),
        ("Jembatan Tua Ditutup\n\nTamat.", None),
    ],
)
def test_only_a_line_that_can_be_nothing_else_is_a_headline(text: str, expected: str | None) -> None:
    assert headline(text) == expected


PIECES = st.sampled_from(
    [
        "Baca juga: ",
        "Judul: X",
        "---",
        "# A",
        "\n",
        "\r\n",
        "\n\n",
        " ",
        "(abc)",
        "JAKARTA - ",
        BODY,
        "Baca juga:",
        "A b c",
        ".",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)), st.none() | st.text(max_size=20))
def test_marks_are_sorted_disjoint_and_in_range(text: str, title: str | None) -> None:
    end = 0
    for i, span in enumerate(mark(text, title)):
        assert end + bool(i) <= span.start < span.end <= len(text)
        end = span.end
    headline(text)


@pytest.mark.parametrize(
    "piece", ["( ", "baca juga ", " ", ".", "A", "A.", "Aa ", "-", "(a", "[baca juga: ", ". Baca juga: ", "#", "\n"]
)
@pytest.mark.timeout(20)
def test_a_very_long_line_takes_no_very_long_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    mark(text, "A B")
    mark(f"JAKARTA{text}\n\n{BODY}", None)
    headline(text)
