import { afterAll, beforeAll, expect, test } from "vitest";

import { runDeploy } from "../../../src/cli/commands/deploy.ts";
import { deployOptions } from "../../deploy/deploy-fixture.ts";
import { LocalProject } from "../../deploy/local-project.ts";
import { push } from "./push-options.ts";

let project: LocalProject;
beforeAll(async () => {
  project = await LocalProject.create({
    functions: { hello: { entry: "src/handler.ts", minEnvironments: 1, maxEnvironments: 5 } },
  });
  await runDeploy(
    deployOptions({ local: true, settings: { ttl: "1h", memory: "4096" } }),
    project.deps(),
  );
}, 60_000);
afterAll(() => project.dispose());

const concurrency = async (qualifier?: string) => {
  const { properties = {} } = (await project.aws.code.find("hello", qualifier)) ?? {};
  return properties;
};
const withConcurrency = (MemorySize: number, PerExecutionEnvironmentMaxConcurrency: number) => ({
  MemorySize,
  CapacityProviderConfig: {
    LambdaManagedInstancesCapacityProviderConfig: { PerExecutionEnvironmentMaxConcurrency },
  },
});

test("a time to live is no obstacle to code, and memory brings its requests at once", async () => {
  // One vCPU less takes 64 requests at once less: Lambda refuses memory alone.
  await project.writeHandler("pushed");
  const { functions, deps } = await push(project);
  expect(functions).toMatchObject([
    { changes: ["code", "MemorySize"], settings: [{ name: "MemorySize", from: 4096, to: 2048 }] },
  ]);
  expect(deps.rendered[0]).toMatch(/ {2}memory 4096 → 2048$/);
  // With 4096 MB a minimum of one environment needs another instance type.
  expect(deps.results).toMatchObject([{ cost: { before: {}, after: {} } }]);
  expect(deps.lines.join("\n")).toMatch(/Cost +on AWS /);
  expect(await concurrency("$LATEST.PUBLISHED")).toMatchObject(withConcurrency(2048, 64));

  const more = await push(project, { settings: { memory: "6144", ttl: "2h" } });
  expect(await concurrency("$LATEST.PUBLISHED")).toMatchObject(withConcurrency(6144, 192));
  expect(more.deps.lines.join("\n")).toContain("--ttl is ignored");
  const { outputs = {} } = (await project.aws.stacks.find("lmi-hello")) ?? {};
  expect(outputs["ExpiresAt"]).toBeDefined();

  // A deploy comes to the same.
  await runDeploy(deployOptions({ local: true, settings: { memory: "6144" } }), project.deps());
  expect(await concurrency("$LATEST.PUBLISHED")).toMatchObject(withConcurrency(6144, 192));
}, 40_000);

test("code that throws is no success, and the way back is told", async () => {
  await project.write(
    "src/handler.ts",
    'export const handler = async () => { throw new Error("broken"); };',
  );
  const { deps, functions } = await push(project, { settings: { memory: "6144" } });
  expect(functions).toMatchObject([{ answer: { functionError: "Unhandled" } }]);
  const told = deps.lines.join("\n");
  expect(told).toContain("The first answer was an error (Unhandled) in ");
  expect(told).toContain("Back: lmi rollback --local hello");
  expect(told).not.toMatch(/First answer 200|200 in/);
}, 20_000);
