import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Machine, repository } from "./lmi.ts";

let machine: Machine;
/** Projects that may have a local target. */
const used: string[] = [];
beforeAll(async () => {
  machine = await Machine.create();
});
afterAll(() => machine.dispose(used));

/** A project with a linked lmi, as npm link leaves it. */
async function project(files: Record<string, string>): Promise<string> {
  const cwd = await mkdtemp(join(machine.home, "project-"));
  const all = { "src/handler.ts": "export const handler = async () => 1;\n", ...files };
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), content);
  }
  await mkdir(join(cwd, "node_modules"));
  await symlink(repository, join(cwd, "node_modules", "lmi"));
  return cwd;
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>
  >;
}

async function template(cwd: string, args: readonly string[] = []): Promise<Template> {
  const { code, stdout, stderr } = await machine.lmi(["synth", "--json", ...args], { cwd });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Template;
}

const whole = `
import { defineConfig } from "lmi";
import { Stack } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { minutes } from "./shared.ts";

console.log("printed while loading");
const name: string = await Promise.resolve("shop");

export default defineConfig(({ env }) => ({
  name,
  functions: { hello: { memory: env === "prod" ? 4096 : 2048 } },
  overrides: { hello: { "Properties.Timeout": minutes * 60 } },
  resources: { Topic: { Type: "AWS::SNS::Topic" } },
  outputs: { Topic: { Value: { Ref: "Topic" } } },
  async stack(stack, { settings, resource }) {
    await Promise.resolve();
    console.log("printed by the hook", settings.functions["hello"]?.memory);
    if (!(stack instanceof Stack && stack instanceof Construct)) throw new Error("another CDK");
    const jobs = new Queue(stack, "Jobs");
    resource("hello").addPropertyOverride("Environment.Variables.QUEUE_URL", jobs.queueUrl);
    setTimeout(() => console.log("printed late"), 50);
  },
}));
`;

const config = (text: string) =>
  `import { defineConfig } from "lmi/config";\nexport default defineConfig(${text});\n`;

describe("lmi.config.ts", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await project({ "lmi.config.ts": whole, "shared.ts": "export const minutes = 2;\n" });
    used.push(cwd);
  });

  test("gives settings, changes the stack through the CDK of lmi, and leaves stdout alone", async () => {
    const { Resources } = await template(cwd);
    expect(Resources["HelloLambda"]?.Properties).toMatchObject({
      MemorySize: 2048,
      Timeout: 120,
      Environment: { Variables: { QUEUE_URL: { Ref: expect.stringMatching(/^Jobs/) } } },
    });
    expect(Object.values(Resources).map(({ Type }) => Type)).toContain("AWS::SQS::Queue");
  });

  test("knows --env, and is named as the origin of what it says", async () => {
    const { code, stdout, stderr } = await machine.lmi(
      ["synth", "--env", "prod", "--show-origin", "--json"],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("printed while loading");
    expect(JSON.parse(stdout)).toMatchObject({
      "functions.hello.memory": { value: 4096, origin: "lmi.config.ts" },
      stack: { value: "(a function)", origin: "lmi.config.ts" },
    });
  });

  test("goes through deploy, diff, status and destroy on the local target", async () => {
    const deployed = await machine.lmi(["deploy", "--local", "--yes"], { cwd });
    expect(deployed, deployed.stderr).toMatchObject({ code: 0 });
    expect(deployed.stdout).toContain("Topic");
    const same = await machine.lmi(["diff", "--local", "--fail", "--json"], { cwd });
    expect(same, same.stderr).toMatchObject({ code: 0 });
    const invoked = await machine.lmi(["invoke", "--local"], { cwd });
    expect(invoked, invoked.stderr).toMatchObject({ code: 0, stdout: "1" });
    const gone = await machine.lmi(["destroy", "--local", "--yes"], { cwd });
    expect(gone, gone.stderr).toMatchObject({ code: 0 });
  });

  test("type-checks in a strict project, and refuses keys that are no settings", async () => {
    const folder = await project({
      "right.ts": config("{ functions: { a: { memory: 4096 } }, stack(s) { s.stackName; } }"),
      "wrong.ts": config("{ functions: { a: { memry: 4096 } } }"),
    });
    const tsc = (file: string) =>
      machine.run(
        process.execPath,
        [
          join(repository, "node_modules", "typescript", "bin", "tsc"),
          "--noEmit",
          "--strict",
          "--skipLibCheck",
          "--module",
          "nodenext",
          "--target",
          "es2024",
          file,
        ],
        { cwd: folder },
      );
    const right = await tsc("right.ts");
    expect(right, right.stdout).toMatchObject({ code: 0 });
    expect((await tsc("wrong.ts")).stdout).toContain("memry");
  });
});

