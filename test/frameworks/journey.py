"""What the drivers of the frameworks share: a microphone that never stops, waiting, and the report that they print.

A journey is one conversation by voice: a question, a long answer that is interrupted, a function call, and a question
after the connection was lost. The same recording is said five times; the scripted server hears other words each time.
"""

import asyncio
import json
import os
import sys

MODEL = os.environ.get("JOURNEY_MODEL", "gemini-live-2.5-flash-preview")
RATE_HZ = 16_000
CHUNK_BYTES = RATE_HZ // 50 * 2
# Nothing of a journey takes longer on any machine.
STEP_TIMEOUT_S = 30


class Microphone:
    """Sends 20 ms after 20 ms: silence, or what is to be said."""

    def __init__(self, send):
        self.send = send
        self.waiting = []
        self.open = True
        self.task = asyncio.ensure_future(self.run())

    async def run(self):
        clock = asyncio.get_running_loop()
        due = clock.time()
        while self.open:
            chunk = self.waiting.pop(0) if self.waiting else bytes(CHUNK_BYTES)
            result = self.send(chunk)
            if asyncio.iscoroutine(result):
                await result
            due += 0.02
            await asyncio.sleep(max(0, due - clock.time()))

    def ask(self):
        with open(sys.argv[1], "rb") as file:
            pcm = file.read()
        self.waiting += [
            pcm[at : at + CHUNK_BYTES].ljust(CHUNK_BYTES, b"\0") for at in range(0, len(pcm), CHUNK_BYTES)
        ]


async def until(condition, what, seen=None):
    """Waits for something that another task does; the journey ends with what it waited for, and what came instead."""
    try:
        async with asyncio.timeout(STEP_TIMEOUT_S):
            while not condition():
                await asyncio.sleep(0.01)
    except TimeoutError:
        sys.exit(f"nothing came in {STEP_TIMEOUT_S} s: {what}; but {seen and seen()!r}")


async def cut():
    """Asks whoever runs the journey to cut every connection, as a network does; the answer before it has been heard."""
    await asyncio.sleep(3)
    print(json.dumps({"cut": True}), flush=True)
    await asyncio.sleep(2)


def report(**facts):
    print(json.dumps(facts), flush=True)
    # Frameworks leave threads behind that would hold the process.
    os._exit(0)
