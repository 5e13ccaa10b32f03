"""Measures follow-up questions: `python -m eval.followup` prints how many are seen as such and resolved rightly.

On `eval/conversations.jsonl`, written for this: a later question either follows or opens a new topic. A follow-up is
resolved rightly when its stand-alone form holds the words that it must and none that it must not; a new topic is when
it comes back unchanged. The rules were tuned on the even-numbered conversations (the first is number 0).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from index.encoder import Encoder, SentenceTransformerEncoder
from rag.followup import Turn, resolve

CONVERSATIONS = Path(__file__).with_name("conversations.jsonl")


def measure(path: Path, encoder: Encoder, part: int | None = None) -> dict[str, float]:
    """Return shares over the later turns of all conversations, or of those whose number is `part` modulo 2."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for n, row in enumerate(rows) if part in (None, n % 2)]
    seen, kept, right = list[bool](), list[bool](), list[bool]()
    for row in rows:
        past: list[Turn] = []
        for turn in row["turns"]:
            understood = resolve(turn["question"], past, encoder)
            if past and turn["follows"]:
                low = understood.lower()
                seen.append(understood != turn["question"])
                right.append(
                    all(word.lower() in low for word in turn["must"])
                    and not any(word.lower() in low for word in turn["must_not"])
                )
            elif past:
                kept.append(understood == turn["question"])
            # What was understood is what the next question builds on.
            past.append(Turn(understood, tuple(turn.get("sides", ()))))
    return {
        "conversations": len(rows), "follow_ups": len(seen), "new_topics": len(kept),
        "follow_up_seen": sum(seen) / len(seen), "resolved_right": sum(right) / len(right),
        "new_topic_kept": sum(kept) / len(kept),
    }  # fmt: skip


def main() -> int:
    """Print the measures of all conversations, of those tuned on, and of the others."""
    encoder = SentenceTransformerEncoder()
    for name, part in (("all", None), ("tuned on", 0), ("others", 1)):
        sys.stdout.write(
            f"{name}: {json.dumps({k: round(v, 3) for k, v in measure(CONVERSATIONS, encoder, part).items()})}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
