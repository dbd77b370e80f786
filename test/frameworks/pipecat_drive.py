"""Drives a Live API server through Pipecat's Gemini Live service in a pipeline with its context aggregators."""

import asyncio

from google.genai.types import HttpOptions
from journey import MODEL, RATE_HZ, Microphone, cut, report, until
from pipecat.adapters.schemas.function_schema import FunctionSchema
from pipecat.adapters.schemas.tools_schema import ToolsSchema
from pipecat.frames.frames import (
    InputAudioRawFrame,
    InterruptionFrame,
    LLMFullResponseEndFrame,
    LLMRunFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSStoppedFrame,
    TTSTextFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.google.gemini_live.llm import GeminiLiveLLMService

WEATHER = FunctionSchema(
    name="get_weather",
    description="Looks up the weather in a city.",
    properties={"city": {"type": "string"}},
    required=["city"],
)


class Listener(FrameProcessor):
    """Keeps what comes out of the service."""

    def __init__(self):
        super().__init__()
        self.heard = ""
        self.said = ""
        self.bytes = 0
        self.ends = 0
        self.interruptions = 0

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if direction == FrameDirection.DOWNSTREAM:
            if isinstance(frame, TTSTextFrame):
                self.said = " ".join(f"{self.said} {frame.text}".split())
            elif isinstance(frame, TTSAudioRawFrame):
                self.bytes += len(frame.audio)
            elif isinstance(frame, (TTSStoppedFrame, LLMFullResponseEndFrame)):
                self.ends += 1
            elif isinstance(frame, InterruptionFrame):
                self.interruptions += 1
        await self.push_frame(frame, direction)


class Transcripts(FrameProcessor):
    """User transcripts travel upstream from the service."""

    def __init__(self):
        super().__init__()
        self.text = ""

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            self.text += frame.text
        await self.push_frame(frame, direction)


async def main():
    llm = GeminiLiveLLMService(
        api_key="any",
        settings=GeminiLiveLLMService.Settings(model=f"models/{MODEL}", voice="Puck"),
        inference_on_context_initialization=False,
    )
    calls = []

    async def get_weather(params):
        calls.append({"name": params.function_name, "args": dict(params.arguments)})
        await params.result_callback({"output": f"sunny in {params.arguments['city']}"})

    llm.register_function("get_weather", get_weather)
    context = LLMContext([], ToolsSchema(standard_tools=[WEATHER]))
    aggregators = LLMContextAggregatorPair(context)
    listener, transcripts = Listener(), Transcripts()
    pipeline = Pipeline([aggregators.user(), transcripts, llm, listener, aggregators.assistant()])
    task = PipelineTask(pipeline, params=PipelineParams(audio_in_sample_rate=RATE_HZ), idle_timeout_secs=None)
    running = asyncio.ensure_future(PipelineRunner(handle_sigint=False).run(task))
    microphone = Microphone(
        lambda chunk: task.queue_frame(InputAudioRawFrame(audio=chunk, sample_rate=RATE_HZ, num_channels=1))
    )
    await task.queue_frame(LLMRunFrame())
    await until(lambda: llm._session is not None and llm._ready_for_realtime_input, "the connection")

    # An audio turn.
    microphone.ask()
    await until(lambda: listener.ends > 0, "the answer to the question")
    turn = {"heard": transcripts.text.strip(), "said": listener.said, "samples": listener.bytes // 2}

    # A long answer, interrupted by voice.
    listener.said, listener.bytes = "", 0
    microphone.ask()
    await until(lambda: listener.bytes > 0, "the long story")
    microphone.ask()
    await until(lambda: "second question." in listener.said, "the answer after the interruption")
    interruption = {"cutShort": "The end." not in listener.said, "said": listener.said[-60:]}

    # A function call.
    listener.said = ""
    microphone.ask()
    await until(lambda: "Paris." in listener.said, "the answer after the call")
    tool = {"name": calls[0]["name"], "args": calls[0]["args"], "said": listener.said}

    # The connection is lost; the conversation goes on where it was.
    handle = llm._session_resumption_handle
    await cut()
    listener.said = ""
    await until(lambda: llm._session is not None and llm._ready_for_realtime_input, "the new connection")
    microphone.ask()
    await until(lambda: "question." in listener.said, "the answer after the resumption")
    report(turn=turn, interruption=interruption, tool=tool, resumption={"handle": bool(handle), "said": listener.said})
    running.cancel()


asyncio.run(main())
