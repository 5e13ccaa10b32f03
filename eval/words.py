"""Every word of the report page, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping

from index.types import Text

WORDS: Mapping[str, Text] = {
    "title": Text("Is Silang right?", "Apakah Silang benar?"),
    "summary": Text(
        "{questions} questions on {cases} events. Of those that the articles answer, {answered} were answered rightly; of"
        " those on which they contradict each other, the conflict was stated for {stated}; of those they do not answer,"
        " {refused} were declined.",
        "{questions} pertanyaan tentang {cases} peristiwa. Dari yang dijawab artikel, {answered} dijawab benar; dari yang"
        " saling bertentangan, pertentangannya dinyatakan pada {stated}; dari yang tidak dijawab artikel, {refused} ditolak.",
    ),
    "headline": Text("Measures, with 95 % intervals", "Ukuran, dengan selang 95 %"),
    "interval_note": Text(
        "Intervals by bootstrap over events. Better: {up} higher, {down} lower.",
        "Selang dari bootstrap atas peristiwa. Lebih baik: {up} lebih tinggi, {down} lebih rendah.",
    ),
    "interval": Text("95 % interval", "selang 95 %"),
    "right_of_asked": Text("right / asked by kind", "benar / ditanyakan menurut jenis"),
    "confused": Text("expected->said", "diharapkan->dikatakan"),
    "misses": Text("misses", "meleset"),
    "floor": Text("floor", "batas"),
    "before": Text("before", "sebelumnya"),
    "peers": Text("Beside other rules on the same passages", "Di samping aturan lain atas kutipan yang sama"),
    "peers_note": Text(
        "The same retrieval and reader, answers and conflicts from even odds on; what we weigh beside the reader, and our way of comparing, are left out.",
        "Pencarian dan pembacanya sama, jawaban dan pertentangan mulai dari peluang separuh; yang kami timbang di samping pembaca dan cara membandingkan kami tidak dipakai.",
    ),
    "rule": Text("rule", "aturan"),
    "plots": Text("In pictures", "Dalam gambar"),
    "risk_coverage": Text("Wrong outcomes among the surest", "Hasil salah di antara yang paling yakin"),
    "coverage": Text("share of questions, surest first", "bagian pertanyaan, yang paling yakin dulu"),
    "risk": Text("share wrong", "bagian yang salah"),
    "reliability": Text("How sure against how often right", "Seberapa yakin dan seberapa sering benar"),
    "confidence": Text("confidence", "keyakinan"),
    "right": Text("right", "benar"),
    "wrong": Text("wrong", "salah"),
    "confusion": Text("Expected (rows) and said (columns)", "Yang diharapkan (baris) dan yang dikatakan (kolom)"),
    "by_kind": Text("Right by kind of question", "Benar menurut jenis pertanyaan"),
    "latency": Text("Time of a question by stage", "Waktu satu pertanyaan menurut tahap"),
    "answer": Text("answer", "jawaban"),
    "conflict": Text("conflict", "pertentangan"),
    "unanswerable": Text("no answer", "tanpa jawaban"),
    "answered": Text("answered", "dijawab"),
    "not_found": Text("declined", "ditolak"),
    "groups": Text("By language and by what is asked for", "Menurut bahasa dan menurut yang ditanyakan"),
    "by_language": Text("language", "bahasa"),
    "by_asks": Text("asks for", "menanyakan"),
    "group": Text("group", "kelompok"),
    "more": Text("Retrieval and calibration", "Pencarian dan kalibrasi"),
    "questions": Text("Every question, failing ones first", "Semua pertanyaan, yang gagal dulu"),
    "search": Text("Search in questions and answers", "Cari di pertanyaan dan jawaban"),
    "all": Text("all", "semua"),
    "outcome": Text("outcome", "hasil"),
    "expected": Text("Expected", "Diharapkan"),
    "said": Text("Said", "Dikatakan"),
    "kind": Text("kind", "jenis"),
    "shown": Text("shown", "ditampilkan"),
    "about": Text("What the figures depend on", "Yang menentukan angka-angka ini"),
    "skipped": Text("Left out of the question set", "Tidak dipakai dari set pertanyaan"),
    "nothing": Text("nothing", "tidak ada"),
    "status_macro_f1": Text("three outcomes, macro F1", "tiga hasil, F1 makro"),
    "answer_accuracy": Text("answered rightly", "dijawab benar"),
    "conflict_stated": Text("conflicts stated", "pertentangan dinyatakan"),
    "silent_pick": Text("one side picked silently", "satu sisi dipilih diam-diam"),
    "false_conflict": Text("conflicts that are none", "pertentangan yang keliru"),
    "false_refusal": Text("declined though answered", "ditolak padahal terjawab"),
    "refused_unanswerable": Text("rightly declined", "ditolak dengan benar"),
    "exact_match": Text("short answer exact (EM)", "jawaban pendek persis (EM)"),
    "answer_f1": Text("short answer F1", "F1 jawaban pendek"),
    "citation_exact": Text("citations verbatim", "kutipan persis"),
    "citation_precision": Text("citations that support", "kutipan yang mendukung"),
    "citation_recall": Text("sides supported", "sisi yang didukung"),
    "expected_calibration_error": Text("expected calibration error", "galat kalibrasi (ECE)"),
    "area_under_risk": Text("area under risk-coverage", "luas risiko-cakupan"),
    "answerable_auroc": Text("answerable or not, AUROC", "terjawab atau tidak, AUROC"),
}
LESS_IS_BETTER = frozenset({"silent_pick", "false_conflict", "false_refusal"})


def words(language: str) -> dict[str, str]:
    """Return the words in one language, "id" or "en"."""
    return {name: text.say(language) for name, text in WORDS.items()}
