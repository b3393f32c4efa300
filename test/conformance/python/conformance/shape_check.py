"""Holds a parsed response to botocore's shapes: required members, types, enums, patterns, lengths, ranges."""

import datetime
import decimal
import functools

import regex

TYPES = {
    "string": str,
    "character": str,
    "integer": int,
    "long": int,
    "float": (int, float, decimal.Decimal),
    "double": (int, float, decimal.Decimal),
    "boolean": bool,
    "timestamp": datetime.datetime,
    "list": list,
    "map": dict,
    "structure": dict,
}


@functools.cache
def compiled(pattern):
    # The models' patterns are Java's; `regex` knows their classes (\p{L}). V0 keeps `[` in classes literal.
    return regex.compile(pattern)


def check(shape, value, path=""):
    """What is wrong with `value`, one line each, with its path."""
    if _is_opaque(shape):
        return []
    wrong = _type(shape, value, path)
    if wrong:
        return wrong
    if shape.type_name == "structure":
        return _structure(shape, value, path)
    if shape.type_name == "list":
        found = _length(shape, value, path)
        for index, item in enumerate(value):
            found += check(shape.member, item, f"{path}[{index}]")
        return found
    if shape.type_name == "map":
        found = _length(shape, value, path)
        for key, item in value.items():
            found += check(shape.key, key, f"{path}<{key}>")
            found += check(shape.value, item, f"{path}.{key}")
        return found
    return _scalar(shape, value, path)


def _is_opaque(shape):
    """Bytes, documents and streams: nothing in them is of the model."""
    return (
        shape.type_name == "blob"
        or getattr(shape, "is_document_type", False)
        or bool(shape.serialization.get("eventstream"))
    )


def _type(shape, value, path):
    expected = TYPES[shape.type_name]
    is_wrong = not isinstance(value, expected) or (
        expected is not bool and isinstance(value, bool)
    )
    return [f"{path}: {value!r} is no {shape.type_name}"] if is_wrong else []


def _structure(shape, value, path):
    found = [f"{path}.{name}: missing" for name in shape.required_members if name not in value]
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        found.append(f"{path}: a union with {len(value)} members")
    for name, item in value.items():
        if name == "ResponseMetadata":
            continue
        member = shape.members.get(name)
        if member is None:
            found.append(f"{path}.{name}: not in the model")
        else:
            found += check(member, item, f"{path}.{name}")
    return found


def _length(shape, value, path):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and len(value) < low:
        return [f"{path}: {len(value)} long, the model says at least {low}"]
    if high is not None and len(value) > high:
        return [f"{path}: {len(value)} long, the model says at most {high}"]
    return []


def _scalar(shape, value, path):
    if shape.type_name in ("integer", "long", "float", "double"):
        low, high = shape.metadata.get("min"), shape.metadata.get("max")
        if (low is not None and value < low) or (high is not None and value > high):
            return [f"{path}: {value} is not in {low}..{high}"]
        return []
    if shape.type_name != "string":
        return []
    found = _length(shape, value, path)
    if shape.enum and value not in shape.enum:
        found.append(f"{path}: {value!r} is none of the model's values")
    pattern = shape.metadata.get("pattern")
    if pattern and not compiled(pattern).fullmatch(value):
        found.append(f"{path}: {value!r} does not fit {pattern}")
    return found
