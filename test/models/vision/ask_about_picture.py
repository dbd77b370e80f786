"""Shows a picture to a Live API server through google-genai, asks about it, and prints the answer as one JSON object.

Usage: ask_about_picture.py (video|image) <picture> <question, or a .pcm file at 16 kHz that says it>
The server comes from the environment alone, as in a user's program.
"""

import asyncio
import json
import mimetypes
import sys

from google import genai
from google.genai import types

CONFIG = {"response_modalities": ["AUDIO"], "output_audio_transcription": {}, "input_audio_transcription": {}}


async def main(how, picture, question):
    mime_type = mimetypes.guess_type(picture)[0]
    with open(picture, "rb") as file:
        blob = types.Blob(data=file.read(), mime_type=mime_type)
    client = genai.Client(api_key="any-key")
    async with client.aio.live.connect(model="gemini-live-2.5-flash", config=CONFIG) as session:
        if how == "video":
            await session.send_realtime_input(video=blob)
        if question.endswith(".pcm"):
            with open(question, "rb") as file:
                await session.send_realtime_input(
                    audio=types.Blob(data=file.read(), mime_type="audio/pcm;rate=16000"))
            await session.send_realtime_input(audio_stream_end=True)
        elif how == "video":
            await session.send_realtime_input(text=question)
        else:
            parts = [types.Part(inline_data=blob), types.Part(text=question)]
            await session.send_client_content(turns=types.Content(role="user", parts=parts))
        said, heard, usage = "", "", None
        async for message in session.receive():
            content = message.server_content
            if content and content.output_transcription:
                said += content.output_transcription.text or ""
            if content and content.input_transcription:
                heard += content.input_transcription.text or ""
            usage = message.usage_metadata or usage
        details = (usage.prompt_tokens_details or []) if usage else []
        print(json.dumps({
            "said": said.strip(),
            "heard": heard.strip(),
            "promptTokens": {detail.modality.value: detail.token_count for detail in details},
        }))


asyncio.run(main(*sys.argv[1:]))
