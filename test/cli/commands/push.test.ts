import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { LocalProject } from "../../deploy/local-project.ts";
import { push } from "./push-options.ts";

let project: LocalProject;
beforeAll(async () => {
  project = await LocalProject.deployed();
}, 60_000);
afterAll(() => project.dispose());
beforeEach(() => project.writeSettings());
afterEach(() => project.target.faults.clear());

test("a push brings new code that answers; a second one finds nothing to do", async () => {
  await project.writeHandler("pushed");
  const first = await push(project);
  expect(first).toMatchObject({
    changed: true,
    functions: [{ functionName: "hello", changes: ["code"], answer: { statusCode: 200 } }],
  });
  expect(await project.invoke()).toEqual({ answer: "pushed" });
  const [before] = first.functions;
  expect(first.deps.rendered[0]).toMatch(/^hello {2}[0-9a-f]{8} → [0-9a-f]{8}$/);

  const again = await push(project);
  expect(again).toMatchObject({ changed: false, functions: [{ changed: false, to: before?.to }] });
  expect(again.deps.lines).toContain("info Nothing to push: what runs is what the project says.");
});

test("memory, timeout, log levels and variables go along without CloudFormation", async () => {
  const hello = {
    entry: "src/handler.ts",
    memory: 4096,
    timeout: 7,
    logLevel: "DEBUG",
    environment: { STAGE: "test" },
  };
  await project.writeSettings({ functions: { hello } });
  const { functions } = await push(project);
  expect(functions[0]?.changes).toEqual([
    "Environment.STAGE",
    "ApplicationLogLevel",
    "MemorySize",
    "Timeout",
  ]);
  expect((await project.aws.code.find("hello", "$LATEST.PUBLISHED"))?.properties).toMatchObject({
    MemorySize: 4096,
    Timeout: 7,
    LoggingConfig: { ApplicationLogLevel: "DEBUG", LogGroup: "/aws/lambda/hello" },
    Environment: { Variables: { STAGE: "test" } },
  });
  // What was pushed before and is no longer wanted goes back, too: the template never had it.
  await project.writeSettings();
  await push(project);
  const { properties = {} } = (await project.aws.code.find("hello")) ?? {};
  expect(properties).toMatchObject({
    MemorySize: 2048,
    Timeout: 30,
    LoggingConfig: { ApplicationLogLevel: "INFO" },
    Environment: { Variables: { NODE_OPTIONS: "--enable-source-maps" } },
  });
});

test("what takes CloudFormation is refused before anything is pushed", async () => {
  await project.writeHandler("not pushed");
  await project.writeSettings({ capacity: { maxVCpu: 40 }, tags: { team: "a" } });
  await expect(push(project)).rejects.toMatchObject({
    code: "LMI_PUSH_NEEDS_DEPLOY",
    exitCode: 2,
    next: "lmi diff --local, then: lmi deploy --local",
    why: expect.stringContaining("CapacityProvider (capacity provider): "),
    details: { needsDeploy: expect.arrayContaining(["tags"]) },
  });
  expect(await project.invoke()).not.toEqual({ answer: "not pushed" });
});
