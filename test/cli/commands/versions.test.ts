import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  PutFunctionScalingConfigCommand,
} from "@aws-sdk/client-lambda";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import {
  runVersions,
  versionsCommand,
  type VersionsOptions,
  type VersionsResult,
} from "../../../src/cli/commands/versions.ts";
import { prunable, readRule } from "../../../src/cli/commands/versions/prunable.ts";
import { fullness, type ListedVersion } from "../../../src/cli/commands/versions/read-versions.ts";
import { fakeAccount, stackState } from "../../deploy/fake-aws.ts";
import { renderVersions } from "../../../src/cli/commands/versions/render.ts";
import { projectFolder, recordingDeps, sharedDefaults } from "../../deploy/recording-deps.ts";
import { publishVersions, startManagedStack } from "../../helpers/managed-stack.ts";

const options: VersionsOptions = {
  ...sharedDefaults({ local: true }),
  function: undefined,
  prune: false,
  keep: undefined,
  olderThan: undefined,
};

describe("on the local target", () => {
  test("lists versions with aliases, environments and the provider's use; prunes what is free", async () => {
    const { deps, lambda } = await startManagedStack();
    await publishVersions(lambda, "reference", 3);
    await lambda.send(
      new CreateAliasCommand({ FunctionName: "reference", Name: "live", FunctionVersion: "2" }),
    );
    await lambda.send(
      new PutFunctionScalingConfigCommand({
        FunctionName: "reference",
        Qualifier: "$LATEST.PUBLISHED",
        FunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 2 },
      }),
    );

    const listing = deps();
    await runVersions(options, listing);
    expect(listing.results).toMatchObject([
      {
        stackName: "lmi-hello",
        functions: [
          {
            name: "reference",
            versions: [
              { version: "$LATEST.PUBLISHED", minEnvironments: 1, maxEnvironments: 2 },
              { version: "3", aliases: [], minEnvironments: 3, maxEnvironments: undefined },
              { version: "2", aliases: ["live"] },
              { version: "1", aliases: [] },
            ],
          },
        ],
        capacityProviders: [
          { used: 4, limit: 100, by: [{ functionName: "reference", versions: 4, own: true }] },
        ],
        pruned: [],
      },
    ]);
    expect(listing.rendered.join("")).toMatch(/^ {2}2 .*live$/m);
    expect(listing.rendered.join("")).toMatch(/4 of 100 versions/);

    const declining = deps({ answer: "no" });
    await expect(runVersions({ ...options, prune: true }, declining)).rejects.toMatchObject({
      code: "LMI_DECLINED",
    });

    const pruning = deps();
    await runVersions({ ...options, prune: true, keep: "1" }, pruning);
    expect(pruning.lines).toContain("info - 1 version: reference:1");
    expect(pruning.results).toMatchObject([
      { pruned: [{ functionName: "reference", version: "1" }] },
    ]);
    const [{ functions }] = pruning.results as [VersionsResult];
    expect(functions[0]?.versions.map(({ version }) => version)).toEqual([
      "$LATEST.PUBLISHED",
      "3",
      "2",
    ]);
    await expect(
      lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: "reference", Qualifier: "1" }),
      ),
    ).rejects.toThrow("not found");

    const again = deps();
    await runVersions({ ...options, prune: true, keep: "1" }, again);
    expect(again.lines.join("\n")).toContain("Nothing to prune");
  });
});

test("a version that an event source mapping calls stays, and it is said what nobody looked at", async () => {
  const { deps, lambda } = await startManagedStack();
  await publishVersions(lambda, "reference", 2);
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: "reference:1",
      EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/clicks",
      StartingPosition: "LATEST",
    }),
  );
  const pruning = deps();
  await runVersions({ ...options, prune: true, keep: "0" }, pruning);
  expect(pruning.results).toMatchObject([
    { pruned: [{ functionName: "reference", version: "2" }] },
  ]);
  expect(pruning.lines.join(" ").replaceAll(/\s+/g, " ")).toMatch(
    /Not looked at: .*Step Functions/,
  );
});

const version = (number: string, change: Partial<ListedVersion> = {}): ListedVersion => ({
  version: number,
  state: "Active",
  lastUpdateStatus: undefined,
  modifiedAt: new Date("2026-01-01T00:00:00Z"),
  codeBytes: 1,
  codeSha256: "x",
  codeSha256Hex: undefined,
  description: undefined,
  capacityProviderArn: undefined,
  aliases: [],
  minEnvironments: 3,
  maxEnvironments: undefined,
  ofStack: false,
  ...change,
});

const doomed = (versions: readonly ListedVersion[], rule: Parameters<typeof readRule>[0]) =>
  prunable([{ name: "f", versions }], readRule(rule, new Date("2026-02-01T00:00:00Z")), [
    { functionName: "f", qualifier: "7" },
    { functionName: "f", qualifier: "live" },
    { functionName: "g", qualifier: "1" },
  ]).map((each) => each.version);

