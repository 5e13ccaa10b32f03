"""What people said of answers on the page -> a case to check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index.store import Store
from index.types import SilangError
from rag.feedback import recorded


def feedback_case(folder: Path, store: Store) -> tuple[dict[str, Any], list[str]]:
    """Return a case in the project's format with each question that was rated, the last verdict on it standing,
    and the questions that are left out, for a side of theirs has left the index, or changed where it was cited.

    An answer found useful is gold as it stands. Of any other the outcome and sides are a draft, marked by the kind
    "to-check" with the verdict and note beside: a person is to write what is right. Articles are those cited or shown
    as nearest.
    """
    articles, questions, left_out = dict[str, dict[str, Any]](), list[dict[str, Any]](), list[str]()
    latest = {f.question: f for f in recorded(folder)}
    for n, feedback in enumerate(latest.values(), 1):
        answer, held = feedback.answer, dict[int, dict[str, Any]]()
        for cited in [*answer["citations"], *answer["related"]]:
            try:
                found = store.article(cited["article"])
            except SilangError:
                continue
            if found.text[cited["start"] : cited["end"]] == cited["quote"]:
                held[cited["n"]] = {"article": found.id, "quote": cited["quote"]}
                fields = ("id", "source", "title", "published", "language", "text")
                articles[found.id] = {name: getattr(found, name) for name in fields}
        sides = [
            {"answers": [side["answer"]], "evidence": [held[k] for k in side["citations"] if k in held]}
            for side in answer["sides"]
        ]
        sides = [side for side in sides if side["evidence"]]
        if len(sides) < len(answer["sides"]):
            left_out.append(feedback.question)
            continue
        expect = {"answered": "answer", "conflict": "conflict", "not_found": "unanswerable"}[answer["status"]]
        kind = "feedback" if feedback.verdict == "useful" else "to-check"
        questions.append(
            {
                "id": f"feedback/q{n}", "language": answer["language"], "question": feedback.question, "expect": expect,
                "kind": kind, "sides": sides, "verdict": feedback.verdict,
                "note": feedback.note,
            }
        )  # fmt: skip
    return {"case": "feedback", "articles": list(articles.values()), "questions": questions}, left_out
