"""A sentence as it is typed -> what is left without greeting, thanks, favours asked and particles, written out."""

from __future__ import annotations

import re

from rag.function_words import ASKING, ASKING_WORDS, any_of


def _any(words: str) -> str:
    return f"(?:{any_of(words)})"


# As people type on a phone; what is also another word in lower case is not among them.
_SHORT = {
    "brp": "berapa", "brapa": "berapa", "kpn": "kapan", "dmn": "di mana", "dmana": "di mana", "kmn": "ke mana",
    "gmn": "bagaimana", "gmana": "bagaimana", "gimana": "bagaimana", "bgmn": "bagaimana", "knp": "kenapa",
    "knapa": "kenapa", "apkh": "apakah", "yg": "yang", "tgl": "tanggal", "jml": "jumlah", "jmlh": "jumlah",
    "org": "orang", "dgn": "dengan", "utk": "untuk", "krn": "karena", "dlm": "dalam", "tdk": "tidak", "thn": "tahun",
    "bln": "bulan", "sdh": "sudah", "udh": "sudah", "blm": "belum", "kmrn": "kemarin", "sblm": "sebelum",
    "stlh": "setelah", "tsb": "tersebut", "dtg": "datang", "msh": "masih", "bwt": "buat", "sm": "sama", "jg": "juga",
    "tp": "tapi", "bs": "bisa", "hrs": "harus", "bnyk": "banyak", "smpe": "sampai", "sampe": "sampai",
    "teman2": "teman-teman", "kawan2": "kawan-kawan", "dengar2": "dengar-dengar", "denger2": "denger-denger",
    "skrg": "sekarang", "ppl": "people", "pls": "please", "plz": "please", "thx": "thanks",
}  # fmt: skip
_SHORTENED = re.compile(rf"(?<![\w.@/-])(?:{'|'.join(_SHORT)})(?![\w@/-])")  # not in "who.org"
# A phone writes the first letter large.
_SHORTENED_FIRST = re.compile(rf"^\W*(?:{'|'.join(map(str.capitalize, _SHORT))})(?![\w@/-])")

ME = _any("saya aku gue gw kami kita")
_YOU = _any("anda kamu kau kakak kak min silang bapak ibu")
_CALLED = _any(
    "pak bu kak kakak min admin gan sis bro mas mbak bang tim teman-teman semua semuanya all there everyone team"
)
# What is also the beginning of a name ("Hai Phong") or of a sentence ("Malam itu ...") greets only where it stands apart.
_ADDRESSED = rf"(?:(?:\s+(?:{_CALLED}|redaksi|silang)\b)*\s*(?:[,!.:;]|$)|\s+{_CALLED}\b)"
_GREETING = rf"""(?:
    (?:hall?o+ | {_any("hai hi hello hei hey")})(?={_ADDRESSED} | \s+(?-i:[a-z]) | \s+{_any(ASKING_WORDS)}\b)
    | {_any("permisi punten excuse_me")} | assalamu['’]?\s?alaikum(?:\s+wr\.?\s*wb\.?)? | salam\s+(?:hormat|hangat|sejahtera|sehat)
    | selamat\s+(?:pagi|siang|sore|malam)
    | good\s+(?:morning|afternoon|evening|day) | sorry(?:\s+to\s+bother(?:\s+you)?)? | maaf(?:\s+(?:meng)?ganggu)?
    | (?:{any_of("pagi siang sore malam dear redaksi yth salam oke ok okay baik baiklah nah eh btw well by_the_way anyway")}
        | hmm+)(?={_ADDRESSED})
    )(?:\s+(?:{_CALLED}|silang)\b)*"""
_THANKS = rf"""(?:(?:banyak\s+)?
    (?:terima\s?kasih|matur\s*nuwun|{any_of("makasih makasi trims thanks thank_you tks tq nuhun suwun")})
    (?:\s+{_any("banyak sebelumnya ya atas bantuannya infonya waktunya so_much very_much a_lot in_advance again")})*
    (?:\s+{_CALLED}\b)*)"""
_ASIDE = rf"""(?:{_any("mohon ditunggu tolong minta")}\s+
    {_any("bantuannya infonya info pencerahannya jawabannya dibantu")}(?:\s+ya)?)"""

# A favour is asked for ("bisa tolong ...") and a wish told ("saya mau ...") before a word of telling or knowing.
_PLEA = rf"(?:tolong(?:in)?|bisa(?:kah)?|boleh(?:kah)?|{any_of('minta_tolong mohon harap coba kalau_boleh')})"
FAVOUR = rf"(?:{_PLEA}|{any_of('dapatkah apakah apa mungkin')})"
_WISH = _any(
    "mau ingin pengen pengin pingin hendak numpang izin ijin perlu butuh sedang lagi masih cuma hanya boleh bisa ikut"
)
_ASKS = rf"(?:[\s,:]+(?:soal|tentang|mengenai))?(?:[\s,:]+{_any(ASKING_WORDS)}\b)"
_SOUGHT = r"(?:info(?:rmasi|nya)?|data(?:nya)?|keterangan)"
_TELL = rf"""(?:beri\s*tahu(?:kan)? | kasih?\s+ta[hu]u? | jelas(?:kan|in) | sebut(?:kan|in) | cari(?:kan|in|\s+tahu)
    | cek\s+fakta | cek(?:kan|in) | (?:cek|cari|periksa)(?={_ASKS}) | periksakan | info(?:kan|in) | (?:me)?mastikan | konfirmasi(?:kan)?
    | (?:men|n)cari(?:\s+tahu)? | nyari(?:\s+tahu)? | {_any("tunjukkan informasikan bertanya tanya nanya pastikan")})"""
