"""Examples -> the same read beside what another source answers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tqdm import tqdm

from index.sentences import split_sentences
from rag.reader import ExtractiveReader, question_beside
from rag.training.data import SEED, Example

# Share of the questions whose articles are read beside another source's answer, and the same where they are single
# sentences (where most are in English, which is rare, all of them are); then the share, where one answers and another does
# not, in which it is the latter's words that stand beside. No others were tried.
BESIDE_NEWS = 0.4
BESIDE_SENTENCES = 0.2
MISLED = 0.1


def mostly_english(languages: Sequence[str]) -> bool:
    """Whether more than half of these languages are English, which is rare in what is learnt from."""
    return 2 * languages.count("en") > len(languages)


def beside_examples(examples: Sequence[Example], reader: ExtractiveReader, seed: int = SEED) -> Iterator[Example]:
    """Yield examples under what another source answers: what is marked in it, else what the reader takes for it.

    The surest source is seldom wrong where there is an answer, and always where there is none; both are to be learnt.
    """
    draw = random.Random(seed)
    asked: dict[tuple[str, str], list[Example]] = {}
    for example in examples:
        asked.setdefault((example.question, example.id), []).append(example)
    several = [seen for _, seen in sorted(asked.items()) if len(seen) > 1]
    for seen in tqdm(several, desc="questions read beside an answer", unit="question"):
        share = BESIDE_NEWS if seen[0].pool == "news" else BESIDE_SENTENCES
        if mostly_english([e.language for e in seen]) or draw.random() < share:
            yield from _beside(seen, reader, draw)


def _beside(seen: Sequence[Example], reader: ExtractiveReader, draw: random.Random) -> Iterator[Example]:
    """Yield what was seen for one question, each beside the answer of another."""
    ends = [[s.end for s in split_sentences(e.passage)] for e in seen]
    silent = [i for i, e in enumerate(seen) if not e.spans]
    read = reader.score(
        seen[0].question,
        [seen[i].header for i in silent],
        [seen[i].passage for i in silent],
        [ends[i] for i in silent],
    )
    taken = sorted(((i, s[0]) for i, s in zip(silent, read, strict=True) if s), key=lambda t: -t[1].logit)
    for n, example in enumerate(seen):
        answering = [i for i, e in enumerate(seen) if e.spans and i != n]
        wrong = [(i, score) for i, score in taken if i != n]
        if answering and not (wrong and draw.random() < MISLED):
            i = draw.choice(answering)
            start, end = draw.choice(seen[i].spans)
        elif wrong:
            i, score = wrong[0]
            start, end = score.start, score.end
        else:
            continue
        told = question_beside(example.question, seen[i].header, seen[i].passage, ends[i], start, end)
        yield replace(example, question=told, pool="beside")
