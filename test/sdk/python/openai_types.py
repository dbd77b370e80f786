"""Holds values, a JSON list on standard input, to the types of the Python SDK of OpenAI, and prints what does not fit as a JSON list.
Usage: openai_types.py chat"""
import json
import sys

from openai.types.chat import (
    ChatCompletionContentPartParam,
    ChatCompletionMessageParam,
    ChatCompletionToolUnionParam,
)
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from pydantic import TypeAdapter, ValidationError

# An engine of many servers sends what OpenAI's own does not know: those servers take it, and OpenAI's is not sent it twice.
OTHER_SERVERS = {"top_k"}


def check(adapter, value, where, problems):
    try:
        adapter.validate_python(value)
    except ValidationError as error:
        problems.append([where, [f"{e['loc']}: {e['msg']}" for e in error.errors()[:3]]])


def check_chat(requests, problems):
    request_type = TypeAdapter(CompletionCreateParamsStreaming)
    message_type = TypeAdapter(ChatCompletionMessageParam)
    part_type = TypeAdapter(ChatCompletionContentPartParam)
    tool_type = TypeAdapter(ChatCompletionToolUnionParam)
    for number, request in enumerate(requests):
        check(request_type, request, f"request {number}", problems)
        unknown = set(request) - set(CompletionCreateParamsStreaming.__annotations__) - OTHER_SERVERS
        unknown -= {name for base in CompletionCreateParamsStreaming.__orig_bases__ for name in getattr(base, "__annotations__", {})}
        if unknown:
            problems.append([f"request {number}", sorted(unknown)])
        # Parts of lists are looked at lazily by the types: each is held to its own.
        for message in request["messages"]:
            check(message_type, message, f"request {number}, {message['role']}", problems)
            for part in message["content"] if isinstance(message.get("content"), list) else []:
                check(part_type, part, f"request {number}, {part['type']}", problems)
        for tool in request.get("tools", []):
            check(tool_type, tool, f"request {number}, tool", problems)


problems = []
{"chat": check_chat}[sys.argv[1]](json.load(sys.stdin), problems)
print(json.dumps(problems))
