import { readFileSync } from "node:fs";
import process from "node:process";
import * as fc from "fast-check";
import { expect } from "vitest";
import type { ServiceName } from "../../../../src/local/service.ts";
import type { WireRequest, WireResponse } from "../../../../src/local/wire/message.ts";
import { serviceModel } from "../../../../src/local/wire/service-models.ts";
import type { OperationModel, ServiceModel } from "../../../../src/local/wire/shape.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { mutate, requestFor, signed } from "./wild-requests.ts";
import { drawStructure, type Draw } from "./wild-values.ts";

export const fuzzedServices: readonly ServiceName[] = [
  "apigateway",
  "cloudformation",
  "ec2",
  "ecr",
  "events",
  "iam",
  "kms",
  "lambda",
  "logs",
  "monitoring",
  "s3",
  "scheduler",
  "secretsmanager",
  "servicequotas",
  "sns",
  "sqs",
  "ssm",
  "sts",
];

/** Which draws are made: the same in CI each time, so that a change alone can break it; others by hand. */
export const fuzzRun = {
  seed: Number(process.env["LMI_FUZZ_SEED"] ?? (process.env["CI"] ? 1 : Date.now() % 1_000_000)),
  runs: Number(process.env["LMI_FUZZ_RUNS"] ?? 3000),
};

const readme = readFileSync(new URL("../../../../src/local/README.md", import.meta.url), "utf8");

/** Operations that the target has, by its README, which a test holds to the code. */
function operationsOf(model: ServiceModel): OperationModel[] {
  const rows = readme.split("\n").filter((line) => line.startsWith(`| \`${model.name}\``));
  const names = new Set(rows.join(" ").match(/\b[A-Z]\w+/g));
  return [...model.operations.values()].filter(({ name }) => names.has(name));
}

/** Inputs of about the right form, some of them damaged on the way. */
export async function fuzzInputs(
  target: FuzzTarget,
  service: ServiceName,
  parameters: fc.Parameters<[Draw]>,
): Promise<number> {
  const model = await serviceModel(service);
  const operations = operationsOf(model);
  expect(operations.length).toBeGreaterThan(0);
  return check(target, model, parameters, (draw) => {
    const operation = draw(() => fc.constantFrom(...operations));
    const wildness = draw(() => fc.constantFrom(0, 1, 5, 12));
    const request = requestFor(model, operation, drawStructure(draw, operation.input, wildness));
    return draw(fc.nat, 4) === 0 ? mutate(draw, request) : request;
  });
}

const heads: readonly Readonly<Record<string, string>>[] = [
  {},
  { "content-type": "application/x-www-form-urlencoded" },
  { "content-type": "application/x-amz-json-1.1" },
  { "content-type": "application/xml; charset=utf-16" },
  { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" },
  { "content-encoding": "gzip" },
  { "x-amz-copy-source": "%", range: "bytes=9-1" },
];

/** Nothing but bytes, signed for a service. */
export async function fuzzBytes(
  target: FuzzTarget,
  service: ServiceName,
  parameters: fc.Parameters<[Draw]>,
): Promise<number> {
  const model = await serviceModel(service);
  const names = operationsOf(model).map(({ name }) => name);
  return check(target, model, parameters, (draw) => {
    const name = draw(() => fc.constantFrom("", "Nobody", ...names));
    const operation = model.protocol === "json" ? { "x-amz-target": `X.${name}` } : {};
    const action = model.protocol === "json" ? "" : `Action=${name}&`;
    return signed(service, {
      method: draw(() => fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH")),
      path: `/${draw(() => paths)}`,
      query: draw(() => fc.oneof(fc.constant(""), fc.string({ maxLength: 40 }))),
      headers: { ...draw(() => fc.constantFrom(...heads)), ...operation },
      body: Buffer.concat([Buffer.from(action), draw(() => bodies)]),
    });
  });
}

const paths = fc.oneof(
  fc.webPath(),
  fc.string({ unit: "binary-ascii", maxLength: 30 }),
  fc.constantFrom(
    "fixture-bucket/%",
    "%",
    "%E0%A4%A",
    "2015-03-31/functions/%/invocations",
    "//",
    "..%2f",
  ),
);
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
  fc.webQueryParameters().map((text) => Buffer.from(text)),
  fc.constantFrom(...hostileTexts()).map((text) => Buffer.from(text)),
);

function hostileTexts(): string[] {
  return [
    "[".repeat(50_000),
    '{"a":'.repeat(50_000),
    `<a>${"<b>".repeat(20_000)}`,
    `<a>${"<b>".repeat(5000)}${"</b>".repeat(5000)}</a>`,
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><CreateBucketConfiguration><LocationConstraint>&e;</LocationConstraint></CreateBucketConfiguration>',
    "<Delete><Object><Key>&#0;</Key></Object></Delete>",
    "<__proto__><constructor>1</constructor></__proto__>",
    "\uFEFF<?xml version='1.0' encoding='UTF-16'?><a/>",
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    '{"Name":"a","Name":"b","name":1e999}',
    "Tags.member.999999999.Key=a&Tags.member.1.Key=b&Tags.member.01.Key=c&Tags.member.-1.Key=d",
    `${"a.".repeat(31)}a=1`,
    `${"a.".repeat(5000)}a=1`,
    `a=${"&a=".repeat(30_000)}`,
    "5;chunk-signature=x\r\nhello\r\n0\r\n\r\n",
    "\xbf\xbf\xff".repeat(100),
  ];
}

async function check(
  target: FuzzTarget,
  model: ServiceModel,
  parameters: fc.Parameters<[Draw]>,
  requestOf: (draw: Draw) => WireRequest,
): Promise<number> {
  let answered = 0;
  const property = fc.asyncProperty(fc.gen(), async (draw) => {
    const request = requestOf(draw);
    target.failures.length = 0;
    const answer = await target.dispatch(request, AbortSignal.timeout(100));
    const told = `${request.method} ${request.path}?${request.query.toString()} ${JSON.stringify(request.headers)}\n${request.body.toString("latin1").slice(0, 1000)}\n→ ${answer.status} ${textOf(answer).slice(0, 500)}`;
    answered += 1;
    expect(target.failures, told).toEqual([]);
    expectTyped(model, request, answer, told);
    expect(({} as Record<string, unknown>)["polluted"], told).toBeUndefined();
  });
  // Shrinking asks a stateful target the same thing thousands of times: the seed tells enough.
  await fc.assert(property, { endOnFailure: true, ...parameters });
  return answered;
}

/** Every refusal has its code where the protocol has it, and tells nothing of this machine. */
function expectTyped(
  { protocol }: ServiceModel,
  { method }: WireRequest,
  { status, headers, body }: WireResponse,
  told: string,
): void {
  for (const value of Object.values(headers))
    expect(value, told).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
  if (status < 400) return;
  expect([400, 403, 404, 405, 409, 412, 413, 416, 429, 501], told).toContain(status);
  if (method === "HEAD") return;
  const text = textOf({ body });
  if (protocol === "json") expect(JSON.parse(text), told).toHaveProperty("__type");
  else if (protocol === "rest-json") expect(headers, told).toHaveProperty("x-amzn-errortype");
  else expect(text, told).toMatch(/<Code>\w[\w.]*<\/Code>/);
  expect(text, told).not.toMatch(/node_modules|\/src\/local\/|\n\s+at /);
}

/** Streams are not read. */
function textOf({ body }: Pick<WireResponse, "body">): string {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? Buffer.from(body).toString("utf8") : "";
}
