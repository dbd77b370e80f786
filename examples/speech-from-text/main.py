"""A written question, a spoken answer: collects the audio, measures it and writes answer.wav."""

import asyncio
import os
import sys
import wave

import numpy as np
from google import genai
from google.genai import types

RATE_HZ = 24_000

client = genai.Client(api_key=os.environ.get("GEMINI_API_KEY", "any"))


async def main() -> None:
    voice = types.PrebuiltVoiceConfig(voice_name="Aoede")
    config = types.LiveConnectConfig(
        response_modalities=[types.Modality.AUDIO],
        speech_config=types.SpeechConfig(voice_config=types.VoiceConfig(prebuilt_voice_config=voice)),
    )
    pcm = b""
    mime_types = set()
    async with client.aio.live.connect(model="gemini-live-2.5-flash", config=config) as session:
        question = types.Content(role="user", parts=[types.Part(text="Hello? Are you there?")])
        await session.send_client_content(turns=question)

        async for message in session.receive():
            content = message.server_content
            for part in (content.model_turn.parts if content and content.model_turn else None) or []:
                if part.inline_data:
                    pcm += part.inline_data.data
                    mime_types.add(part.inline_data.mime_type)

    with wave.open("answer.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm)
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64) / 32768
    seconds = len(samples) / RATE_HZ
    level_db = 20 * np.log10(np.sqrt(np.mean(samples**2))) if len(samples) else -np.inf
    print(f"answer.wav: {seconds:.2f} s, {level_db:.1f} dBFS")

    if mime_types != {f"audio/pcm;rate={RATE_HZ}"}:
        sys.exit(f"wrong: the audio came as {mime_types}")
    if seconds < 0.5:
        sys.exit("wrong: shorter than any spoken answer")
    if level_db < -40:
        sys.exit("wrong: too quiet to be heard")


asyncio.run(main())
