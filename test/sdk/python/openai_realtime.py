"""Drives a Realtime server through the Python SDK of OpenAI and prints what it received as one JSON object.
Usage: openai_realtime.py URL"""
import asyncio
import base64
import json
import sys

from openai import AsyncOpenAI

PCM = base64.b64encode(b"\0\x10" * 12_000).decode()


async def main():
    client = AsyncOpenAI(api_key="any-key", base_url=sys.argv[1])
    found = {"text": "", "audioBytes": 0, "events": [], "written": "", "error": None, "call": None}
    async with client.realtime.connect(model="duplex") as connection:

        async def until(*types):
            async for event in connection:
                found["events"].append(event.type)
                if event.type == "response.output_audio_transcript.delta":
                    found["text"] += event.delta
                elif event.type == "response.output_text.delta":
                    found["written"] += event.delta
                elif event.type == "response.output_audio.delta":
                    found["audioBytes"] += len(base64.b64decode(event.delta))
                elif event.type == "response.function_call_arguments.done":
                    found["call"] = [event.name, event.arguments, event.call_id]
                elif event.type == "error":
                    found["error"] = event.error.code
                if event.type in types:
                    return event

        created = await until("session.created")
        found["session"] = created.session.type
        tool = {"type": "function", "name": "stop", "description": "Stops", "parameters": {"type": "object", "properties": {}}}
        audio = {
            "input": {"format": {"type": "audio/pcm", "rate": 24000}, "turn_detection": None},
            "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin"},
        }
        await connection.session.update(
            session={"type": "realtime", "output_modalities": ["audio"], "audio": audio, "tools": [tool]}
        )
        await until("session.updated")
        await connection.input_audio_buffer.append(audio=PCM)
        await connection.input_audio_buffer.commit()
        await connection.response.create()
        done = await until("response.done")
        found["status"] = done.response.status
        item = done.response.output[0]
        await connection.conversation.item.truncate(item_id=item.id, content_index=0, audio_end_ms=500)
        found["cutAt"] = (await until("conversation.item.truncated")).audio_end_ms

        content = [{"type": "input_text", "text": "call stop {}"}]
        await connection.conversation.item.create(item={"type": "message", "role": "user", "content": content})
        await connection.response.create(response={"output_modalities": ["audio"]})
        await until("response.done")
        output = {"type": "function_call_output", "call_id": found["call"][2], "output": "Done."}
        await connection.conversation.item.create(item=output)
        await connection.response.create()
        await until("response.done")

        # A second answer while one is made, and a cancellation of none, are refused.
        await connection.response.cancel()
        await until("error")
    print(json.dumps(found))


asyncio.run(main())
