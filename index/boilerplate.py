"""Article text -> the spans of it that are no article: portal chrome, credits, links, header lines, a repeated title.

They are kept out of chunks; the text itself is never changed. A rule marks only what cannot be a sentence of the
article: losing a sentence costs an answer, keeping a "Share" costs little. The rules were read against IndoSum's
news of ten Indonesian outlets (Kurniawan & Louvan 2018).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.layout import CREDIT, TELLS, Line, header, is_body, text_lines
from index.metadata import date_line, dateline, is_bare_day
from index.types import Span

_WRAP = 120  # characters; in longer lines a paragraph is not hard-wrapped
_SEE = r"(?:(?:baca|lihat|simak|tonton|saksikan)[ _]*juga|also read|read also|see also|read more)"
_THEN = r"\s*[:：|»>–-]"
_PHOTO = r"(?:foto|photo|(?:sumber|kredit) (?:foto|gambar)|photo credit|image|kredit|dok(?:umentasi)?\.?)"
_SITE = (
    r"(?:facebook|fb|twitter|x|whatsapp|wa|telegram|line|e-?mail|instagram|pinterest|linkedin|threads|tiktok|youtube|"
    r"messenger|reddit|print|cetak|copy link|salin tautan|share|bagikan|tweet|pin it)"
)
_MINUTES = r"\d{1,3}\s*(?:min(?:ute)?s?|menit)"

# A line that is nothing else. Case is ignored.
_LINE = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "advertisement": r"\W*(?:ad image|ads?|advertisements?|iklan|sponsored|konten bersponsor|"
        r"(?:advertisement )?scroll (?:down )?to (?:continue|resume)(?: with| reading)?(?: content)?|"
        r"gulir (?:ke bawah )?untuk (?:lanjut|melanjutkan).{0,30}|lanjutkan membaca(?: (?:di )?halaman \d+|[^\d,]{0,30})|"
        r"continue reading[^\d,]{0,30}|article continues (?:after|below).{0,40})\W*",
        "reading time": rf"\W*(?:{_MINUTES} (?:read|baca|membaca)|(?:reading time|waktu baca)\W*{_MINUTES}.{{0,8}})\W*",
        "share": rf"\W*(?:share|bagikan|sebarkan)(?:[\s:]+(?:this|article|story|post|artikel|berita|ini|on|via|ke|di|"
        rf"{_SITE}))*\W*|\W*(?:copy link|salin (?:tautan|link)|leave a (?:reply|comment)|"
        r"(?:tinggalkan|tulis) (?:komentar|balasan)|\d* ?komentar|\d+ comments?)\W*",
        "site row": rf"\W*{_SITE}(?:[\s|/•·-]+{_SITE})+\W*",
        "see also": rf"[^\w\"“'‘]*(?:(?:{_SEE}{_THEN}|baca\s*:).{{1,160}}|baca selengkapnya.{{0,40}})",
        "see also, alone": rf"\W*(?:{_SEE}|baca\s*:)\W*",
        "see video": r"(?:simak|lihat|tonton|saksikan)(?: juga)? video\b.{0,20}[:\"“'‘].{0,150}",
        # Names alone follow: an outlet, a person, a place.
        "laporan": r"\W*(?:laporan|liputan)(?: khusus)? (?:wartawan|reporter|jurnalis|kontributor)"
        r"(?: (?:(?-i:[A-ZÀ-Þ(])\S*|[\w.-]+\.(?:com|id)\W?|di|dari|dan|[|–-])){1,12}",
        "photo credit": rf"\W*{_PHOTO}\s*[:：].{{1,60}}|\W*(?:foto|photo)\s*[:：][^.!?]{{1,160}}\W*",
        "hashtags": r"(?:#\w[\w-]*[\s,]*)+",
        "copyright": r"\W*(?:©|copyright\W*(?:©|\(c\)|\d{4})|hak cipta\W*(?:©|\d{4}|dilindungi)|all rights reserved|"
        r"dilarang keras (?:mengambil|menyalin|mengutip)(?=.*\b(?:tanpa|isi|berita|artikel|konten)\b)).{0,200}",
        "first published": r"\W*(?:artikel|berita) ini (?:telah|sudah) (?:tayang|terbit|dimuat|diterbitkan) "
        r"(?:di|pada)\b.{0,250}",
        "related": r"\W*(?:(?:berita|artikel|topik) (?:terkait|lainnya|populer|pilihan|terpopuler|rekomendasi)|"
        r"related (?:posts?|news|topics?|articles?|stories)|terpopuler|trending(?: now)?|pilihan (?:editor|redaksi)|"
        r"lihat foto|lihat semua|load more|muat lainnya|(?:halaman )?(?:selanjutnya|berikutnya|sebelumnya)|"
        r"(?:next|previous) (?:page|post|article)|halaman ?:?[\s\d]+)\W*",
        "outlet": r"[\w-]+(?:\.[\w-]+)*\.(?:com|id|net)\s*[–—-]+[\s,]*",
        "markup": r"[=_*~–—-]{3,}|!\[[^\]]*\]\([^)]*\)|//\s*(?:<!|\]\]).{0,30}",
    }.items()
}
# "Penulis: ...", "Sumber: ..." are credits, unless they stand in a list of facts beside "Penerbit: ...".
_LABELLED = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "credit": rf"\W*{CREDIT}\s*[:：]\s*\S.{{0,80}}",
        "source credit": r"\W*(?:sumber|source)(?: (?:berita|gambar|video|artikel|header)){0,2}\s*[:：]\s*\S.{0,60}",
        "tags": r"\W*(?:tags?|topik(?: terkait)?|kata kunci|keywords?)\s*[:：].{0,200}",
    }.items()
}
_TOP = 4000  # characters in which a headline is looked for
_FACTS = 12  # lines to either side in which a list of facts shows itself
_DAYS = 40  # lines from the top in which a chronology shows itself
_FACT = re.compile(r"\w[\w ]{1,25}\s*[:：]\s*\S.{0,80}")
_ITEM = re.compile(r"(?P<n>\d{1,3}|[a-zA-Z](?=[.)]))?(?P<bullet>[.)]|[-–•*·▪])\s")
_SEE_TITLE = re.compile(rf"(?i)[^\w\"“'‘]*{_SEE}\W*(?P<title>.{{0,150}})")
# To the reader, to come to a channel of the outlet's own: many a sentence begins so and speaks of news on WhatsApp.
_INVITATION = re.compile(
    r"(?i)\W*(?:ikuti|follow|simak|cek|dapatkan|(?:mari )?(?:ber)?gabung|join|subscribe|berlangganan|baca|get|download|"
    r"unduh|klik|jangan (?:lupa|lewatkan))(?=[\s,])(?:(?=.*\b(?:kami|us|our|newsletter|channel|saluran|kanal|google news|"
    r"aplikasi|app|notifikasi|notifications?)\b)|(?=.*\b(?:berita|artikel|news|updates?)\b)"
    r"(?=.*\b(?:terbaru|terkini|pilihan|lainnya|latest|breaking|\w+\.(?:com|id))\b))"
    r"(?=.*\b(?:google news|whatsapp|telegram|facebook|twitter|instagram|youtube|tiktok|newsletter|media sosial|"
    r"social media|app store|play ?store|notifikasi|notifications?)\b).{0,240}"
)
_SAID = re.compile(r"(?i)[\"“”]|\b(?:kata|ujar|tutur|ucap|jelas|menurut|said|says|told|according)\w*\b")
_MAY_TELL = {"laporan", "credit", "source credit", "byline", "invitation"}
_PERSON = r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|bin|binti|van|de)){0,4}"
_BYLINE = re.compile(rf"(?:By|BY|by) [^\W\d][\w.'’-]*(?: {_PERSON})?(?: [|•·–-] .{{0,40}})?|(?:Oleh|OLEH) {_PERSON}")
_INLINE = {
    "see also": re.compile(
        rf"(?i)\[\s*(?:{_SEE}|baca){_THEN}[^\]\n]{{0,200}}\]|"
        rf"\(\s*{_SEE}{_THEN}(?:[^()\n]|\([^()\n]{{0,60}}\)){{0,200}}\)"
    ),
    "see also at the end": re.compile(
        rf"(?i:(?<=[.!?\"”)])[ \t\xa0]*{_SEE}\s*[:：])(?!.{{0,120}}[.!?][\"”]?\s+[A-Z“\"]).{{1,120}}$"
    ),
    "markup": re.compile(r"(?i)\[(?:gambas|embed|caption|gallery)\b[^\]\n]{0,200}\]"),
    "photo credit": re.compile(rf"(?i)\({_PHOTO}\s*[:：/][^()\n]{{1,60}}\)"),
}
# The desk's sign-off: "(abc/def)", "[feb]", "(Full Name/abc)", "(*)", "(Antara)", "(U.B123/T456)".
_DESK = r"(?:[a-z]{2,5}|\*+|(?i:antara|ant|reuters|afp|ap|xinhua|dpa|bbc|cnn|detikcom))"
_SIGN_OFF = (
    rf"(?:[(\[](?:[\w.]+(?: [\w.]+){{0,3}}/)?{_DESK}(?:[/-]{_DESK}){{0,3}}[)\]]|"
    r"\((?:[A-Z][a-z]?\.\s?)?(?:[A-Z-]{1,8}/)?[A-Z]\d{2,4}(?:/[A-Z]\d{2,4})*\))\W*"
)
_SIGN_OFF_LINE = re.compile(_SIGN_OFF)
_SIGN_OFF_TAIL = re.compile(rf"(?<=[.!?\"”’'…])\s*{_SIGN_OFF}$")


def mark(text: str, title: str | None) -> tuple[Span, ...]:
    """Return the spans of `text` to keep out of chunks: sorted, disjoint, not empty. `title` is the article's, if any.

    A title line stays when nothing else would be left.
    """
    rules = list(marks_by_rule(text, title))
    spans = _merged(span for _, span in rules)
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    left = (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    if any(re.search(r"\w", piece) for piece in left):
        return spans
    return _merged(span for rule, span in rules if rule not in ("title", "heading"))


def marks_by_rule(text: str, title: str | None) -> Iterator[tuple[str, Span]]:
    """Yield what `mark` merges, with the name of the rule that found it; spans may overlap."""
    _, head = header(text)
    yield from (("header", span) for span in head)
    lines = [line for line in text_lines(text) if not any(span.start <= line.start < span.end for span in head)]
    rules = _line_rules(lines, title)
    for i, line in enumerate(lines):
        if i in rules:
            yield rules[i], Span(line.start, line.end)
            continue
        for name, pattern in _INLINE.items():
            for match in pattern.finditer(line.text):
                yield f"{name} inline", Span(line.start + match.start(), line.start + match.end())
    rest = [line for i, line in enumerate(lines) if i not in rules]
    for line in rest[:8]:
        found = dateline(text, line.start)
        # Capitals to the end of the line are a headline, not a dateline and a sentence.
        if found and re.search(r"[a-z]", text[found[0].end : line.end]):
            yield "dateline", found[0]
            break
        if is_body(line.text):
            break
    if rest and (tail := _SIGN_OFF_TAIL.search(rest[-1].text)):
        yield "sign-off", Span(rest[-1].start + tail.start(), rest[-1].end)


def headline(text: str) -> str | None:
    """The first line that is neither chrome nor header, when it can only be a headline; else None.

    It is short, has several words and no final full stop, and a body follows: after a blank line or a byline, or in
    long lines. The first line of a hard-wrapped paragraph is none.
    """
    text = text[:_TOP]
    marked = mark(text, None)
    lines = [line for line in text_lines(text) if not any(s.start <= line.start and line.end <= s.end for s in marked)]
    if len(lines) < 2 or sum(len(line.text) for line in lines[1:]) < 40:
        return None
    first, second = lines[:2]
    between = text[first.end : second.start]
    parted = between.strip() or between.count("\n") > 1 or len(second.text) > _WRAP or dateline(text, second.start)
    if not parted or len(first.text) > 150 or len(first.text.split()) < 3 or dateline(text, first.start):
        return None
    return None if first.text[-1] in ".,:;…" or first.text[0].islower() else " ".join(first.text.split())


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        elif span.end > span.start:
            merged.append(span)
    return tuple(merged)


def _line_rules(lines: Sequence[Line], title: str | None) -> dict[int, str]:
    """Which lines are marked as a whole, and by which rule."""
    rules = {i: rule for i in range(len(lines)) if (rule := _line_rule(lines, i))}
    rules = {i: rule for i, rule in rules.items() if rule not in _MAY_TELL or not TELLS.search(lines[i].text)}
    for i in [i for i, rule in rules.items() if rule == "see also, alone"]:
        rules.update((j, "see also, list") for j in _linked(lines, i + 1) if j not in rules)
    for i, line in enumerate(lines):
        if rules.get(i - 1, "").startswith(("share", "site")) and re.fullmatch(rf"(?i)\W*{_SITE}\W*", line.text):
            rules[i] = "site"
    rules.update((i, "title") for i in _title_lines(lines, title))
    # Of several days none is the article's own: they head the parts of a chronology.
    days = {date_line(line.text) for line in lines[:_DAYS] if is_bare_day(line.text)}
    for i, line in enumerate(lines[:10]):
        if i in rules:
            continue
        if date_line(line.text) and (len(days) == 1 or not is_bare_day(line.text)):
            rules[i] = "date"
        elif re.match(r"#{1,2}\s+\S", line.text) and all(j in rules for j in range(i)):
            rules[i] = "heading"
        elif is_body(line.text):
            break
    return rules


def _line_rule(lines: Sequence[Line], i: int) -> str | None:
    line, text = lines[i], lines[i].text
    if len(text) > 320 or (line.wrapped and text[0].islower()):
        return None
    for name, pattern in _LINE.items():
        if pattern.fullmatch(text):
            return name
    for name, pattern in _LABELLED.items():
        if pattern.fullmatch(text):
            # On the first line "Sumber: ..." is a headline: had it named an outlet, it would be a header line.
            heading = name == "source credit" and not i
            return None if heading or _in_list_of_facts(lines, i) else name
    if line.wrapped:
        return None
    if (i < 8 or i >= len(lines) - 4) and _BYLINE.fullmatch(text):
        return "byline"
    if i >= len(lines) - 6 and _SIGN_OFF_LINE.fullmatch(text):
        return "sign-off"
    if _INVITATION.fullmatch(text) and not _SAID.search(text):
        return "invitation"
    if (see := _SEE_TITLE.fullmatch(text)) and text[-1] not in ".,;:" and not _SAID.search(text):
        words = [word for word in see["title"].split() if len(word) > 3]
        if sum(word[0].isupper() for word in words) * 2 > len(words):
            return "see also, title"
    return None


def _in_list_of_facts(lines: Sequence[Line], i: int) -> bool:
    for beside in (reversed(lines[max(0, i - _FACTS) : i]), lines[i + 1 : i + 1 + _FACTS]):
        for line in beside:
            if not _FACT.fullmatch(line.text):
                break
            if not any(pattern.fullmatch(line.text) for rules in (_LINE, _LABELLED) for pattern in rules.values()):
                return True
    return False


def _linked(lines: Sequence[Line], start: int) -> Iterator[int]:
    """The headlines under a "Baca juga:" that stands alone: up to four lines without a sentence's end.

    Not what goes on with the list into which it was put.
    """
    listed = _ITEM.match(lines[start - 2].text) if start > 1 else None
    for i in range(start, min(start + 4, len(lines))):
        text = lines[i].text
        item = _ITEM.match(text)
        if listed and item and item["bullet"] == listed["bullet"] and bool(item["n"]) == bool(listed["n"]):
            return
        follows = i + 1 < len(lines) and lines[i + 1].wrapped
        if len(text) > 120 or text[-1] in '.,:;"”' or text[0].islower() or follows or lines[i].wrapped:
            return
        yield i


def _title_lines(lines: Sequence[Line], title: str | None) -> Iterator[int]:
    """The lines near the top that repeat the title, also over up to three lines or before the portal's name."""
    wanted = _letters(title or "")
    if not wanted:
        return
    for i in range(min(10, len(lines))):
        for count in (1, 2, 3):
            text = " ".join(line.text for line in lines[i : i + count])
            if text.endswith(".") and not (title or "").endswith("."):
                continue
            if _letters(text) == wanted or _letters(re.split(r"\s[|–—-]\s(?=[^|–—]{2,40}$)", text)[0]) == wanted:
                yield from range(i, min(i + count, len(lines)))


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
