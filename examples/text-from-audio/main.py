"""A spoken question, a written answer: sends a WAV file in one message and reads text."""

import asyncio
import os
import sys
import wave
from pathlib import Path

from google import genai
from google.genai import types

QUESTION = Path(__file__).parent.parent / "question.wav"

client = genai.Client(api_key=os.environ.get("GEMINI_API_KEY", "any"))


async def main() -> None:
    with wave.open(str(QUESTION)) as file:
        mime_type = f"audio/pcm;rate={file.getframerate()}"
        pcm = file.readframes(file.getnframes())

    config = {"response_modalities": ["TEXT"], "input_audio_transcription": {}}
    async with client.aio.live.connect(model="gemini-live-2.5-flash", config=config) as session:
        await session.send_realtime_input(audio=types.Blob(data=pcm, mime_type=mime_type))

        heard, answer = "", ""
        async for message in session.receive():
            answer += message.text or ""
            content = message.server_content
            if content and content.input_transcription:
                heard += content.input_transcription.text or ""
    print("Heard: ", heard.strip())
    print("Answer:", answer.strip())

    if "france" not in heard.lower():
        sys.exit("wrong: the question asks for the capital of France")
    if "paris" not in answer.lower():
        sys.exit("wrong: the answer does not name Paris")


asyncio.run(main())
