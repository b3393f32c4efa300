import type { Target } from "@aws-sdk/client-eventbridge";

type Event = Readonly<Record<string, unknown>>;

/** What a target gets of an event: a text of its own, a part of it, or what a template makes of it. */
export function payloadOf(
  { Input, InputPath, InputTransformer }: Target,
  event: Event,
  ruleName: string,
): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(event, InputPath) ?? {});
  if (!InputTransformer) return JSON.stringify(event);
  const values: Record<string, unknown> = {
    "aws.events.rule-name": ruleName,
    "aws.events.event.json": event,
    "aws.events.event": event,
    "aws.events.event.ingestion-time": event["time"],
  };
  for (const [name, path] of Object.entries(InputTransformer.InputPathsMap ?? {}))
    values[name] = valueAt(event, path);
  return filled(InputTransformer.InputTemplate ?? "", values);
}

/**
 * A template with the values of its variables: as JSON, or within quotes as text (Amazon EventBridge user guide,
 * eb-transform-target-input). A template that is no JSON after it is a text.
 */
function filled(template: string, values: Readonly<Record<string, unknown>>): string {
  let quoted = false;
  const parts = template.match(/\\.|"|<[^<>\s]+>|[^\\"<]+|[\\<]/g) ?? [];
  const text = parts
    .map((part) => {
      if (part === '"') quoted = !quoted;
      const name = /^<(?<name>.+)>$/.exec(part)?.groups?.["name"];
      return name === undefined || !Object.hasOwn(values, name)
        ? part
        : written(values[name], quoted);
    })
    .join("");
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

function written(value: unknown, quoted: boolean): string {
  const json = JSON.stringify(value) ?? "null";
  if (!quoted) return json;
  return typeof value === "string" ? json.slice(1, -1) : JSON.stringify(json).slice(1, -1);
}

/** `$.detail.items[0].id`: the simple paths that EventBridge takes. */
function valueAt(event: Event, path: string): unknown {
  const steps = path.replace(/^\$/, "").match(/[^.[\]]+/g) ?? [];
  let value: unknown = event;
  for (const step of steps) {
    const name = step.replaceAll(/^['"]|['"]$/g, "");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
