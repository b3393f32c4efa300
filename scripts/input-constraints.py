"""Writes src/local/wire/constraints/: what botocore's models say of inputs and the SDK's schemas leave out.

    python scripts/input-constraints.py && oxfmt src/local/wire/constraints

with botocore as in test/conformance/python/requirements.txt.

Enumerations, lengths and patterns of every member that an implemented operation can be sent, by structure and member;
`[]` behind a member means its items, `{}` the values of a map.
"""

import json
import pathlib
import re

import botocore.session

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The services whose own code checks nothing of this; S3 and EC2 check lengths in words of their own.
SERVICES = {"apigateway": "enum", "ecr": "all", "events": "all", "kms": "all", "lambda": "all", "s3": "enum", "secretsmanager": "all", "ssm": "enum"}


# boto3's names of services whose requests are signed under another one.
CLIENTS = {"apigateway": "apigatewayv2"}


def implemented(service):
    readme = (ROOT / "src/local/README.md").read_text()
    table = readme.split("<!-- operations -->")[1].split("<!-- /operations -->")[0]
    rows = re.findall(rf"^\| `{service}` \|.* \| ([A-Za-z0-9, ]+) \|$", table, re.M)
    return sorted({name for row in rows for name in row.split(", ")})


def rule_of(shape, wanted):
    rule = {}
    if shape.type_name == "string" and getattr(shape, "enum", None):
        rule["enum"] = list(shape.enum)
    elif wanted == "all" and shape.type_name in ("string", "list", "map"):
        rule = {key: shape.metadata[key] for key in ("min", "max", "pattern") if key in shape.metadata}
        if rule and shape.metadata.get("sensitive"):
            rule["sensitive"] = True
    return rule


def constraints_of(service, wanted):
    """Rules by the name of their shape, and the shapes of members; a rule that many members share stands once."""
    model = botocore.session.get_session().get_service_model(CLIENTS.get(service, service))
    rules, members, seen = {}, {}, set()

    def add(key, shape):
        rule = rule_of(shape, wanted)
        if rule:
            rules[shape.name] = rule
            members[key] = shape.name
        if shape.type_name == "list":
            add(f"{key}[]", shape.member)
        elif shape.type_name == "map":
            add(f"{key}{{}}", shape.value)
        elif shape.type_name == "structure" and shape.name not in seen:
            seen.add(shape.name)
            for name, member in shape.members.items():
                add(f"{shape.name}.{name}", member)

    for operation in implemented(service):
        sent = model.operation_model(operation).input_shape
        if sent is not None:
            add("", sent)
    return dict(sorted(rules.items())), dict(sorted(members.items()))


def entries(table):
    return [f"    {json.dumps(key)}: {json.dumps(value)}," for key, value in table.items()]


def main():
    for service, wanted in SERVICES.items():
        rules, members = constraints_of(service, wanted)
        lines = [
            "// Written by scripts/input-constraints.py from botocore's service model.",
            'import type { Constraints } from "../input-constraints.ts";',
            "",
            f"export const {service}: Constraints = {{",
            "  rules: {",
            *entries(rules),
            "  },",
            "  members: {",
            *entries(members),
            "  },",
            "};",
            "",
        ]
        (ROOT / f"src/local/wire/constraints/{service}.ts").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