describe("what may be pruned", () => {
  const all = [version("$LATEST.PUBLISHED"), version("3"), version("2"), version("1")];

  test("is numbered, oldest first, and never the newest where nobody says so", () => {
    expect(doomed(all, { keep: "0", olderThan: undefined })).toEqual(["1", "2", "3"]);
    expect(doomed(all, { keep: undefined, olderThan: undefined })).toEqual(["1", "2"]);
  });

  test("is nothing that an event source mapping calls", () => {
    const some = [version("7"), version("6")];
    expect(doomed(some, { keep: "0", olderThan: undefined })).toEqual(["6"]);
  });

  test("is neither among those to keep nor younger than said", () => {
    expect(doomed(all, { keep: "2", olderThan: undefined })).toEqual(["1"]);
    expect(doomed(all, { keep: "0", olderThan: "30d" })).toEqual(["1", "2", "3"]);
    expect(doomed(all, { keep: "0", olderThan: "32d" })).toEqual([]);
    const young = version("1", { modifiedAt: new Date("2026-01-31T23:00:00Z") });
    expect(doomed([young], { keep: "0", olderThan: "2h" })).toEqual([]);
  });

  test.each([
    ["an alias points at", { aliases: ["live"] }],
    ["CloudFormation made", { ofStack: true }],
    ["is being deleted", { state: "Deleting" }],
  ])("is nothing that %s", (_, change) => {
    expect(doomed([version("1", change)], { keep: "0", olderThan: undefined })).toEqual([]);
  });

  test("is nothing of unknown age where an age is given", () => {
    const ageless = version("1", { modifiedAt: undefined });
    expect(doomed([ageless], { keep: "0", olderThan: "1m" })).toEqual([]);
  });
});

test.each([
  [{ prune: true, keep: "x" }, "--keep x is not a number of versions."],
  [{ prune: true, olderThan: "30" }, "--older-than 30 is not an age."],
  [{ keep: "3" }, "--keep 3 says nothing without --prune."],
])("%o is refused before anything is asked", async (change, message) => {
  const account = fakeAccount({ stack: stackState() });
  const deps = recordingDeps({ account, cwd: await projectFolder(), answer: "yes" });
  await expect(runVersions({ ...options, local: false, ...change }, deps)).rejects.toMatchObject({
    message,
    exitCode: 2,
  });
});

test("on AWS versions are deleted at most one a second", async () => {
  const uses = ["1", "2", "3"].map((number) => ({
    functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:hello:${number}`,
    functionName: "hello",
    version: number,
    state: "Active",
  }));
  const account = fakeAccount({ stack: stackState(), uses });
  account.resources = [
    { logicalId: "F", physicalId: "hello", type: "AWS::Lambda::Function" },
    { logicalId: "P", physicalId: "cp", type: "AWS::Lambda::CapacityProvider" },
  ].map((each) => ({ ...each, status: "CREATE_COMPLETE", statusReason: undefined }));
  const deps = recordingDeps({ account, cwd: await projectFolder(), answer: "yes" });
  const aws = await deps.aws({});
  const ofFunction = async () =>
    uses.map((use) => ({
      ...version(use.version),
      functionName: use.functionName,
      arn: use.functionArn,
    }));
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => void slept.push(milliseconds);
  await runVersions(
    { ...options, local: false, prune: true, keep: "0" },
    {
      ...deps,
      system: { ...deps.system, sleep },
      aws: async () => ({ ...aws, versions: { ...aws.versions, ofFunction } }),
    },
  );
  expect(account.deletedVersions).toHaveLength(3);
  expect(slept).toEqual([1000, 1000]);
});

test("the limit of versions is warned of from 80", () => {
  const usage = { name: "cp", limit: 100, by: [] };
  expect(fullness({ ...usage, used: 79 })).toBeUndefined();
  expect(fullness({ ...usage, used: 80 })).toContain("cp has 80 of 100 versions");
});

test("the command line hands over its options", async () => {
  const deps = recordingDeps({
    account: fakeAccount(),
    cwd: await projectFolder(),
    answer: "yes",
  });
  let seen: VersionsOptions | undefined;
  const command = versionsCommand(deps, async (given) => void (seen = given));
  await new Command("lmi")
    .addCommand(command)
    .parseAsync(["versions", "fn", "--prune", "--keep", "2", "--older-than", "4w"], {
      from: "user",
    });
  expect(seen).toMatchObject({ function: "fn", prune: true, keep: "2", olderThan: "4w" });
});

test("interrupted before anything is deleted, --prune says so", async () => {
  const account = fakeAccount({ stack: stackState() });
  const deps = recordingDeps({ account, cwd: await projectFolder(), answer: "yes" });
  const aws = await deps.aws({});
  const find = () => {
    deps.interruptBy("SIGTERM");
    return new Promise<never>(() => {});
  };
  const slow = { ...deps, aws: async () => ({ ...aws, stacks: { ...aws.stacks, find } }) };
  await expect(runVersions({ ...options, prune: true }, slow)).rejects.toMatchObject({
    code: "LMI_INTERRUPTED",
    why: "Nothing was deleted.",
    exitCode: 143,
  });
});

test("hashes are told as everywhere: in hex, shortened for people", () => {
  const own = version("1", { codeSha256: Buffer.from("00ab12cd34ef", "hex").toString("base64") });
  const rendered = renderVersions({
    functions: [{ name: "f", versions: [own] }],
    capacityProviders: [],
    pruned: [],
  });
  expect(rendered).toContain(" 00ab12cd ");
});
