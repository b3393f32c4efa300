import {
  PutFunctionScalingConfigCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { dashboard } from "../../../src/cli/commands/status/dashboard.ts";
import { runStatus, type StatusOptions } from "../../../src/cli/commands/status.ts";
import type { Status } from "../../../src/cli/commands/status/model.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";
import { startManagedStack, type ManagedStack } from "../../helpers/managed-stack.ts";
import { referenceTemplate } from "../../local/cloudformation/resource-types/reference-template.ts";

const options: StatusOptions = {
  ...sharedDefaults({ local: true }),
  watch: false,
  interval: undefined,
  color: true,
};

const slow = `exports.handler = async ({ ms = 0 }) => {
  await new Promise((done) => setTimeout(done, ms));
  return { ms };
};`;

async function status(stack: ManagedStack, more: Partial<StatusOptions> = {}) {
  const deps = stack.deps();
  await runStatus({ ...options, ...more }, deps);
  return { found: deps.results[0] as Status, text: deps.rendered.join("") };
}

function invoke({ aws }: ManagedStack, count: number, ms: number): Promise<number[]> {
  const payload = new TextEncoder().encode(JSON.stringify({ ms }));
  const call = () =>
    aws.functions.invoke({ functionName: "reference", payload }).then(
      ({ statusCode }) => statusCode,
      () => 429,
    );
  return Promise.all(Array.from({ length: count }, call));
}

const scaled = (min: number, max: number) =>
  new PutFunctionScalingConfigCommand({
    FunctionName: "reference",
    Qualifier: "$LATEST.PUBLISHED",
    FunctionScalingConfig: { MinExecutionEnvironments: min, MaxExecutionEnvironments: max },
  });

test("tells what is there, what it costs, and which settings are in force", async () => {
  const stack = await startManagedStack();
  const { found, text } = await status(stack);
  expect(found).toMatchObject({
    capacityProviders: [
      { state: "Active", scaling: { mode: "Auto" }, launchFailures: [], versions: { limit: 100 } },
    ],
    functions: [
      { name: "reference", versions: [{ version: "$LATEST.PUBLISHED", state: "Active" }] },
    ],
    settings: { drift: [], problem: undefined },
    missing: [],
  });
  // The template has limits that the project does not know.
  expect(found.settings?.effective).toContainEqual(
    expect.objectContaining({
      path: "functions.reference.maxEnvironments",
      origin: "an earlier deploy",
      differs: true,
    }),
  );
  const [provider] = found.capacityProviders;
  expect(provider?.versions?.used).toBe(1);
  const { cap = 0, running = 0, headroom } = provider?.vCpus ?? {};
  expect(running).toBeGreaterThan(0);
  expect(headroom).toBe(cap - running);
  expect(found.cost?.perDay).toBeGreaterThan(1);
  expect(found.cost?.items.map(({ kind }) => kind)).toContain("network");
  expect(text).toMatch(/^vCPUs +\d+ running of \d+, \d+ more fit/m);
  expect(text).toMatch(/^Versions +1 of at most 100$/m);
  // Lambda keeps them; nobody may read them here.
  expect(JSON.stringify(found)).not.toMatch(/environment"?:\{"Variables/i);
}, 30_000);

test("tells what was changed beside the stack", async () => {
  const stack = await startManagedStack();
  await stack.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: "reference", Timeout: 77 }),
  );
  await stack.lambda.send(scaled(1, 2));
  const { found: changed, text: told } = await status(stack);
  const paths = changed.settings?.drift.map(({ path }) => path) ?? [];
  expect(paths).toContain("/Timeout");
  expect(paths).toContain("/FunctionScalingConfig/MaxExecutionEnvironments");
  expect(changed.settings?.effective).toContainEqual({
    path: "functions.reference.maxEnvironments",
    value: 2,
    setting: undefined,
    origin: "changed since the deploy",
    differs: false,
  });
  expect(told).toMatch(/^Drift +\w+\//m);
  expect(told).toMatch(/reference.maxEnvironments +2 +changed since the deploy$/m);
}, 30_000);

test("tells settings that are not deployed yet, and a project that cannot be read", async () => {
  const stack = await startManagedStack();
  const { cwd } = stack.deps().system;
  const functions = { reference: { entry: "src/handler.ts", memory: 8192 } };
  const write = (settings: object) =>
    writeFile(join(cwd, "lmi.json"), JSON.stringify({ name: "hello", ...settings }));
  await write({ functions });
  const { found, text } = await status(stack);
  expect(found.settings?.effective).toContainEqual(
    expect.objectContaining({
      path: "functions.reference.memory",
      setting: 8192,
      origin: "an earlier deploy",
      differs: true,
    }),
  );
  expect(text).toMatch(/memory +\d+ +an earlier deploy; the project says 8192$/m);
  await write({ functions, capacity: { maxVCpu: 5 } });
  const { found: broken } = await status(stack);
  expect(broken.settings).toMatchObject({ effective: [], problem: expect.any(String) });
  expect(broken.capacityProviders).toHaveLength(1);
}, 30_000);

