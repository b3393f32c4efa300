import { expect, test } from "vitest";

import type { VersionUse } from "../../src/aws/ports.ts";
import { besidesWords, runningBesides } from "../../src/deploy/explain/room-besides.ts";
import { runningVersions } from "../../src/deploy/explain/running-besides.ts";
import { deploymentFailed } from "../../src/deploy/failure.ts";
import { noFindings } from "../../src/deploy/explain/evidence.ts";
import { neededVCpus } from "../../src/synth/needed-vcpus.ts";
import { providersOf } from "../../src/synth/providers.ts";
import { recordingAws } from "../helpers/recording-aws.ts";
import { settingsOf } from "../synth/reference-settings.ts";
import { fakeAccount, fakeAws, stackEvent, stackState } from "./fake-aws.ts";

const use = (functionName: string, version: string, state = "Active"): VersionUse => ({
  functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}:${version}`,
  functionName,
  version,
  state,
});
const room = { environments: 3, vCpus: 1, memory: 2048 };
const running = (functionName: string, version: string) => ({ functionName, version, ...room });

test("what holds environments is asked of active versions, with what each is set to", async () => {
  const aws = recordingAws({
    versions: {
      ofCapacityProvider: async () => [
        use("hello", "$LATEST"),
        use("hello", "$LATEST.PUBLISHED"),
        use("hello", "2"),
        use("hello", "3", "Pending"),
        use("hello", "1", "Deactivated"),
        use("other", "7"),
      ],
    },
    runningVersions: {
      scaling: async (_name, version) => {
        const limits = { min: version === "7" ? 0 : undefined, max: undefined };
        return { requested: limits, applied: limits };
      },
      configuration: async (_name, version) =>
        ({ memory: 8192, memoryPerVCpu: version === "2" ? 4 : undefined }) as never,
    },
  });
  expect(await runningVersions("cp", aws)).toEqual([
    {
      functionName: "hello",
      version: "$LATEST.PUBLISHED",
      environments: 3,
      memory: 8192,
      vCpus: 4,
    },
    { functionName: "hello", version: "2", environments: 3, memory: 8192, vCpus: 2 },
  ]);
});

const withAliases = (aliases = {}) =>
  settingsOf({ functions: { hello: { entry: "a.ts", aliases } } }, "dev");

test("what settings count is not counted twice: the published version, and one for an alias", () => {
  const all = [
    running("hello-dev", "$LATEST.PUBLISHED"),
    running("hello-dev", "2"),
    running("hello-dev", "10"),
    running("strange", "$LATEST.PUBLISHED"),
  ];
  const names = (aliases?: object) => {
    const [provider] = providersOf(withAliases(aliases));
    if (provider === undefined) throw new Error("no provider");
    return runningBesides(all, provider, "dev").map(
      ({ functionName, version, isOwn }) => `${functionName}:${version} ${isOwn}`,
    );
  };
  expect(names()).toEqual([
    "hello-dev:10 true",
    "hello-dev:2 true",
    "strange:$LATEST.PUBLISHED false",
  ]);
  expect(names({ live: "version" })).toEqual([
    "hello-dev:2 true",
    "strange:$LATEST.PUBLISHED false",
  ]);
});

test("environments besides take instances of their own, once, whatever starts beside what answers", () => {
  const settings = settingsOf({ functions: { hello: { entry: "a.ts" } } });
  const [provider] = providersOf(settings);
  if (provider === undefined) throw new Error("no provider");
  const request = {
    network: settings.network,
    instanceType: "m7i.xlarge",
    generations: 2,
  } as const;
  const alone = neededVCpus(provider, request);
  // 3 of 3 vCPUs for environments on one; what fits on none has one for itself.
  const besides = [room, { ...room, environments: 1, memory: 64 * 1024 }];
  const both = neededVCpus(provider, { ...request, besides });
  expect(both).toMatchObject({ instances: alone?.instances, instancesBesides: 2 });
  expect(both?.vCpus).toBe((alone?.vCpus ?? 0) + 8);
});

test("the cap that is proposed has room for them, they are named, and how to be rid of them is said", () => {
  const settings = settingsOf({
    capacity: { maxVCpu: 12 },
    functions: { hello: { entry: "a.ts" } },
  });
  const event = stackEvent({
    logicalId: "Function",
    physicalId: "hello",
    status: "UPDATE_FAILED",
    statusReason: "CapacityProviderScalingLimitExceeded: 12 of 12",
  });
  const error = deploymentFailed({
    target: fakeAws(fakeAccount()).target,
    stack: stackState({ status: "UPDATE_ROLLBACK_COMPLETE" }),
    event,
    left: [],
    settings,
    findings: {
      ...noFindings,
      failedLaunches: [{ type: "m7i.xlarge", zone: undefined, why: "" }],
      running: [running("hello", "2"), running("hello", "1")],
    },
  });
  expect(error.why).toContain(
    "are 2 instances of 4 vCPUs, 2 more for what runs besides (hello:2 with 3 environments, hello:1 with 3 environments), and one more, 20 vCPUs; the cap is 12.",
  );
  expect(error.next).toBe(
    "Raise the cap to at least 20:  lmi deploy --max-vcpu 20\nOr delete old versions that nothing points at:  lmi versions --prune --keep 0",
  );
});

test("of many only some are named", () => {
  const others = Array.from({ length: 9 }, (_, index) => ({
    ...running("f", String(index)),
    isOwn: true,
  }));
  expect(besidesWords({ instancesBesides: 9 }, others)).toMatch(
    /f:5 with 3 environments, 3 more\),$/,
  );
  expect(besidesWords({ instancesBesides: 0 }, [])).toBe("");
});
