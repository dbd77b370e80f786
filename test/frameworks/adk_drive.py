"""Drives a Live API server through Google's Agent Development Kit: a live runner with one agent and one function."""

import asyncio

from google.adk.agents import Agent, LiveRequestQueue
from google.adk.agents.run_config import RunConfig, StreamingMode
from google.adk.runners import InMemoryRunner
from google.genai import types
from journey import MODEL, RATE_HZ, Microphone, cut, report, until

CALLS = []


def get_weather(city: str) -> dict:
    """Looks up the weather in a city."""
    CALLS.append({"name": "get_weather", "args": {"city": city}})
    return {"output": f"sunny in {city}"}


class Listener:
    """Collects the events of a live run."""

    def __init__(self):
        self.heard = ""
        self.said = ""
        self.bytes = 0
        self.ends = 0
        self.interruptions = 0

    async def follow(self, events):
        async for event in events:
            for part in (event.content.parts if event.content else None) or []:
                if part.inline_data and part.inline_data.mime_type.startswith("audio/"):
                    self.bytes += len(part.inline_data.data)
            # Partial transcriptions are deltas, the final one repeats them all.
            if event.input_transcription and not event.partial:
                self.heard = event.input_transcription.text
            if event.output_transcription and event.partial:
                self.said += event.output_transcription.text
            self.ends += bool(event.turn_complete)
            self.interruptions += bool(event.interrupted)


async def main():
    agent = Agent(name="voice", model=MODEL, instruction="Be brief.", tools=[get_weather])
    runner = InMemoryRunner(agent=agent, app_name="journey")
    session = await runner.session_service.create_session(app_name="journey", user_id="someone")
    queue = LiveRequestQueue()
    config = RunConfig(
        streaming_mode=StreamingMode.BIDI,
        response_modalities=["AUDIO"],
        input_audio_transcription=types.AudioTranscriptionConfig(),
        output_audio_transcription=types.AudioTranscriptionConfig(),
        session_resumption=types.SessionResumptionConfig(),
    )
    listener = Listener()
    events = runner.run_live(
        user_id="someone", session_id=session.id, live_request_queue=queue, run_config=config
    )
    following = asyncio.ensure_future(listener.follow(events))
    following.add_done_callback(lambda task: task.cancelled() or print("the run ended:", task.exception()))
    blob = lambda chunk: types.Blob(data=chunk, mime_type=f"audio/pcm;rate={RATE_HZ}")
    microphone = Microphone(lambda chunk: queue.send_realtime(blob(chunk)))
    await asyncio.sleep(1)

    # An audio turn.
    microphone.ask()
    await until(lambda: listener.ends > 0, "the answer to the question")
    turn = {"heard": listener.heard, "said": listener.said.strip(), "samples": listener.bytes // 2}

    # A long answer, interrupted by voice.
    listener.said, listener.bytes = "", 0
    microphone.ask()
    await until(lambda: listener.bytes > 0, "the long story")
    microphone.ask()
    await until(lambda: "second question." in listener.said, "the answer after the interruption", lambda: listener.said)
    interruption = {"cutShort": "The end." not in listener.said, "said": listener.said.strip()[-60:]}

    # A function call.
    listener.said = ""
    microphone.ask()
    await until(lambda: "Paris." in listener.said, "the answer after the call", lambda: listener.said)
    tool = {**CALLS[0], "said": listener.said.strip()}

    # The connection is lost; the conversation goes on where it was.
    await cut()
    listener.said = ""
    microphone.ask()
    await until(lambda: "question." in listener.said, "the answer after the resumption", lambda: listener.said)
    report(turn=turn, interruption=interruption, tool=tool, resumption={"handle": True, "said": listener.said.strip()})


asyncio.run(main())
