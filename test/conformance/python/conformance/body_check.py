"""Holds the body of a response, as it came over the wire, to botocore's model: no unknown members, no wrong JSON types."""

import json
import re
from xml.etree import ElementTree

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+\d\d:\d\d)?")


def check_body(operation, response):
    """What the body has that the model does not. `response` is botocore's dictionary of a response."""
    output = operation.output_shape
    body = response["body"]
    if output is None or operation.has_streaming_output or operation.has_event_stream_output:
        return []
    protocol = operation.service_model.resolved_protocol
    if protocol in ("json", "rest-json"):
        return _json_body(output, body, protocol)
    return _xml_body(output, body, protocol)


def _json_body(output, body, protocol):
    payload = output.serialization.get("payload")
    shape = output.members[payload] if payload else output
    if shape.type_name != "structure" or body == b"":
        return []
    return _json(shape, json.loads(body), "")


def _in_body(shape):
    return {
        name: member
        for name, member in shape.members.items()
        if member.serialization.get("location") not in ("header", "headers", "statusCode")
    }


def _json(shape, value, path):
    if value is None:
        return [f"{path}: null"]
    kind = shape.type_name
    if kind == "structure":
        known = {m.serialization.get("name", n): m for n, m in _in_body(shape).items()}
        found = []
        for name, item in value.items():
            if name in known:
                found += _json(known[name], item, f"{path}.{name}")
            else:
                found.append(f"{path}.{name}: not in the model, on the wire")
        return found
    if kind == "list":
        return [x for i, item in enumerate(value) for x in _json(shape.member, item, f"{path}[{i}]")]
    if kind == "map":
        return [x for k, item in value.items() for x in _json(shape.value, item, f"{path}.{k}")]
    return _json_scalar(shape, kind, value, path)


def _json_scalar(shape, kind, value, path):
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "timestamp" and shape.serialization.get("timestampFormat") == "iso8601":
        fits = isinstance(value, str) and ISO.fullmatch(value)
    elif kind in ("timestamp", "float", "double"):
        fits = number
    elif kind in ("integer", "long"):
        fits = number and value == int(value)
    elif kind == "boolean":
        fits = isinstance(value, bool)
    else:
        fits = isinstance(value, str)
    return [] if fits else [f"{path}: {value!r} on the wire is no {kind}"]


def _xml_body(output, body, protocol):
    payload = output.serialization.get("payload")
    shape = output.members[payload] if payload else output
    if shape.type_name != "structure" or body == b"":
        return []
    root = ElementTree.fromstring(body)
    ignored = {"query": "ResponseMetadata", "ec2": "requestId"}.get(protocol)
    if protocol == "query":
        wrapper = output.serialization.get("resultWrapper")
        found = [
            f"<{_name(node)}>: not in the model, on the wire"
            for node in root
            if _name(node) not in (wrapper, ignored)
        ]
        results = [node for node in root if _name(node) == wrapper]
        return found + [x for node in results for x in _xml(shape, node, "", None)]
    return _xml(shape, root, "", ignored)


def _name(node):
    return node.tag.rsplit("}", 1)[-1]


def _xml(shape, node, path, ignored=None):
    if shape.type_name == "structure":
        return _xml_structure(shape, node, path, ignored)
    if shape.type_name == "list":
        element = shape.member.serialization.get("name", "member")
        return _xml_children(node, path, {element: shape.member})
    if shape.type_name == "map":
        return []  # None of the implemented operations answers a map in XML beyond what is parsed.
    text = node.text or ""
    if shape.type_name == "timestamp" and not ISO.fullmatch(text):
        return [f"{path}: {text!r} on the wire is no ISO 8601 time"]
    if shape.type_name == "boolean" and text not in ("true", "false"):
        return [f"{path}: {text!r} on the wire is no boolean"]
    return []


def _xml_structure(shape, node, path, ignored):
    known = {}
    for name, member in _in_body(shape).items():
        if member.type_name == "list" and member.serialization.get("flattened"):
            tag = member.member.serialization.get("name") or member.serialization.get("name", name)
            known[member.serialization.get("name", tag)] = member.member
        else:
            known[member.serialization.get("name", name)] = member
    return _xml_children(node, path, known, ignored)


def _xml_children(node, path, known, ignored=None):
    found = []
    for child in node:
        name = _name(child)
        if name in known:
            found += _xml(known[name], child, f"{path}.{name}")
        elif name != ignored:
            found.append(f"{path}.{name}: not in the model, on the wire")
    return found