_TELL_EN = _any("explain check find find_out look_up confirm say clarify")
_KNOW_EN = _any("know ask find_out check confirm understand verify")
_SEEK_EN = _any("find_out confirm check establish work_out")
# Atomic where words of one list are in another too ("bisa"): else each that is repeated doubles the time.
_REQUEST = re.compile(
    rf"""^\W*(?:
    (?>(?:{FAVOUR}|{_YOU}|{ME}|{_WISH})\s+)+(?:cek|cari|periksa)
    | (?=(?:\w+\s+){{0,4}}{_PLEA}\s)(?>(?:{FAVOUR}|{_YOU}|{ME}|{_WISH})\s+)+di(?:cek|cari|periksa)  # not "apakah dicari"
    | (?:{FAVOUR}\s+)*(?:{_YOU}\s+)?(?:{ME}\s+)?(?:{_WISH}\s+)*(?:di)?(?:bantu(?:in)?\s+)?(?:{ME}\s+)?{_TELL}
        (?:\s+(?:(?:ke|kepada|pada)\s+)?{ME})?
    | (?:{FAVOUR}\s+)*(?:{_YOU}\s+|{ME}\s+(?:{_WISH}\s+)*|{_WISH}\s+|ada\s+yang\s+)(?:tahu|tau)
    | (?:{ME}\s+)?(?:{_WISH}\s+)*(?:penasaran|bingung) | tahukah\s+{_YOU}
    | (?:{ME}\s+)?(?:{_WISH}\s+)*(?:minta|butuh|perlu|cari|ada(?=\s+{_SOUGHT}{_ASKS}))\s+{_SOUGHT}(?!\s+(?:apa|mana)\b)
    | (?:(?:please|kindly|just)\s+)*(?:(?:can|could|would|will|may)\s+(?:you|i|we)\s+(?:(?:please|kindly|just)\s+)*)?
        (?:tell|show|give|remind|help)\s+(?:me|us)(?:\s+(?:out|find|understand|check))*
    | (?:please|kindly|(?:can|could|would|will)\s+(?:you|someone|anyone)(?:\s+(?:please|kindly))?)\s+{_TELL_EN}
        (?:\s+for\s+(?:me|us))?
    | (?:i|we)(?:['’]m|['’]re|\s+(?:am|are|was))?\s+(?:(?:just|also)\s+)?
        (?:wondering|wonder|curious|trying\s+to\s+{_SEEK_EN}|looking\s+(?:for|up))
    | (?:i|we)(?:['’]d|\s+would)?\s+(?:just\s+)?(?:want|like|love|need|wish)(?:ed)?\s+to\s+{_KNOW_EN}
    | (?:do|would)\s+you\s+(?:happen\s+to\s+)?know | (?:does\s+)?any(?:one|body)\s+knows? | any\s+idea
    | (?:(?:quick|one|short)\s+)*question(?=\s*[:,]|\s+(?:about|on)\b) | pertanyaan(?:\s+{ME}|nya)?(?=\s*:)
    )\b
    (?:[\s,:]+(?:{_any("soal tentang mengenai perihal about on info informasi data")}\b(?!\s+(?:apa|mana|yang)\b)
        |{_any("dulu dong ya lagi lah saja aja satu_hal nih")})\b)*
    (?:[\s,:]|[-–—]\s)+(?:(?:if|whether)\s+)?(?=\w)""",
    re.I | re.X,
)
# Of particles only those in lower case are taken off: with a capital they may be names.
_PARTICLE = (
    r"(?:ya+h?|emang(?:nya)?|"
    rf"{any_of('sih nih tuh dong deh memangnya kira-kira kira2 sebenarnya sebenernya sebetulnya actually')})"
)
_HEDGE = re.compile(
    rf"^\W*(?:{_PARTICLE}|jadi|jadinya|so|terus\s+terang)\b[\s,]+(?=(?:[a-z]+\s+)?{_any(ASKING_WORDS)}\b)", re.I
)
_WITHIN = re.compile(rf"(\b(?i:{any_of(ASKING_WORDS)})),?\s+{_PARTICLE}\b,?(?=\s+\w)")
_LAST = re.compile(
    rf"""(?:[\s,]+(?:{_PARTICLE}(?:\s+{_CALLED})?|{_THANKS}|please) | \s*,\s*(?:tolong|{_CALLED})
    | [\s,]+\(?{_ASIDE}\)?)(?=\W*$)""",
    re.X,
)
_OPENING = re.compile(rf"^\W*(?:{_GREETING}|{_THANKS}|{_ASIDE})(?![\w-])[\s,.!:;)–—-]*", re.I | re.X)


def without_courtesy(sentence: str) -> str:
    """Return a sentence written out and without courtesies, with a question mark where it asks; "" where nothing is left."""
    asks = "?" in sentence
    sentence = _SHORTENED_FIRST.sub(lambda match: match.group().lower(), sentence)
    sentence = _SHORTENED.sub(lambda match: _SHORT[match.group()], sentence)
    before = ""
    while sentence != before:
        before = sentence
        for pattern in (_OPENING, _REQUEST, _HEDGE, _LAST):
            sentence = pattern.sub("", sentence)
        sentence = _WITHIN.sub(r"\1", sentence)
    sentence = sentence.strip(" ,;:-–—")
    if not any(map(str.isalnum, sentence)):
        return ""
    return marked(sentence) if asks or ASKING.search(sentence) else sentence


def marked(sentence: str) -> str:
    """Return a sentence with the question mark that it lacks."""
    return sentence if "?" in sentence else sentence.rstrip(" .!,") + "?"
