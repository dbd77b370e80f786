"""A conversation by voice with both sides written along: streams a question as a microphone would."""

import asyncio
import os
import sys
import wave
from pathlib import Path

from google import genai
from google.genai import types

QUESTION = Path(__file__).parent.parent / "question.wav"
FRAME_SECONDS = 0.02

client = genai.Client(api_key=os.environ.get("GEMINI_API_KEY", "any"))


async def speak(session) -> None:
    with wave.open(str(QUESTION)) as file:
        mime_type = f"audio/pcm;rate={file.getframerate()}"
        frame_length = int(file.getframerate() * FRAME_SECONDS)
        while frame := file.readframes(frame_length):
            await session.send_realtime_input(audio=types.Blob(data=frame, mime_type=mime_type))
            await asyncio.sleep(FRAME_SECONDS)
    await session.send_realtime_input(audio_stream_end=True)


async def main() -> None:
    config = {
        "response_modalities": ["AUDIO"],
        "input_audio_transcription": {},
        "output_audio_transcription": {},
    }
    heard, said, audio_bytes = "", "", 0
    async with client.aio.live.connect(model="gemini-live-2.5-flash", config=config) as session:
        speaking = asyncio.create_task(speak(session))
        async for message in session.receive():
            content = message.server_content
            if not content:
                continue
            if content.input_transcription:
                heard += content.input_transcription.text or ""
            if content.output_transcription:
                said += content.output_transcription.text or ""
            for part in (content.model_turn.parts if content.model_turn else None) or []:
                audio_bytes += len(part.inline_data.data) if part.inline_data else 0
        await speaking
    seconds = audio_bytes / 2 / 24_000
    print("You:  ", heard.strip())
    print(f"Model: {said.strip()} ({seconds:.2f} s)")

    if "france" not in heard.lower():
        sys.exit("wrong: the question asks for the capital of France")
    if "paris" not in said.lower():
        sys.exit("wrong: the answer does not name Paris")
    # People and synthesisers speak one to six words a second.
    if not 1 <= len(said.split()) / seconds <= 6:
        sys.exit("wrong: the transcript does not fit the length of the speech")


asyncio.run(main())
