"""A question as it is typed -> the question that it asks, as an editor would write it.

People greet, ask a favour, tell what they are at, abbreviate, and repeat what they heard before they ask whether it is
true. Reader and judge have learnt questions of one tidy sentence, and a "ya" or a "halo" costs them a source. Rules on
closed classes of words, in Indonesian and English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from index.lexical import query_terms
from index.sentences import split_sentences
from index.store import Store
from index.types import Filters


def any_of(words: str) -> str:
    """Return a pattern of any of the words, parted by white space; an underscore stands for the space within one."""
    return "|".join(re.escape(word.replace("_", " ")).replace(r"\ ", r"\s+") for word in words.split())


ASKING_WORDS = """
    sampai_kapan sejak_kapan siapa_saja siapa_aja apa_saja berapa_lama berapa_banyak jam_berapa pukul_berapa
    tanggal_berapa di_mana ke_mana dari_mana dimana kapan kapankah kenapa mengapa siapa siapakah berapa brp apa apakah
    mana bagaimana gimana benarkah by_how_much how_many how_much how_long how_old how_often how_far how what which who
    whom whose when where why"""
AUXILIARIES = "is are was were did does do has have had will yang sih ada"
ASKING = re.compile(rf"\b(?:{any_of(ASKING_WORDS)})\b(?:\s+(?:{any_of(AUXILIARIES)})\b)*", re.I)
# Stand for something that was named before.
PERSON = re.compile(rf"\b(?:{any_of('dia ia beliau mereka he she they him her them his their')})\b", re.I)
THING = re.compile(
    rf"\b(?:{any_of('itu tersebut tadi di_sana di_situ it its that those this there')})\b|\b\w{{3,}}nya\b", re.I
)
LINKS = frozenset(
    """yang di ke dari dan atau pada untuk oleh dalam akibat soal tentang sudah udah belum masih akan telah ada adalah
    itu ini tersebut sih ya kah saja aja juga ga gak nggak tidak lagi orang kata begitu sekarang the a an of in on at to
    from by for with is are was were did does do has have had be been will would can and or not any some there it its
    that this those he she they his her their him them one got get happen happened people"""
    .split()
)  # fmt: skip
WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_LOOKED_AT = 20  # chunks that tell how a word is written
BARE = 1  # content words up to which a question says no more than what it asks for

# As people type on a phone; what is also another word in lower case is not among them.
_SHORT = {
    "brp": "berapa", "brapa": "berapa", "kpn": "kapan", "dmn": "di mana", "dmana": "di mana", "kmn": "ke mana",
    "gmn": "bagaimana", "gmana": "bagaimana", "gimana": "bagaimana", "bgmn": "bagaimana", "knp": "kenapa",
    "knapa": "kenapa", "apkh": "apakah", "yg": "yang", "tgl": "tanggal", "jml": "jumlah", "jmlh": "jumlah",
    "org": "orang", "dgn": "dengan", "utk": "untuk", "krn": "karena", "dlm": "dalam", "tdk": "tidak", "thn": "tahun",
    "bln": "bulan", "sdh": "sudah", "udh": "sudah", "blm": "belum", "kmrn": "kemarin", "sblm": "sebelum",
    "stlh": "setelah", "tsb": "tersebut", "dtg": "datang", "msh": "masih", "bwt": "buat", "sm": "sama", "jg": "juga",
    "tp": "tapi", "bs": "bisa", "hrs": "harus", "bnyk": "banyak", "smpe": "sampai", "sampe": "sampai", "skrg": "sekarang",
    "ppl": "people", "pls": "please", "plz": "please", "thx": "thanks",
}  # fmt: skip
_SHORTENED = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b")
_TWICE = re.compile(r"\b([a-z]{2,})2(nya)?\b")  # "gara2"

_CALLED = "pak bu kak kakak min admin gan sis bro mas mbak bang tim teman-teman semua semuanya all there everyone team"
_GREETING = (
    r"(?:halo+|hallo+|hai|hi|hello|hei|hey|permisi|punten|assalamu['’]?\s?alaikum(?:\s+wr\.?\s*wb\.?)?|"
    r"selamat\s+(?:pagi|siang|sore|malam)|(?:pagi|siang|sore|malam)(?=[\s\w]{0,12}[,!.])|"
    r"good\s+(?:morning|afternoon|evening|day)|excuse\s+me|sorry(?:\s+to\s+bother(?:\s+you)?)?|maaf(?:\s+(?:meng)?ganggu)?|"
    r"(?:dear|oke?|okay|baik(?:lah)?|nah|eh|hmm+|btw|well|by\s+the\s+way|anyway)(?=[\s\w]{0,8}[,!.]))"
    rf"(?:\s+(?:{any_of(_CALLED + ' silang')})\b)*"
)
_THANKS = (
    r"(?:(?:banyak\s+)?(?:terima\s?kasih|makasih|makasi|trims|thanks|thank\s+you|tks|tq|nuhun|matur\s*nuwun|suwun)"
    r"(?:\s+(?:banyak|sebelumnya|ya|so\s+much|very\s+much|a\s+lot|in\s+advance|again|atas\s+bantuannya|bantuannya))*"
    rf"(?:\s+(?:{any_of(_CALLED)})\b)*)"
)
_ASIDE = r"(?:mohon|ditunggu|tolong|minta)\s+(?:bantuannya|infonya|info|pencerahannya|jawabannya|dibantu)(?:\s+ya)?"
_TOLD = (
    r"cek\s+fakta|beri\s*tahu(?:kan)?|kasih?\s+ta[hu]u?|jelas(?:kan|in)|sebut(?:kan|in)|carikan|cariin|cari(?:\s+tahu)?|"
    r"cek(?:kan|in)?|periksa(?:kan)?|tunjukkan|info(?:kan|in)|informasikan|ber?tanya|tanya|nanya|pastikan|"
    r"(?:me)?mastikan|konfirmasi(?:kan)?|mencari(?:\s+tahu)?|nyari(?:\s+tahu)?"
)
_ABOUT = (
    r"(?:[\s,:]+(?:(?:soal|tentang|mengenai|perihal|about|on|info(?:rmasi)?|data)\b(?!\s+(?:apa|mana|yang)\b)|dulu|dong|"
    r"ya|lagi|lah|saja|aja|satu\s+hal|nih)\b)*"
)
_ME = r"(?:saya|aku|gue|gw|kami|kita)"
_YOU = r"(?:anda|kamu|kau|kakak|kak|min|silang|bapak|ibu)"
_FAVOUR = r"(?:minta\s+tolong|tolong(?:in)?|mohon|harap|coba|bisa(?:kah)?|boleh(?:kah)?|dapatkah|apakah|apa|mungkin|kalau\s+boleh)"
_WISH = r"(?:mau|ingin|pengen|pengin|pingin|hendak|numpang|izin|ijin|perlu|butuh|sedang|lagi|masih|cuma|hanya|boleh|bisa|ikut)"
_REQUEST = re.compile(
    r"^\W*(?:"
    rf"(?:{_FAVOUR}\s+)*(?:{_YOU}\s+)?(?:{_ME}\s+)?(?:{_WISH}\s+)*(?:di)?(?:bantu(?:in)?\s+)?(?:{_ME}\s+)?(?:{_TOLD})"
    rf"(?:\s+(?:{_ME}|(?:ke|kepada|pada)\s+{_ME}))?"
    rf"|(?:{_FAVOUR}\s+)*(?:{_YOU}\s+|{_ME}\s+(?:{_WISH}\s+)*|{_WISH}\s+|ada\s+yang\s+)(?:tahu|tau)"
    rf"|(?:{_ME}\s+)?(?:{_WISH}\s+)*(?:penasaran|bingung)|tahukah\s+{_YOU}"
    rf"|(?:{_ME}\s+)?(?:{_WISH}\s+)*(?:minta|butuh|perlu|cari|ada)\s+(?:info(?:rmasi|nya)?|data(?:nya)?|keterangan)"
    r"|(?:(?:please|kindly|just)\s+)*(?:(?:can|could|would|will|may)\s+(?:you|i|we)\s+(?:please\s+|kindly\s+|just\s+)*)?"
    r"(?:tell|show|give|remind|help)\s+(?:me|us)(?:\s+(?:out|find|understand|check))*"
    r"|(?:please|kindly|(?:can|could|would|will)\s+(?:you|someone|anyone)(?:\s+please|\s+kindly)?)\s+"
    r"(?:explain|check|find(?:\s+out)?|look\s+up|confirm|say|clarify)(?:\s+for\s+(?:me|us))?"
    r"|(?:i|we)(?:['’]m|['’]re|\s+am|\s+are|\s+was)?\s+(?:just\s+|also\s+)?(?:wondering|wonder|curious|"
    r"trying\s+to\s+(?:find\s+out|confirm|check|establish|work\s+out)|looking\s+(?:for|up))"
    r"|(?:i|we)(?:['’]d|\s+would)?\s+(?:just\s+)?(?:want|like|love|need|wish)(?:ed)?\s+to\s+"
    r"(?:know|ask|find\s+out|check|confirm|understand|verify)"
    r"|(?:do|would)\s+you\s+(?:happen\s+to\s+)?know|(?:does\s+)?any(?:one|body)\s+knows?|any\s+idea"
    rf"|(?:quick\s+|one\s+|short\s+)*question|pertanyaan(?:\s+{_ME}|nya)?(?=\s*:)"
    rf")\b{_ABOUT}(?:[\s,:]|[-–—]\s)+(?:(?:if|whether)\s+)?(?=\w)",
    re.I,
)
_PARTICLE = (
    r"(?:ya+h?|sih|nih|tuh|dong|deh|emang(?:nya)?|memangnya|kira-kira|kira2|sebenarnya|sebenernya|sebetulnya|actually)"
)
_HEDGE = re.compile(
    rf"^\W*(?:{_PARTICLE}|jadi|jadinya|so|terus\s+terang)\b[\s,]+(?=(?:[a-z]+\s+)?(?:{any_of(ASKING_WORDS)})\b)", re.I
)
_WITHIN = re.compile(rf"(\b(?:{any_of(ASKING_WORDS)})),?\s+{_PARTICLE}\b,?(?=\s+\w)")
_LAST = re.compile(
    rf"(?:[\s,]+(?:{_PARTICLE}(?:\s+(?:{any_of(_CALLED)}))?|{_THANKS}|please)|\s*,\s*(?:tolong|{any_of(_CALLED)})|[\s,]+\(?{_ASIDE}\)?)(?=\W*$)"
)
_OPENING = re.compile(rf"^\W*(?:{_GREETING}|{_THANKS}|{_ASIDE})(?![\w-])[\s,.!:;)–—-]*", re.I)

_NOT = r"(?:nggak|ngga|gak|ga|enggak|engga|ndak|kagak|tidak)"
_CONFIRM = (
    r"(?:(?:apa(?:kah)?\s+)?(?:itu\s+|hal\s+itu\s+|ini\s+|memang\s+|emang\s+)?(?:benar|betul|bener|valid)(?:\s?kah)?"
    r"|(?:apa\s+)?i?ya"
    r"|(?:is|was)\s+(?:that|this|it)\s+(?:really\s+)?(?:true|right|correct|so|the\s+case)|true|correct|right)"
    rf"(?:\s+(?:(?:atau\s+|apa\s+)?{_NOT}|atau\s+(?:hoaks|hoax|bukan)|tidaknya|demikian|begitu|itu|sih|ya|tuh|kabar\s+itu|"
    r"or\s+not))*"
)
_CHECK = (
    rf"(?:{_FAVOUR}\s+|dibantu\s+)*(?:di)?(?:konfirmasi|cek|pastikan|verifikasi|luruskan|koreksi)(?:kan|in)?"
    r"(?:\s+(?:kebenarannya|dulu|dong|ya|bila|jika|kalau|keliru|salah))*"
    r"|(?:(?:please|can|could|you)\s+)+(?:confirm|verify|check)(?:\s+(?:this|that|it|whether|if|is|so|true))*"
)
_CONFIRM_ALONE = re.compile(rf"^\W*(?:(?:{_CHECK})(?:[\s,]+{_CONFIRM})?|{_CONFIRM})\W*$", re.I)
_CONFIRM_LAST = re.compile(rf"[,;.–—-]+\s*{_CONFIRM}\s*\?+$|\s+(?:bener|benar|betul)\s+{_NOT}\W*$", re.I)
_CONFIRM_FIRST = re.compile(
    rf"^\W*(?:apa(?:kah)?\s+(?:benar|betul|bener)|(?:bener|betul|benar)(?:an)?\s+(?:apa\s+)?{_NOT}|betulkah)"
    r"(?:\s+(?:sih|ya|nih))*(?:\s+(?:bahwa|kalau|kalo|jika))?,?\s+(?=\w)",
    re.I,
)
_HEARSAY = re.compile(
    r"^\W*(?:(?:katanya|kabarnya|konon|setahu\s+saya|kalau\s+(?:tidak|nggak|gak)\s+salah|den?gar[ -]den?gar|"
    r"kata\s+(?:orang|teman|tetangga)(?:\s+(?:saya|aku|gue))?(?=,)|"
    r"ada\s+(?:yang\s+(?:bilang|ngomong|mengatakan|menyebut(?:kan)?|menulis|menyampaikan)(?:\s+kepada\s+saya)?|kabar|info)|"
    rf"{_ME}\s+(?:tadi\s+|pernah\s+|sempat\s+)?(?:baca|membaca|dengar|denger|mendengar|lihat|dapat\s+(?:info|kabar))(?:\s+di\s+\w+)?|"
    r"beredar\s+(?:kabar|info\w*)|menurut\s+(?:kabar|info\w*))(?:\s+(?:kalau|kalo|bahwa|jika|katanya))?"
    r"|(?:i|we)(?:['’]ve)?\s+(?:read|heard|saw|seen|understand|was\s+told|were\s+told)(?:\s+(?:somewhere|online))?|"
    r"(?:they|people)\s+(?:keep\s+)?say(?:ing)?|apparently|supposedly|so|if\s+i(?:['’]m|\s+am)\s+not\s+mistaken|"
    r"someone\s+(?:said|says|told\s+me)|rumou?r\s+has\s+it)(?:\s+that)?\b[,:]?\s+",
    re.I,
)
# "Is he coming or not", as it is said: "datang nggak ya".
_OR_NOT = re.compile(
    rf"(?:(?:,?\s+i?ya)?(?:\s+(?:atau|apa))?,?\s+(?!tidak){_NOT})(?:\s+(?:ya|sih|nih))*(?=\W*$)|\s+(?!tidak){_NOT}\s+(?:ya|sih)\b"
)
_TOPIC = re.compile(
    rf"^\W*(?:(?:ini|{_ME}\s+(?:baru\s+|tadi\s+|lagi\s+|sedang\s+)?(?:baca|membaca|dengar|lihat)(?:\s+berita)?)\s+)?"
    r"(?:soal|tentang|mengenai|perihal|terkait|about|regarding|concerning)\s+",
    re.I,
)
_SO = re.compile(r"\b(?:be)?gitu\b|\bdemikian\b|\blike\s+that\b", re.I)
TRUE = "benarkah?"  # in place of a sentence that asks no more than whether another is true
_MYSELF = re.compile(rf"\b(?:{_ME}|redaktur|skripsi|tugas\s+kuliah|i|i['’](?:m|ve|d)|we|my|our|me|us)\b", re.I)


def bare(text: str) -> str:
    """Return what is asked, without greeting, courtesy and what the person says of themselves; the text where nothing is left.

    Of several sentences those are kept that the question needs to be understood.
    """
    told = [part for sentence in _sentences(text) if (part := _stripped(sentence))]
    asking = [part for part in told if "?" in part]
    if len(told) > 1 and asking:
        told = _needed(told, [part for part in asking if part != TRUE] or asking)
    asked = " ".join(_confirmed(part) if "?" in part else part for part in told)
    if not asked or _letters(asked) == _letters(text):
        return text
    return asked[0].upper() + asked[1:].rstrip(" .!,?") + "?"


def content(text: str) -> Iterator[str]:
    """Yield the words that are neither asking nor linking."""
    for match in WORD.finditer(ASKING.sub(" ", text)):
        if match.group().lower() not in LINKS:
            yield match.group()


def is_name(word: str, text: str) -> bool:
    """Whether a word of the text is in digits, or has a capital and does not open it."""
    return word[0].isdigit() or (word[0].isupper() and not text.lstrip(" \"'“").startswith(word))


def refers(text: str) -> bool:
    """Whether a word stands for something that was named before."""
    return bool(PERSON.search(text) or THING.search(text))


def with_names(text: str, store: Store) -> str:
    """Return a question that is typed without capitals with its names as the store's articles write them."""
    if any(is_name(word, text) and not word[0].isdigit() for word in WORD.findall(text)):
        return text
    written = {word: written_in(store, word) for word in content(text) if word.isalpha()}
    return WORD.sub(lambda match: written.get(match.group(), match.group()), text)


