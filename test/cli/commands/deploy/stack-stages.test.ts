import { describe, expect, test } from "vitest";
import { stackStages } from "../../../../src/cli/commands/deploy/stack-stages.ts";
import { createReporter } from "../../../../src/cli/output/create-reporter.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";

const plain = { json: false, quiet: false, verbose: false, color: false, stream: false };
const stack = "AWS::CloudFormation::Stack";
const expected = [
  { logicalId: "Vpc", type: "AWS::EC2::VPC" },
  { logicalId: "Subnet", type: "AWS::EC2::Subnet" },
  { logicalId: "Role", type: "AWS::IAM::Role" },
  { logicalId: "Function", type: "AWS::Lambda::Function" },
];
const types: Readonly<Record<string, string>> = Object.fromEntries(
  expected.map(({ logicalId, type }) => [logicalId, type]),
);

async function start(options: Partial<typeof plain> = {}) {
  const system = recordingSystem();
  const reporter = await createReporter({ ...plain, ...options }, system);
  const stages = stackStages({ reporter, expected, saysUsual: false, assets: "1.2 MB" });
  const tell = (logicalId: string, status: string, reason?: string) =>
    stages.onEvent({
      type: "resource",
      time: new Date(0),
      logicalId,
      physicalId: undefined,
      resourceType: types[logicalId] ?? stack,
      status,
      reason,
      progress: undefined,
    });
  const lines = () => system.written.stderr.trimEnd().split("\n");
  return { stages, tell, lines, system };
}

/** Without times and columns. */
const short = (lines: readonly string[]) =>
  lines.map((line) =>
    line
      .trim()
      .replace(/ +\d+:\d\d$/, "")
      .replaceAll(/ {2,}/g, " "),
  );

describe("a deployment in stages", () => {
  test("each kind of resource is two lines, however many resources and states it has", async () => {
    const { stages, tell, lines } = await start();
    tell("lmi-hello", "CREATE_IN_PROGRESS");
    for (const id of ["Vpc", "Role", "Vpc"]) tell(id, "CREATE_IN_PROGRESS");
    for (const id of ["Vpc", "Role"]) tell(id, "CREATE_COMPLETE");
    tell("Subnet", "CREATE_IN_PROGRESS");
    tell("Subnet", "CREATE_COMPLETE");
    await turn();
    tell("Function", "CREATE_IN_PROGRESS");
    tell("Function", "CREATE_COMPLETE");
    await stages.end("done");
    expect(short(lines())).toEqual([
      "… assets",
      "… network",
      "… roles and logs",
      "✓ assets 1.2 MB",
      "✓ roles and logs role",
      "✓ network VPC, subnet",
      "… function",
      "✓ function function",
    ]);
  });

  test("a failure is a line without the noise, its cancelled neighbours are none, the rollback is a stage", async () => {
    const { stages, tell, lines } = await start();
    tell("Vpc", "CREATE_IN_PROGRESS");
    tell("Function", "CREATE_IN_PROGRESS");
    const reason =
      'Resource handler returned message: "No room (Service: Lambda, Status Code: 400, Request ID: 1-2)" (RequestToken: 3, HandlerErrorCode: GeneralServiceException)';
    tell("Function", "CREATE_FAILED", reason);
    tell("Vpc", "CREATE_FAILED", "Resource creation cancelled");
    await turn();
    tell("lmi-hello", "ROLLBACK_IN_PROGRESS");
    tell("Vpc", "DELETE_IN_PROGRESS");
    tell("Vpc", "DELETE_COMPLETE");
    await stages.end("failed");
    expect(short(lines()).filter((line) => !line.includes("assets"))).toEqual([
      "… network",
      "… function",
      "Function (AWS::Lambda::Function) create failed: No room",
      "✗ function function",
      "… roll back",
      "✗ network 1 of 2",
      "✓ roll back VPC",
    ]);
  });

  test("--verbose has a line for every state, once", async () => {
    const { stages, tell, lines } = await start({ verbose: true });
    tell("Vpc", "CREATE_IN_PROGRESS");
    tell("Vpc", "CREATE_IN_PROGRESS", "Resource creation Initiated");
    tell("Vpc", "CREATE_COMPLETE");
    await stages.end("done");
    expect(lines().filter((line) => line.includes("Vpc (AWS::EC2::VPC)"))).toHaveLength(2);
  });

  test("a further attempt is said, and tells a failure again only when it is another one", async () => {
    const { stages, tell, lines } = await start();
    for (const reason of ["in use", "in use", "not allowed"]) {
      tell("lmi-hello", "DELETE_IN_PROGRESS");
      tell("Vpc", "DELETE_FAILED", reason);
      tell("lmi-hello", "DELETE_FAILED");
      stages.onEvent({ type: "pause", milliseconds: 1, message: "Again." });
    }
    await stages.end("failed");
    expect(lines().filter((line) => line.includes("delete failed"))).toHaveLength(2);
    expect(lines().filter((line) => line === "Again.")).toHaveLength(3);
  });
});

/** Lets the lines of ended steps come out. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
