"""A question as typed -> what retrieval and reading need of it: language, what it asks for, stems of its content."""

from __future__ import annotations

import re

from index.decode import clean
from index.language import question_language, readable
from index.lexical import query_terms
from index.store import Store
from index.types import SilangError
from rag.function_words import ASKING, any_of
from rag.names import doubled, with_names
from rag.phrasing import bare
from rag.types import AnswerType, Question

LONGEST = 1000  # characters; longer input is a text, not a question, and would be cut by the encoder unseen

# What stands first in the question wins ("how many were aboard when ..."), of forms that begin in the same place the one
# that stands first here, the narrower. Indonesian and English question words only.
_PATTERNS: tuple[tuple[AnswerType, str], ...] = (
    ("time", r"\b(?:pukul|jam) berapa\b|\bwhat time\b|\bat what hour\b"),
    (
        "duration",
        r"\bberapa (?:lama|umur|usia|tahun|bulan|pekan|minggu|hari|jam|menit)\b|\b(?:usia|umur)nya berapa\b|"
        r"\bhow (?:long|old)\b|\bhow many (?:years|months|weeks|days|hours|minutes)\b",
    ),
    (
        "date",
        r"\bkapan(?:kah)?\b|\b(?:tanggal|hari|tahun|bulan) (?:berapa|apa|mana)\b|"
        r"\bwhen\b|\b(?:what|which) (?:date|day|year|month)\b",
    ),
    (
        "cause",
        r"\b(?:mengapa|kenapa)(?:kah)?\b|\bapa(?:kah)? (?:penyebab|sebab|alasan)\w*\b|\bpenyebab\w*\b.*\bapa\b|"
        r"\bapa yang (?:memicu|menyebabkan|mengakibatkan)\b|"
        r"\bwhy\b|\bwhat (?:caused?|is the cause|was the cause|led|started|triggered|sparked)\b",
    ),
    (
        "number",
        r"\b(?:se)?berapa(?:kah)?\b|\bse(?:tinggi|dalam|jauh|besar|berat|luas|panjang|lebar|cepat|kuat|tebal) apa\b|"
        r"\bhow (?:many|much|far|big|large|high|deep|tall|fast|often|heavy|wide|thick|hot|cold|strong)\b|"
        r"\bwhat (?:(?:is|was|were) (?:the|its|their) )?(?:\w+ )?"
        r"(?:percentage|share|number|amount|magnitude|score|price|cost|value|turnout|height|depth|length|width|weight|"
        r"size|speed|temperature|capacity|distance|fine|fee|toll|total)\b|\bwhat did (?:it|they|\w+ \w+) cost\b",
    ),
    ("person", r"\bsiapa(?:kah)?\b|\bwho(?:m|se)?\b"),
    (
        "place",
        r"\b(?:di|ke|dari) ?mana(?:kah)?\b|\b(?:di|ke|dari) (?!tahun|bulan|hari|tanggal)(?:\w+ ){1,2}mana\b|\bwhere\b|"
        r"\b(?:in|at|to|from) (?:what|which) (?:city|town|village|district|region|province|country|island|street|"
        r"hospital|school|port|airport|station|stadium|court|place|venue|hall|hotel|prison)\b",
    ),
    (
        "polarity",
        rf"^\W*(?:{any_of('apakah benarkah betulkah adakah sudahkah belumkah akankah masihkah pernahkah')})\b|"
        r"^\W*(?:is|are|was|were|did|does|do|has|have|had|can|will)\b",
    ),
)
# What a search without any question word begins with; a claim may begin with it too.
_CLAIMS = r"(?!.*\b(?:atau|telah|sudah|udah|belum|tidak|nggak|gak|or|has|was|were)\b)"
_HEADS: tuple[tuple[AnswerType, str], ...] = (
    ("duration", r"usia|umur|lama(?:nya)?|durasi|masa hukuman|age of|duration|length of time"),
    ("date", r"tanggal|jadwal|tahun|date"),
    ("cause", r"penyebab|sebab|alasan|pemicu|latar belakang|(?:main )?(?:cause|reason)s?"),
    (
        "number",
        r"jumlah|banyak(?:nya)?|total|besar(?:an|nya)?|persentase|rata-rata|(?:taksiran |nilai )?(?:harga|kerugian)|biaya|ongkos|"
        r"tarif|anggaran|dana|nilai|denda|jarak|luas|panjang|lebar|tinggi|ketinggian|kedalaman|berat|bobot|kecepatan|suhu|"
        r"kapasitas|skor|(?:total )?(?:number|amount)|price|cost|percentage|share|weight|height|length|depth|size|capacity|"
        r"budget|score",
    ),
    ("place", r"lokasi|tempat|alamat|location|place|venue"),
)  # fmt: skip
_SEARCHES = tuple(
    (asks, re.compile(rf"(?:^|[.?!]\s)\W*(?:the )?(?:{heads})\b{_CLAIMS}", re.IGNORECASE)) for asks, heads in _HEADS
)
# The particle -kah asks; where a word that asks stands by, another word only ends like it ("Menikah kapan ...?").
_PARTICLE = re.compile(
    r"^\W*(?!bagaimana|mana|naskah|langkah|tingkah|berkah|nafkah|sedekah|mekah|makkah)\w+kah\b", re.I
)
_ASKS = tuple((asks, re.compile(pattern, re.IGNORECASE)) for asks, pattern in _PATTERNS)

