"""What other rules would say over the same passages: no comparison, a lexical conflict rule, inference alone.

Each is a `Judge` in place of ours, so it lacks what ours makes of an answer alone and of the company it is in. What reads
is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

from index.types import SilangError
from rag.company import Company
from rag.judge import NLI, LearnedJudge, PairText, SideText, in_order
from rag.read import Reader
from rag.types import Evidence, Pair, Passage, Question, Verdict

CONTRADICTS = NLI.index("contradiction")
ENTAILS = NLI.index("entailment")


class NoJudge:
    """Believes what typed values say where `typed`, and else takes every two answers for unrelated."""

    def __init__(self, typed: bool) -> None:
        self.typed = typed
        self.company: Company | None = None

    def weigh(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Leave to the reader what answers."""
        return list(evidence)

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return verdicts without doubt."""
        return [Verdict.certain((pair.values if self.typed else None) or "unrelated") for pair in pairs]


class LexicalJudge(NoJudge):
    """The conflict rule of the package citenexus 0.13.1 over the two sentences (`detect_conflict`).

    Raises SilangError when the package is not installed.
    """

    def __init__(self) -> None:
        super().__init__(typed=False)
        if find_spec("citenexus") is None:
            raise SilangError(
                "the lexical conflict rule needs citenexus: install it with `pip install 'silang[peers]'`",
                "aturan pertentangan leksikal memerlukan citenexus: pasang dengan `pip install 'silang[peers]'`",
            )
        from citenexus.answer.conflict import detect_conflict

        self._detect = detect_conflict

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return a conflict where the rule finds one, and else that the two have nothing to do with each other."""
        return [Verdict.certain("incompatible" if self._conflict(pair) else "unrelated") for pair in pairs]

    def _conflict(self, pair: Pair) -> bool:
        languages = {
            name: e.passage.article.language for name, e in (("left_language", pair.a), ("right_language", pair.b))
        }
        return self._detect(pair.a.quote, pair.b.quote, **languages) is not None


class InferenceJudge(NoJudge):
    """Natural language inference over the two sentences, without the question: our judge's head that is trained for it."""

    def __init__(self, learned: LearnedJudge) -> None:
        super().__init__(typed=False)
        self._learned = learned

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return for each relation the surer of both directions, scaled to a sum of 1.

        Contradiction is a conflict, entailment the same, neutral unrelated.
        """
        texts = []
        for pair in pairs:
            a, b = (SideText("", "", e.quote) for e in in_order(pair.a, pair.b))
            texts += [PairText("", None, a, b), PairText("", None, b, a)]
        shares = self._learned.score(texts)[2].softmax(-1)
        both = shares.reshape(-1, 2, len(NLI)).amax(1)
        both = both / both.sum(-1, keepdim=True)
        return [
            Verdict(row[ENTAILS], 0.0, row[CONTRADICTS], 1 - row[ENTAILS] - row[CONTRADICTS]) for row in both.tolist()
        ]


class Remembering:
    """A reader that reads the passages of a question once, however many rules are tried on them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._read: dict[tuple[str, tuple[tuple[str, int], ...]], list[Evidence]] = {}

    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        """Return what the reader finds."""
        key = (question.text, tuple((p.article.id, p.chunk.start) for p in passages))
        if key not in self._read:
            self._read[key] = self._reader.read(question, passages)
        return self._read[key]


def peers(learned: LearnedJudge) -> Mapping[str, Callable[[], NoJudge]]:
    """Return what makes each rule, by name."""
    return {
        "top span": lambda: NoJudge(typed=False),
        "typed values": lambda: NoJudge(typed=True),
        "lexical rule (citenexus)": LexicalJudge,
        "inference alone": lambda: InferenceJudge(learned),
    }