def written_in(store: Store, word: str) -> str:
    """Return how a store's articles write a word within their sentences, where always with a capital; else the word."""
    within = re.compile(rf"(?<=[\w,] ){re.escape(word)}\b", re.I)
    chunks = store.chunks([row for row, _ in store.lexical(query_terms(word), _LOOKED_AT, Filters())])
    found = [
        written for stored in chunks for sentence in stored.chunk.sentences
        for written in within.findall(sentence.of(store.article(stored.chunk.article).text))
    ]  # fmt: skip
    return Counter(found).most_common(1)[0][0] if found and all(w[0].isupper() for w in found) else word


def _letters(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _sentences(text: str) -> Iterator[str]:
    for span in split_sentences(text):
        yield from re.split(r"(?<=[?!])\s+", span.of(text))


def _stripped(sentence: str) -> str:
    """A sentence written out and without courtesies at its ends; "" where it is nothing else."""
    asks = "?" in sentence
    if _CONFIRM_ALONE.match(sentence):
        return TRUE
    sentence = _TWICE.sub(r"\1-\1\2", _SHORTENED.sub(lambda match: _SHORT[match.group()], sentence))
    before = ""
    while sentence != before:
        before = sentence
        sentence = _OPENING.sub("", sentence)
        for pattern in (_REQUEST, _HEDGE, _LAST):
            sentence = pattern.sub("", sentence)
        sentence = _WITHIN.sub(r"\1", sentence)
    sentence = sentence.strip(" ,;:-–—")
    if not any(map(str.isalnum, sentence)):
        return ""
    if (asks or ASKING.search(sentence) or _OR_NOT.search(sentence)) and "?" not in sentence:
        sentence = sentence.rstrip(" .!,") + "?"
    return sentence


def _needed(told: Sequence[str], asked: Sequence[str]) -> list[str]:
    """What of several sentences is needed: those that ask, and of the others what names things, or all that they refer to."""
    others = [part for part in told if part not in asked and part != TRUE]
    if asked[0] == TRUE:
        claims = [part for part in others if _HEARSAY.match(part) or not _MYSELF.search(part)]
        return [f"{_HEARSAY.sub('', claims[-1]).rstrip(' .!')}, {TRUE}"] if claims else list(told)
    first = _TOPIC.sub("", asked[0])
    depends = refers(first) or bool(_SO.search(first)) or len(list(content(first))) <= BARE
    about = [part for part in others if _TOPIC.match(part) or not _MYSELF.search(part)]
    about = [p for p in about if depends or _TOPIC.match(p) or refers(p) or any(is_name(w, p) for w in content(p))]
    about = about or (others if depends else [])
    return [_TOPIC.sub("", part) for part in told if part in about or part in asked]


def _confirmed(text: str) -> str:
    """A claim that is to be confirmed as a question of yes or no."""
    claim = _CONFIRM_FIRST.sub("", text)
    for pattern in (_CONFIRM_LAST, _OR_NOT):
        if claim == text:
            claim = pattern.sub("", text)
            if claim != text and ASKING.search(claim):
                return text
    if claim == text:
        return text
    claim = _HEARSAY.sub("", claim).rstrip(" ?.!,")
    first = "Is it true that" if re.search(r"\b(?:the|was|were|is|are|has|had|did)\b", claim) else "Apakah"
    return f"{first} {claim}?"
