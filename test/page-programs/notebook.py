"""Runs one program of the page as the page means it to be run, and records what it displays.

Usage: notebook.py <program file>. The program's text is compiled as it is. Supplied from outside is what the page
leaves to its reader: the project and the location, the token and the address of the raw WebSocket program with the
modules that it takes for granted, a cell's top-level `await`, and the notebook's `display`.
"""

import ast
import asyncio
import base64
import inspect
import json
import os
import sys
import time
from urllib.parse import urlsplit

import IPython.display
import numpy as np
from websockets.asyncio.client import connect

displays = []


class Audio(IPython.display.Audio):
    """IPython's own, which also keeps the samples: the original only keeps a normalised WAV file."""

    def __init__(self, data, rate, **options):
        super().__init__(data, rate=rate, **options)
        self.samples = np.asarray(data)
        self.rate = rate


def display(shown):
    if isinstance(shown, Audio):
        samples = shown.samples.astype(np.float64) / 32768
        path = f"display-{len(displays)}.pcm"
        shown.samples.astype("<i2").tofile(path)
        displays.append(
            {
                "kind": "audio",
                "dtype": str(shown.samples.dtype),
                "seconds": len(samples) / shown.rate,
                "rms": float(np.sqrt(np.mean(samples**2))),
                "pcmFile": os.path.abspath(path),
            }
        )
    else:
        displays.append({"kind": "markdown", "text": shown.data})
        print(shown.data)


IPython.display.Audio = Audio
IPython.display.display = display

namespace = {
    "__name__": "__main__",
    "GOOGLE_CLOUD_PROJECT": os.environ["GOOGLE_CLOUD_PROJECT"],
    "GOOGLE_CLOUD_LOCATION": os.environ["GOOGLE_CLOUD_LOCATION"],
}
with open(sys.argv[1], encoding="utf-8") as file:
    source = file.read()
if "SERVICE_URL" in source:
    host = urlsplit(os.environ["GOOGLE_VERTEX_BASE_URL"]).netloc
    namespace |= {
        "SERVICE_URL": f"wss://{host}/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
        "bearer_token": ["a-token"],
        "connect": connect,
        "json": json,
        "base64": base64,
        "np": np,
        "display": display,
        "Markdown": IPython.display.Markdown,
        "Audio": Audio,
    }

code = compile(source, sys.argv[1], "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
started = time.monotonic()
if code.co_flags & inspect.CO_COROUTINE:

    async def cell():
        await eval(code, namespace)

    asyncio.run(cell())
else:
    exec(code, namespace)
with open("displays.json", "w", encoding="utf-8") as file:
    json.dump({"displays": displays, "seconds": time.monotonic() - started}, file)