test.each([
  ["lmi.config.mts", 'export default { name: "x" as string, functions: { hello: {} } };'],
  ["lmi.config.mjs", 'export default async () => ({ name: "x", functions: { hello: {} } });'],
  ["lmi.config.js", 'module.exports = { name: "x", functions: { hello: {} }, region: undefined };'],
])("%s is found, and --config takes it from elsewhere", async (file, text) => {
  const cwd = await project({ [file]: text });
  expect(Object.keys((await template(cwd)).Resources)).toContain("HelloLambda");
  expect(
    Object.keys(
      (await template(machine.home, ["--config", join(cwd, file), "--entry", "src/handler.ts"]))
        .Resources,
    ),
  ).toContain("HelloLambda");
});

test("an enum, which Node cannot strip, is left to esbuild, and places stay right", async () => {
  const cwd = await project({
    "lmi.config.ts": `import { Names } from "./names.ts";
interface Unused {
  readonly a: string;
}
export default { name: Names.shop, functions: { hello: {} }, stack() { throw new Error("no"); } };
`,
    "names.ts": 'export enum Names { shop = "shop" }\n',
  });
  const { code, stderr } = await machine.lmi(["synth"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain("lmi.config.ts:5:");
});

describe("a settings file that goes wrong is told with its place, and no stack of lmi's", () => {
  const hello = 'name: "x", functions: { hello: {} }';
  const cases: readonly (readonly [what: string, text: string, code: string, says: RegExp])[] = [
    [
      "throws",
      'const f = () => {\n  throw new Error("boom");\n};\nf();\nexport default {};',
      "LMI_CONFIG_FAILED",
      /lmi\.config\.ts:2:9 failed: boom/,
    ],
    ["throws text", 'throw "text";', "LMI_CONFIG_FAILED", /lmi\.config\.ts failed: "text"/],
    [
      "has a function that throws",
      'export default async () => {\n  throw new Error("late boom");\n};',
      "LMI_CONFIG_FAILED",
      /lmi\.config\.ts:2:9 failed: late boom/,
    ],
    [
      "waits for ever",
      "await new Promise(() => {});\nexport default {};",
      "LMI_CONFIG_FAILED",
      /waits for something that never comes/,
    ],
    [
      "imports a package that is not there",
      'import x from "left-pad";\nexport default x;',
      "LMI_CONFIG_FAILED",
      /lmi\.config\.ts:1:16 imports left-pad, which is not installed[\s\S]*npm install --save-dev left-pad/,
    ],
    [
      "imports a file that is not there",
      'import x from "./other";\nexport default x;',
      "LMI_CONFIG_FAILED",
      /lmi\.config\.ts:1:\d+ imports what is not there/,
    ],
    [
      "imports a name that is not exported",
      'import { nothing } from "lmi";\nexport default nothing;',
      "LMI_CONFIG_FAILED",
      /lmi\.config\.ts failed: .*nothing/,
    ],
    ["is no TypeScript", "export default {\n  a b\n};", "LMI_CONFIG_SYNTAX", /lmi\.config\.ts:2:5/],
    ["exports nothing", "export const name = 1;", "LMI_CONFIG_EXPORT", /no default export/],
    [
      "returns nothing",
      "export default () => {};",
      "LMI_CONFIG_EXPORT",
      /gives undefined from its function/,
    ],
    [
      "has something that is no JSON",
      `export default { ${hello}, tags: { at: new Date() } };`,
      "LMI_CONFIG_EXPORT",
      /tags\.at of lmi\.config\.ts is a Date/,
    ],
    [
      "ends the process",
      "process.exit(0);",
      "LMI_CONFIG_FAILED",
      /lmi\.config\.ts:1:9 failed: process\.exit\(0\) was called/,
    ],
    [
      "has a stack that is no function",
      `export default { ${hello}, stack: {} };`,
      "LMI_CONFIG_EXPORT",
      /stack of lmi\.config\.ts is no function/,
    ],
    [
      "exports its stack function by itself",
      `export const stack = () => {};\nexport default { ${hello} };`,
      "LMI_CONFIG_EXPORT",
      /lmi\.config\.ts exports a function stack by itself/,
    ],
    [
      "has a stack function that throws",
      `export default { ${hello},\n  stack(stack, { resource }) {\n    resource("helo");\n  } };`,
      "LMI_STACK_HOOK_FAILED",
      /lmi\.config\.ts:3:5 failed: helo is no resource of the stack; did you mean hello\?/,
    ],
    [
      "has a stack function that CDK refuses",
      `import { CfnOutput } from "aws-cdk-lib";\nexport default { ${hello},\n  stack(stack) {\n    new CfnOutput(stack, "Vpc", { value: "x" });\n  } };`,
      "LMI_STACK_HOOK_FAILED",
      /lmi\.config\.ts:4:5 failed: .*Vpc/,
    ],
    [
      "leaves a stack that CDK cannot synthesise",
      `export default { ${hello},\n  stack(stack) { stack.node.addValidation({ validate: () => ["never valid"] }); } };`,
      "LMI_STACK_HOOK_FAILED",
      /never valid/,
    ],
    [
      "has a stack function that waits for ever",
      `export default { ${hello}, stack: () => new Promise(() => {}) };`,
      "LMI_STACK_HOOK_FAILED",
      /stack function of lmi\.config\.ts waits/,
    ],
    [
      "has an unknown key",
      'export default { name: "x", function: {} };',
      "LMI_SETTINGS_INVALID",
      /function \(from lmi\.config\.ts\)\s+is not a setting; did you mean functions\?/,
    ],
  ];
  test.each(cases)("%s", async (_what, text, code, says) => {
    const cwd = await project({ "lmi.config.ts": text });
    const told = await machine.lmi(["synth"], { cwd });
    expect(told, told.stderr).toMatchObject({ code: 2, stdout: "" });
    expect(told.stderr).toMatch(says);
    expect(told.stderr).toContain(code);
    expect(told.stderr).not.toMatch(/\n\s+at |\/dist\//);
    const json = await machine.lmi(["synth", "--json"], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({ type: "error", code, exitCode: 2 });
  });
});

test("a loop without an end can be interrupted", async () => {
  const cwd = await project({ "lmi.config.js": 'console.log("looping"); for (;;);' });
  const running = machine.start(["synth"], { cwd });
  await running.shows(/looping/);
  running.kill("SIGINT");
  expect((await running.finished).signal).toBe("SIGINT");
});

test("two settings files in one folder are an error that says which to delete", async () => {
  const cwd = await project({
    "lmi.json": '{ "name": "json", "functions": { "a": {} } }',
    "lmi.config.ts": 'export default { name: "code", functions: { b: {} } };',
  });
  const told = await machine.lmi(["synth"], { cwd });
  expect(told.code).toBe(2);
  expect(told.stderr).toMatch(/Delete lmi\.json/);
  expect(told.stderr).toContain("LMI_CONFIG_AMBIGUOUS");
  const chosen = await template(cwd, ["--config", "lmi.json"]);
  expect(Object.keys(chosen.Resources)).toContain("ALambda");
});