test("tells requests, latency and throttles, with what they are likely to come from", async () => {
  const stack = await startManagedStack({}, referenceTemplate(slow));
  await invoke(stack, 20, 0);
  await stack.lambda.send(scaled(1, 1));
  // Until the change has come, there is room for all of them.
  await expect
    .poll(async () => (await invoke(stack, 150, 300)).filter((code) => code === 429).length, {
      timeout: 20_000,
    })
    .toBeGreaterThan(10);
  const load = async () => (await status(stack)).found.functions[0]?.load;
  await expect.poll(load, { timeout: 20_000, interval: 200 }).toMatchObject({
    throttles: expect.any(Number),
    errors: 0,
    concurrencyLimit: { value: expect.any(Number) },
    throttleReasons: expect.arrayContaining([
      {
        reason: "environments-at-maximum",
        evidence: expect.stringMatching(/^\d of at most 1 environments, \d\d:\d\d UTC$/),
      },
    ]),
  });
  const { found, text } = await status(stack);
  const { invocations = 0, p50, p99, throttles, history } = found.functions[0]?.load ?? {};
  expect(invocations).toBeGreaterThanOrEqual(20);
  expect(p99?.value).toBeGreaterThanOrEqual(p50?.value ?? Infinity);
  expect(history?.throttles.reduce((sum, value) => sum + value, 0)).toBe(throttles);
  expect(text).toMatch(/^Requests +[\d,]+ in 5 min .* throttled$/m);
  expect(text).toMatch(/^Latency +p50 .*, p99 /m);
  expect(text).toContain("throttled: environments-at-maximum: ");
}, 60_000);

test("a part that is denied names its permission, what is throttled is asked again, expired credentials end it", async () => {
  const stack = await startManagedStack();
  const { faults } = stack.target;
  await faults.add({
    fault: "throttle",
    service: "lambda",
    operation: "GetCapacityProvider",
    times: 5,
  });
  expect((await status(stack)).found.missing).toEqual([]);

  const denied = (service: "monitoring" | "ec2" | "lambda" | "logs", operation: string) =>
    faults.add({ fault: "access-denied", service, operation });
  await denied("monitoring", "GetMetricData");
  await denied("ec2", "DescribeInstances");
  await denied("lambda", "ListFunctionVersionsByCapacityProvider");
  await denied("logs", "FilterLogEvents");
  const { found, text } = await status(stack);
  expect(found.missing.map(({ permission }) => permission).toSorted()).toEqual([
    "cloudwatch:GetMetricData",
    "ec2:DescribeInstances",
    "lambda:ListFunctionVersionsByCapacityProvider",
    "logs:FilterLogEvents",
  ]);
  expect(found).toMatchObject({
    instances: undefined,
    cost: undefined,
    functions: [{ published: { state: "Active" }, load: undefined, versions: undefined }],
    settings: { problem: undefined },
  });
  expect(text).toMatch(/^Not known +metrics: cloudwatch:GetMetricData is not allowed$/m);

  await faults.add({ fault: "expired-token", service: "lambda" });
  await expect(status(stack)).rejects.toMatchObject({
    code: "LMI_CREDENTIALS_EXPIRED",
    exitCode: 5,
  });
}, 30_000);

test("a provider and a function that nobody may look at are not known, which is not none, and told once", async () => {
  const stack = await startManagedStack();
  for (const operation of ["GetCapacityProvider", "GetFunctionConfiguration"])
    await stack.target.faults.add({ fault: "access-denied", service: "lambda", operation });
  const { found, text } = await status(stack);
  expect(text).toMatch(/^Provider +not known: lambda:GetCapacityProvider is not allowed$/m);
  expect(text).toMatch(
    /^Function +\S+ {2}not known: lambda:GetFunctionConfiguration is not allowed$/m,
  );
  expect(text).not.toContain("nothing published");
  expect(found.missing.filter(({ part }) => part === "provider")).toHaveLength(1);
}, 30_000);

test("a part that stays throttled is missing, and says so", async () => {
  const stack = await startManagedStack();
  for (const service of ["monitoring", "ec2"] as const)
    await stack.target.faults.add({ fault: "throttle", service });
  const { found, text } = await status(stack);
  expect(found.missing.map(({ part, code }) => [part, code])).toEqual([
    ["instances", "LMI_THROTTLED"],
    ["metrics", "LMI_THROTTLED"],
  ]);
  expect(text).toMatch(/^Not known +metrics: AWS turned the request away/m);
  // It is no missing permission.
  expect(text).toMatch(/^Instances +not known: AWS turned the request away/m);
  const frame = { columns: 200, rows: 200, scroll: 0, interval: 2000, local: true };
  const screen = dashboard(found, { ...frame, problem: undefined }).flat();
  expect(screen).toContainEqual(expect.stringMatching(/^not known: AWS turned the request away/));
  expect(found.capacityProviders).toHaveLength(1);
}, 30_000);
