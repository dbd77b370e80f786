"""Uses the REST side of a server through google-genai and prints what came as one JSON object.

Usage: rest.py developer|vertex. The server comes from the environment alone, as in a user's program.
"""

import asyncio
import json
import os
import sys

from google import genai
from google.genai import errors, types

MODEL = "gemini-live-2.5-flash"
flavour = sys.argv[1]
if flavour == "vertex":
    client = genai.Client(
        vertexai=True, project=os.environ["GOOGLE_CLOUD_PROJECT"], location=os.environ["GOOGLE_CLOUD_LOCATION"]
    )
else:
    client = genai.Client(api_key="any-key")


def error_of(call):
    try:
        call()
    except errors.APIError as error:
        return {"code": error.code, "status": error.status, "message": error.message}
    return None


config = types.GenerateContentConfig(system_instruction="Be brief.", max_output_tokens=2, temperature=0)
answer = client.models.generate_content(model=MODEL, contents="one two three", config=config)
found = {
    "text": answer.text,
    "finishReason": answer.candidates[0].finish_reason.name,
    "totalTokens": answer.usage_metadata.total_token_count,
    "pieces": [chunk.text for chunk in client.models.generate_content_stream(model=MODEL, contents="one two three")],
    "counted": client.models.count_tokens(model=MODEL, contents="one two three").total_tokens,
    "models": [model.name for model in client.models.list(config={"page_size": 4})],
    "model": client.models.get(model=MODEL).name,
    "error": error_of(lambda: client.models.generate_content(model="nobody", contents="x")),
}


async def talk_with_token():
    alpha = genai.Client(api_key="any-key", http_options={"api_version": "v1alpha"})
    token = alpha.auth_tokens.create(
        config={
            "uses": 1,
            "live_connect_constraints": {
                "model": MODEL,
                "config": {"response_modalities": ["TEXT"], "temperature": 0.5, "system_instruction": "Be brief."},
            },
            "lock_additional_fields": ["top_k"],
        }
    )
    page = genai.Client(api_key=token.name, http_options={"api_version": "v1alpha"})
    texts = []
    async with page.aio.live.connect(model=MODEL, config={"response_modalities": ["AUDIO"]}) as session:
        await session.send_client_content(turns=types.Content(role="user", parts=[types.Part(text="hi there")]))
        async for message in session.receive():
            texts.append(message.text or "")
    try:
        async with page.aio.live.connect(model=MODEL, config={}) as session:
            async for _ in session.receive():
                pass
        second = "accepted"
    except errors.APIError as error:
        second = str(error)
    return {"text": "".join(texts), "second": second}


if flavour == "developer":
    found["token"] = asyncio.run(talk_with_token())
print(json.dumps(found))