# Words that ask or link and so say nothing of what is asked about.
_EMPTY = frozenset(
    query_terms(
        """apa apakah siapa siapakah berapa kapan mana manakah dimana di ke dari dan atau untuk dengan pada oleh itu
        ini yang ada tidak bukan sudah belum akan karena dalam adalah saja para soal jumlah tentang menurut nya
        mengapa kenapa bagaimana benarkah saat ketika terjadi bisa dapat telah secara antara lain seberapa banyak
        lama oleh sebagai what who whom whose which when where why how is are was were did does do has have had the
        a an of in on at to from by for with and or not about many much any there this that it its their his her
        after before during long be been will say says said according happen happened take took place get got"""
    )
)


def check_question(text: str) -> str:
    """Return the question stripped; raises SilangError for one that cannot be asked."""
    text = clean(text).strip()
    if not text:
        raise SilangError(
            "the question is empty: type a question, for example `How many people were hurt?`",
            "pertanyaannya kosong: tulis pertanyaan, misalnya `Berapa orang yang terluka?`",
        )
    if len(text) > LONGEST:
        raise SilangError(
            f"the question has {len(text)} characters, and the limit is {LONGEST}: ask one thing at a time",
            f"pertanyaannya {len(text)} karakter, sedangkan batasnya {LONGEST}: tanyakan satu hal saja",
        )
    if not any(ch.isalnum() for ch in text):
        raise SilangError(
            "the question holds no word: type a question in Indonesian or English",
            "pertanyaannya tidak memuat kata: tulis pertanyaan dalam bahasa Indonesia atau Inggris",
        )
    if not readable(text):
        raise SilangError(
            "the question is in a script that Silang does not read: ask in Indonesian or English",
            "pertanyaannya memakai aksara yang tidak dibaca Silang: tanyakan dalam bahasa Indonesia atau Inggris",
        )
    return text


def asked_type(text: str) -> AnswerType:
    """Return what kind of answer the words of a question, or of a search without a question word, ask for."""
    found = [(match.start(), asks) for asks, pattern in _ASKS if (match := pattern.search(text))]
    if not found and _PARTICLE.match(text):
        return "polarity"
    if not found and not ASKING.search(text):
        found = [(match.start(), asks) for asks, pattern in _SEARCHES if (match := pattern.search(text))]
    return min(found, key=lambda place: place[0])[1] if found else "other"


def analyse(text: str, store: Store) -> Question:
    """Analyse a question against what a store holds; raises SilangError as `check_question` does.

    What is analysed is the question that the text asks, as `rag.phrasing` finds it.
    """
    text = with_names(doubled(bare(check_question(text)), store), store)
    language = question_language(text, store.languages())
    stems = tuple(stem for stem in query_terms(text) if stem not in _EMPTY)
    return Question(text, language, asked_type(text), stems)
