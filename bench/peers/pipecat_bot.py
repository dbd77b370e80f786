"""A Pipecat agent as its own generator writes it, over a plain WebSocket, with services of the caller's choice.

Turn-taking is Pipecat's recommendation, unchanged: Silero VAD in the user aggregator, and the default strategies (start: VAD or
transcription; stop: the smart-turn v3 model). Only the wire is ours: raw PCM both ways, and marks as text (`interrupted`, `turnComplete`,
and the words of both sides as Pipecat's context has them), so that the same simulated listener measures it as measures Viva Voce.

`--services ours`: the language model, recogniser and voice of Viva Voce through OpenAI-compatible HTTP (engine-services.ts).
`--services stock`: Pipecat's local services: faster-whisper (base), Ollama, Kokoro. They fetch weights by themselves, except those that
`--whisper` and `--kokoro` name.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import (
    BotStoppedSpeakingFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.transports.websocket.server import (
    SingleClientWebsocketServerParams,
    SingleClientWebsocketServerTransport,
)
from pipecat.workers.runner import WorkerRunner

INPUT_HZ = 16_000
OUTPUT_HZ = 24_000


class PlainPcm(FrameSerializer):
    """Binary messages are PCM16, mono; text messages are marks."""

    async def serialize(self, frame: Frame) -> str | bytes | None:
        if isinstance(frame, OutputAudioRawFrame):
            return frame.audio
        if isinstance(frame, InterruptionFrame):
            return "interrupted"
        return None

    async def deserialize(self, data: str | bytes) -> Frame | None:
        if isinstance(data, str):
            return None
        return InputAudioRawFrame(audio=data, sample_rate=INPUT_HZ, num_channels=1)


class TurnEnds(FrameProcessor):
    """Tells the client when the agent has stopped speaking."""

    def __init__(self):
        super().__init__()
        self.websocket = None

    async def mark(self, text: str):
        if self.websocket:
            await self.websocket.send(text)

    async def process_frame(self, frame: Frame, direction: FrameDirection):
        await super().process_frame(frame, direction)
        if isinstance(frame, BotStoppedSpeakingFrame) and direction == FrameDirection.DOWNSTREAM:
            await self.mark("turnComplete")
        await self.push_frame(frame, direction)


def our_services(url: str, system: str):
    from pipecat.services.openai.llm import OpenAILLMService
    from pipecat.services.openai.stt import OpenAISTTService
    from pipecat.services.openai.tts import OpenAITTSService

    return (
        OpenAISTTService(api_key="any", base_url=url, settings=OpenAISTTService.Settings(model="ours")),
        OpenAILLMService(
            api_key="any",
            base_url=url,
            settings=OpenAILLMService.Settings(model="ours", system_instruction=system),
        ),
        OpenAITTSService(
            api_key="any", base_url=url, settings=OpenAITTSService.Settings(model="ours", voice="alloy")
        ),
    )


def stock_services(args):
    from pipecat.services.kokoro.tts import KokoroTTSService
    from pipecat.services.ollama.llm import OLLamaLLMService
    from pipecat.services.whisper.stt import WhisperSTTService

    # Named as Pipecat names them in its own cache.
    kokoro = (
        {}
        if args.kokoro is None
        else {
            "model_path": str(args.kokoro / "kokoro-v1.0.onnx"),
            "voices_path": str(args.kokoro / "voices-v1.0.bin"),
        }
    )
    # Both models are loaded here, so before anybody is heard.
    return (
        WhisperSTTService(device="cpu", settings=WhisperSTTService.Settings(model=args.whisper)),
        OLLamaLLMService(
            base_url=args.ollama,
            settings=OLLamaLLMService.Settings(model="qwen2.5-coder:1.5b", system_instruction=args.system),
        ),
        KokoroTTSService(settings=KokoroTTSService.Settings(voice="af_heart"), **kokoro),
    )


async def main(args):
    transport = SingleClientWebsocketServerTransport(
        host="127.0.0.1",
        port=args.port,
        params=SingleClientWebsocketServerParams(
            audio_in_enabled=True, audio_out_enabled=True, serializer=PlainPcm()
        ),
    )
    stt, llm, tts = our_services(args.url, args.system) if args.services == "ours" else stock_services(args)
    context = LLMContext()
    user, assistant = LLMContextAggregatorPair(
        context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
    ends = TurnEnds()
    pipeline = Pipeline([transport.input(), stt, user, llm, tts, transport.output(), ends, assistant])
    worker = PipelineWorker(
        pipeline,
        params=PipelineParams(audio_in_sample_rate=INPUT_HZ, audio_out_sample_rate=OUTPUT_HZ),
        idle_timeout_secs=None,
    )

    @user.event_handler("on_user_turn_stopped")
    async def on_heard(_user, _strategy, message):
        await ends.mark(f"heard {message.content or ''}")

    @assistant.event_handler("on_assistant_turn_stopped")
    async def on_said(_assistant, message):
        await ends.mark(f"said {message.content or ''}")

    @transport.event_handler("on_websocket_ready")
    async def on_ready(_transport):
        print("ready", flush=True)

    @transport.event_handler("on_client_connected")
    async def on_connected(_transport, websocket):
        ends.websocket = websocket

    @transport.event_handler("on_client_disconnected")
    async def on_disconnected(_transport, _websocket):
        # One process is one conversation.
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--url", default="http://127.0.0.1:8000/v1")
    parser.add_argument("--services", choices=["ours", "stock"], default="ours")
    parser.add_argument("--whisper", default="base", help="stock: size, or folder of a CTranslate2 Whisper")
    parser.add_argument("--kokoro", type=Path, help="stock: folder with kokoro-v1.0.onnx and voices-v1.0.bin")
    parser.add_argument("--ollama", default="http://localhost:11434/v1", help="stock: Ollama, or what stands for it")
    parser.add_argument("--system", required=True)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    logger.remove()
    logger.add(sys.stderr, level="DEBUG" if args.verbose else "WARNING")
    asyncio.run(main(args))
