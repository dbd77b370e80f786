/** Google's Python SDK. */

import type { ProgramInput } from './programs'
import { sdkConfig } from './sdk-config'

export function pythonProgram(input: ProgramInput): string {
  const { model, isSpoken, config, tools } = sdkConfig(input)
  const output = isSpoken
    ? `            if message.data:
                audio += message.data
            if message.server_content and message.server_content.output_transcription:
                print(message.server_content.output_transcription.text or "", end="", flush=True)`
    : `            if message.text:
                print(message.text, end="", flush=True)`
  const calls = `            if message.tool_call:
                await session.send_tool_response(
                    function_responses=[
                        types.FunctionResponse(id=call.id, name=call.name, response={"output": "done"})
                        for call in message.tool_call.function_calls
                    ]
                )
`
  return `# pip install google-genai
# eval "$(vivavoce env)"   trusts the local certificate authority that the server uses
import asyncio
${isSpoken ? 'import wave\n' : ''}
from google import genai
from google.genai import types

client = genai.Client(api_key="any", http_options={"base_url": "${input.secureUrl}"})

CONFIG = types.LiveConnectConfig(**${literal(config, 0)})


async def main():
${isSpoken ? '    audio = bytearray()\n' : ''}    async with client.aio.live.connect(model="${model}", config=CONFIG) as session:
        await session.send_client_content(
            turns={"role": "user", "parts": [{"text": "Hello! Who are you?"}]}, turn_complete=True
        )
        async for message in session.receive():
${tools.length > 0 ? calls : ''}${output}
    print()
${
  isSpoken
    ? `    with wave.open("answer.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24000)
        file.writeframes(bytes(audio))
`
    : ''
}

asyncio.run(main())
`
}

/** JSON as Python writes it. */
function literal(value: unknown, depth: number): string {
  const pad = '    '.repeat(depth + 1)
  const end = `\n${'    '.repeat(depth)}`
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value === null || value === undefined) return 'None'
  if (Array.isArray(value)) {
    const items = value.map((item) => literal(item, depth + 1))
    return items.every((item) => !item.includes('\n'))
      ? `[${items.join(', ')}]`
      : `[\n${pad}${items.join(`,\n${pad}`)},${end}]`
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(
      ([key, item]) => `${JSON.stringify(key)}: ${literal(item, depth + 1)}`,
    )
    return entries.length === 0 ? '{}' : `{\n${pad}${entries.join(`,\n${pad}`)},${end}}`
  }
  return JSON.stringify(value)
}
