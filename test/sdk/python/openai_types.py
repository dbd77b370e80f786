"""Holds values, a JSON list on standard input, to the types of the Python SDK of OpenAI, and prints what does not fit as a JSON list.
Usage: openai_types.py chat|realtime"""
import json
import sys

from openai.types.chat import (
    ChatCompletionContentPartParam,
    ChatCompletionMessageParam,
    ChatCompletionToolUnionParam,
)
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from pydantic import TypeAdapter, ValidationError

# An engine of many servers sends what OpenAI's own does not know: those servers take it, and OpenAI's is not sent it twice.
OTHER_SERVERS = {"top_k"}


def check(adapter, value, where, problems):
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        problems.append([where, [f"{e['loc']}: {e['msg']}" for e in error.errors()[:3]]])


def check_chat(requests, problems):
    request_type = TypeAdapter(CompletionCreateParamsStreaming)
    message_type = TypeAdapter(ChatCompletionMessageParam)
    part_type = TypeAdapter(ChatCompletionContentPartParam)
    tool_type = TypeAdapter(ChatCompletionToolUnionParam)
    known = {name for cls in (CompletionCreateParamsStreaming, *CompletionCreateParamsStreaming.__orig_bases__) for name in cls.__annotations__}
    for number, request in enumerate(requests):
        check(request_type, request, f"request {number}", problems)
        unknown = set(request) - known - OTHER_SERVERS
        if unknown:
            problems.append([f"request {number}", sorted(unknown)])
        # Parts of lists are looked at lazily by the types: each is held to its own.
        for message in request["messages"]:
            check(message_type, message, f"request {number}, {message['role']}", problems)
            for part in message["content"] if isinstance(message.get("content"), list) else []:
                check(part_type, part, f"request {number}, {part['type']}", problems)
        for tool in request.get("tools", []):
            check(tool_type, tool, f"request {number}, tool", problems)


def extras(model, where, problems):
    """Fields that the SDK's models do not know are kept by them, and found here."""
    unknown = sorted(model.model_extra or {})
    if unknown:
        problems.append([where, [f"{type(model).__name__} knows no {unknown}"]])
    for name in type(model).model_fields:
        value = getattr(model, name)
        for each in value if isinstance(value, list) else [value]:
            if hasattr(each, "model_extra"):
                extras(each, where, problems)


def check_realtime(wire, problems):
    types = {"client": TypeAdapter(RealtimeClientEvent), "server": TypeAdapter(RealtimeServerEvent)}
    for number, message in enumerate(wire):
        event = message["event"]
        where = f"{number}, {message['from']}: {event['type']}"
        model = check(types[message["from"]], event, where, problems)
        # The settings that a session is told to have are more than the types say; those that it is given must be known.
        if model is not None and not event["type"].startswith("session.created") and event["type"] != "session.updated":
            extras(model, where, problems)


problems = []
{"chat": check_chat, "realtime": check_realtime}[sys.argv[1]](json.load(sys.stdin), problems)
print(json.dumps(problems))
