/** No SDK: a WebSocket and JSON, in Python, since every language reads it. */

import type { ProgramInput } from './programs'
import { sdkConfig } from './sdk-config'

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'

export function websocketProgram(input: ProgramInput): string {
  const { isSpoken, tools } = sdkConfig(input)
  const calls = `            for call in message.get("toolCall", {}).get("functionCalls", []):
                answer = {"id": call["id"], "name": call["name"], "response": {"output": "done"}}
                await socket.send(json.dumps({"toolResponse": {"functionResponses": [answer]}}))
`
  const output = isSpoken
    ? `                if "inlineData" in part:
                    audio += base64.b64decode(part["inlineData"]["data"])
            print(content.get("outputTranscription", {}).get("text", ""), end="", flush=True)`
    : `                print(part.get("text", ""), end="", flush=True)`
  return `# pip install websockets
import asyncio
${isSpoken ? 'import base64\n' : ''}import json
${isSpoken ? 'import wave\n' : ''}
import websockets

URL = "${input.url.replace(/^http/, 'ws')}${PATH}?key=any"

SETUP = json.loads(r'''
${JSON.stringify({ setup: input.setup }, null, 2).replaceAll("'", '\\u0027')}
''')


async def main():
${isSpoken ? '    audio = bytearray()\n' : ''}    async with websockets.connect(URL, max_size=None) as socket:
        await socket.send(json.dumps(SETUP))
        assert "setupComplete" in json.loads(await socket.recv())
        turn = {"role": "user", "parts": [{"text": "Hello! Who are you?"}]}
        await socket.send(json.dumps({"clientContent": {"turns": [turn], "turnComplete": True}}))
        async for frame in socket:
            message = json.loads(frame)
${tools.length > 0 ? calls : ''}            content = message.get("serverContent", {})
            for part in content.get("modelTurn", {}).get("parts", []):
${output}
            if content.get("turnComplete"):
                break
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
