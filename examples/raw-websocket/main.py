"""The Live API without an SDK: one WebSocket, JSON in both directions, a Bearer token."""

import asyncio
import base64
import json
import os
import sys

from websockets.asyncio.client import connect

BASE_URL = os.environ.get("GOOGLE_VERTEX_BASE_URL", "https://us-central1-aiplatform.googleapis.com")
URL = f"wss://{BASE_URL.split('://')[-1].rstrip('/')}/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent"
PROJECT = os.environ.get("GOOGLE_CLOUD_PROJECT", "my-project")
LOCATION = os.environ.get("GOOGLE_CLOUD_LOCATION", "us-central1")

SETUP = {
    "setup": {
        "model": f"projects/{PROJECT}/locations/{LOCATION}/publishers/google/models/gemini-live-2.5-flash",
        "generation_config": {"response_modalities": ["AUDIO"]},
        "output_audio_transcription": {},
    }
}
QUESTION = {
    "client_content": {
        "turns": [{"role": "user", "parts": [{"text": "Hello? Are you there?"}]}],
        "turn_complete": True,
    }
}


async def main() -> None:
    headers = {"Authorization": f"Bearer {os.environ.get('ACCESS_TOKEN', 'any')}"}
    events, pcm, said, usage = [], b"", "", None
    async with connect(URL, additional_headers=headers) as socket:
        await socket.send(json.dumps(SETUP))
        first = json.loads(await socket.recv())
        if "setupComplete" not in first:
            sys.exit(f"wrong: the first message is {first}")
        await socket.send(json.dumps(QUESTION))
        async for frame in socket:
            message = json.loads(frame)
            content = message.get("serverContent", {})
            events += content.keys()
            said += content.get("outputTranscription", {}).get("text", "")
            for part in content.get("modelTurn", {}).get("parts", []):
                pcm += base64.b64decode(part["inlineData"]["data"], validate=True)
            if content.get("turnComplete"):
                usage = message.get("usageMetadata")
                break
    print(f"Model: {said.strip()} ({len(pcm) / 2 / 24_000:.2f} s)")

    if not pcm or len(pcm) % 2:
        sys.exit("wrong: the audio is no whole number of samples")
    if not said.strip():
        sys.exit("wrong: nothing was transcribed")
    if events[-2:] != ["generationComplete", "turnComplete"]:
        sys.exit(f"wrong: the turn ended with {events[-2:]}")
    if not usage or usage["totalTokenCount"] <= 0:
        sys.exit("wrong: the turn was not counted")


asyncio.run(main())
