"""Drives a Live API server through LiveKit's Google plugin: its RealtimeSession, as an agent uses it, without a room."""

import asyncio

from journey import MODEL, RATE_HZ, Microphone, cut, report, until
from livekit import rtc
from livekit.agents import function_tool, llm
from livekit.plugins.google.realtime import RealtimeModel


@function_tool
async def get_weather(city: str) -> str:
    """Looks up the weather in a city."""
    return f"sunny in {city}"


class Listener:
    """Collects the generations of a session."""

    def __init__(self, session):
        self.session = session
        self.transcripts = []
        self.generations = []
        self.tasks = set()
        session.on("generation_created", self.on_generation)
        session.on("input_audio_transcription_completed", lambda event: self.transcripts.append(event.transcript))

    def on_generation(self, event):
        generation = {"text": "", "samples": 0, "done": False, "calls": []}
        self.generations.append(generation)
        task = asyncio.ensure_future(self.follow(event, generation))
        self.tasks.add(task)

    async def follow(self, event, generation):
        async def calls():
            async for call in event.function_stream:
                generation["calls"].append(call)

        async def words(message):
            async for text in message.text_stream:
                generation["text"] += text

        async def sound(message):
            async for frame in message.audio_stream:
                generation["samples"] += frame.samples_per_channel

        async def messages():
            async for message in event.message_stream:
                await asyncio.gather(words(message), sound(message))

        await asyncio.gather(calls(), messages())
        generation["done"] = True

    @property
    def last(self):
        return self.generations[-1] if self.generations else {"text": "", "samples": 0, "done": False, "calls": []}


def frame(chunk):
    return rtc.AudioFrame(data=chunk, sample_rate=RATE_HZ, num_channels=1, samples_per_channel=len(chunk) // 2)


async def main():
    session = RealtimeModel(model=MODEL, api_key="any", instructions="Be brief.").session()
    listener = Listener(session)
    await session.update_tools([get_weather])
    microphone = Microphone(lambda chunk: session.push_audio(frame(chunk)))

    # An audio turn.
    microphone.ask()
    await until(lambda: listener.last["done"], "the answer to the question")
    turn = {"heard": listener.transcripts[-1], "said": listener.last["text"], "samples": listener.last["samples"]}

    # A long answer, interrupted by voice.
    microphone.ask()
    await until(lambda: listener.last["samples"] > 0, "the long story")
    story = listener.last
    microphone.ask()
    await until(
        lambda: listener.last["done"] and "second question" in listener.last["text"], "the answer after the interruption"
    )
    interruption = {"cutShort": story["done"] and "The end." not in story["text"], "said": listener.last["text"]}

    # A function call.
    before = len(listener.generations)
    microphone.ask()
    await until(lambda: any(g["calls"] for g in listener.generations[before:]), "the function call")
    call = next(g["calls"][0] for g in listener.generations[before:] if g["calls"])
    context = session.chat_ctx.copy()
    context.items.append(call)
    output = llm.FunctionCallOutput(call_id=call.call_id, name=call.name, output="sunny in Paris", is_error=False)
    context.items.append(output)
    await session.update_chat_ctx(context)
    await until(lambda: "sunny" in listener.last["text"] and listener.last["done"], "the answer after the call")
    tool = {"name": call.name, "args": call.arguments, "said": listener.last["text"]}

    # The connection is lost; the conversation goes on where it was.
    handle = session.session_resumption_handle
    await cut()
    microphone.ask()
    await until(lambda: listener.last["done"] and "fifth" in listener.last["text"], "the answer after the resumption", lambda: (listener.generations, listener.transcripts))
    report(turn=turn, interruption=interruption, tool=tool, resumption={"handle": bool(handle), "said": listener.last["text"]})


asyncio.run(main())
