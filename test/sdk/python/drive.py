"""Drives a Live API server through google-genai and prints what it received in each scenario as a line of JSON.

Usage: drive.py <pcm file> <scenario>…, all at once. The server comes from the environment alone, as in a user's program.
"""

import asyncio
import json
import os
import sys

from google import genai
from google.genai import types

MODEL = "gemini-live-2.5-flash"


def new_client(scenario):
    if scenario.startswith("vertex"):
        return genai.Client(
            vertexai=True,
            project=os.environ["GOOGLE_CLOUD_PROJECT"],
            location=os.environ["GOOGLE_CLOUD_LOCATION"],
        )
    return genai.Client(api_key="any-key")


WEATHER = {"name": "get_weather", "description": "Weather of a city", "parameters": {
    "type": "OBJECT", "properties": {"city": {"type": "STRING"}}, "required": ["city"]}}


async def answer_calls(session, tool_call, scheduling=None):
    await session.send_tool_response(function_responses=[
        types.FunctionResponse(id=call.id, name=call.name, response={"output": "snow"}, scheduling=scheduling)
        for call in tool_call.function_calls])


async def receive_turn(session, on_audio=None, on_call=None):
    turn = {
        "audioBytes": 0,
        "audioMime": "",
        "text": "",
        "inputTranscript": "",
        "outputTranscript": "",
        "generationComplete": False,
        "interrupted": False,
        "turnComplete": False,
        "totalTokens": 0,
        "calls": [],
        "cancelled": [],
    }
    async for message in session.receive():
        if message.usage_metadata:
            turn["totalTokens"] = message.usage_metadata.total_token_count
        if message.tool_call:
            turn["calls"] += [{"id": call.id, "name": call.name, "args": call.args} for call in message.tool_call.function_calls]
            if on_call:
                await on_call(message.tool_call)
        if message.tool_call_cancellation:
            turn["cancelled"] += message.tool_call_cancellation.ids
        content = message.server_content
        if not content:
            continue
        for part in (content.model_turn.parts if content.model_turn else None) or []:
            turn["text"] += part.text or ""
            if part.inline_data:
                turn["audioBytes"] += len(part.inline_data.data)
                turn["audioMime"] = part.inline_data.mime_type
                if on_audio:
                    await on_audio()
                    on_audio = None
        if content.input_transcription:
            turn["inputTranscript"] += content.input_transcription.text or ""
        if content.output_transcription:
            turn["outputTranscript"] += content.output_transcription.text or ""
        turn["generationComplete"] |= bool(content.generation_complete)
        turn["interrupted"] |= bool(content.interrupted)
        turn["turnComplete"] |= bool(content.turn_complete)
    return turn


def send_text(session, text):
    content = types.Content(role="user", parts=[types.Part(text=text)])
    return session.send_client_content(turns=content, turn_complete=True)


async def next_handle(session):
    """The handle that comes after a turn."""
    while True:
        async for message in session.receive():
            update = message.session_resumption_update
            if update and update.resumable:
                return update.new_handle


def resuming(handle=None):
    return types.SessionResumptionConfig(handle=handle)


async def resume(client, config, turns):
    """Two connections, one conversation."""
    async with client.aio.live.connect(
        model=MODEL, config={**config, "session_resumption": resuming()}
    ) as session:
        await next_handle(session)
        await send_text(session, "My name is Ada")
        turns.append(await receive_turn(session))
        handle = await next_handle(session)
    async with client.aio.live.connect(
        model=MODEL, config={**config, "session_resumption": resuming(handle)}
    ) as session:
        await send_text(session, "What is my name?")
        turns.append(await receive_turn(session))


def blob(data):
    return types.Blob(data=data, mime_type="audio/pcm;rate=16000")


async def converse(scenario, pcm):
    config = {
        "response_modalities": ["TEXT" if scenario == "text-modality" else "AUDIO"],
        "input_audio_transcription": {},
        "output_audio_transcription": {},
    }
    if "tool" in scenario:
        behavior = {"behavior": "NON_BLOCKING"} if "background" in scenario else {}
        config["tools"] = [{"function_declarations": [WEATHER | behavior]}]
    turns = []
    if scenario == "resumption":
        await resume(new_client(scenario), config, turns)
        return turns
    async with new_client(scenario).aio.live.connect(model=MODEL, config=config) as session:
        if scenario in ("text", "text-modality", "vertex-text"):
            await send_text(session, "Hello there, my friend")
            turns.append(await receive_turn(session))
        elif scenario == "audio-blob":
            await session.send_realtime_input(audio=blob(pcm))
            turns.append(await receive_turn(session))
        elif scenario == "audio-streamed":
            for start in range(0, len(pcm), 640):
                await session.send_realtime_input(audio=blob(pcm[start : start + 640]))
                await asyncio.sleep(0.02)
            await session.send_realtime_input(audio_stream_end=True)
            turns.append(await receive_turn(session))
        elif scenario == "interruption":
            await send_text(session, "Tell me a long story")
            turns.append(await receive_turn(session, lambda: send_text(session, "Stop please")))
            turns.append(await receive_turn(session))
        elif scenario in ("tool", "vertex-tool"):
            await send_text(session, "What is the weather like?")
            turns.append(await receive_turn(session, on_call=lambda call: answer_calls(session, call)))
        elif scenario == "tool-background":
            calls = []

            async def keep(call):
                calls.append(call)
                await send_text(session, "Hello meanwhile")

            await send_text(session, "What is the weather like?")
            turns.append(await receive_turn(session, on_call=keep))
            await answer_calls(session, calls[0], "WHEN_IDLE")
            turns.append(await receive_turn(session))
        elif scenario == "tool-cancelled":
            await send_text(session, "What is the weather like?")
            turns.append(await receive_turn(session, on_call=lambda call: send_text(session, "Never mind")))
            turns.append(await receive_turn(session))
        else:
            raise ValueError(f"unknown scenario {scenario}")
    return turns


async def report(scenario, pcm):
    try:
        outcome = {"turns": await converse(scenario, pcm)}
    except Exception as error:
        outcome = {"error": repr(error)}
    print(json.dumps({"scenario": scenario, **outcome}), flush=True)


async def main(pcm_file, *scenarios):
    with open(pcm_file, "rb") as file:
        pcm = file.read()
    await asyncio.gather(*(report(scenario, pcm) for scenario in scenarios))


asyncio.run(main(*sys.argv[1:]))
