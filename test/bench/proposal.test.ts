import { describe, expect, test } from "vitest";

import { confidenceIn } from "../../src/bench/confidence.ts";
import { type Knee, kneeOf } from "../../src/bench/knee.ts";
import { type ProposalRequest, propose } from "../../src/bench/proposal.ts";
import { useAtKnee } from "../../src/bench/use-at-knee.ts";
import { settingsOf } from "../synth/reference-settings.ts";
import { rateStep } from "./queue.ts";

const knee: Knee = { rps: 300, from: 280, to: 310, concurrency: 12, limit: "saturated" };
const deployed = { entry: "src/handler.ts", memory: 4096, minEnvironments: 3, concurrency: 16 };

function request(over: Partial<ProposalRequest> = {}): ProposalRequest {
  return {
    settings: settingsOf({ name: "hello", functions: { hello: deployed } }),
    functionKey: "hello",
    knee,
    environments: 3,
    use: { environments: 3, cpu: 60, memory: 30 },
    durationMs: 40,
    targetRps: 1000,
    ...over,
  };
}

test("environments carry the target and half as much again, and may double", () => {
  const proposal = propose(request());
  expect(proposal?.rpsPerEnvironment).toBe(100);
  expect(proposal?.settings).toMatchObject({ minEnvironments: 15, maxEnvironments: 20 });
});

test("concurrency is what is under way in an environment at the knee, and three deviations more", () => {
  // Little's law: 100 a second, each 40 ms, are 4 at once, as a Poisson process ± 2.
  expect(propose(request())?.settings.concurrency).toBe(10);
});

test.each([
  ["an idle CPU", 20],
  ["a CPU that was not measured", undefined],
])("%s is no reason for less concurrency", (_, cpu) => {
  const proposal = propose(request({ use: { environments: 3, cpu, memory: 30 } }));
  expect(proposal?.settings.concurrency).toBe(16);
});

test("where Lambda refuses while the CPU is idle, an environment may take more", () => {
  const refused = { ...knee, limit: "throttles" as const };
  const use = { environments: 3, cpu: 25, memory: 30 };
  expect(propose(request({ knee: refused, use }))?.settings.concurrency).toBe(23);
});

test("where no knee was reached, nothing speaks for less concurrency", () => {
  const open = { ...knee, limit: "none" as const };
  expect(propose(request({ knee: open }))?.settings.concurrency).toBe(16);
});

describe("where the knee was not reached, numbers in proportion are upper bounds", () => {
  // 40/s on 3 environments are 13.3/s each, and half as much again needs 60 / 13.3 = 4.5 of them.
  const open = { rps: 40, from: 40, to: undefined, concurrency: 1, limit: "none" } as const;

  test("and are said to be", () => {
    const proposal = propose(request({ knee: open, targetRps: 40 }));
    expect(proposal?.settings).toMatchObject({ minEnvironments: 5, maxEnvironments: 7 });
    expect(proposal?.atMost).toEqual(["minEnvironments", "maxEnvironments", "maxVCpu"]);
    expect(proposal?.reasons.join("\n")).toContain("at the most that was tried 60 % of 2 vCPU");
    expect(proposal?.reasons.join("\n")).toContain(
      "minEnvironments 5: 40/s and half as much again, at the 13.3/s that each environment was asked for, though it may do more",
    );
  });

  test("unless zones want as many", () => {
    const functions = { hello: deployed };
    const settings = settingsOf({ name: "hello", network: { azs: 3 }, functions });
    const proposal = propose(request({ settings, knee: open, targetRps: 10 }));
    expect(proposal?.settings.minEnvironments).toBe(3);
    expect(proposal?.atMost).toEqual([]);
  });

  test.each(["saturated", "slow", "throttles"] as const)("and are none with %s", (limit) => {
    expect(propose(request({ knee: { ...open, limit } }))?.atMost).toEqual([]);
  });

  test.each(["generator", "failing"] as const)("as they are with %s", (limit) => {
    expect(propose(request({ knee: { ...open, limit } }))?.atMost).toContain("minEnvironments");
  });
});

test("one environment in each zone, though fewer would carry the target", () => {
  const functions = { hello: deployed };
  const settings = settingsOf({ name: "hello", network: { azs: 3 }, functions });
  const proposal = propose(request({ settings, targetRps: 10 }));
  expect(proposal?.settings.minEnvironments).toBe(3);
  expect(proposal?.reasons.join("\n")).toMatch(/one in each zone/);
  const alone = propose(request({ targetRps: 10 }));
  expect(alone?.settings.minEnvironments).toBe(1);
  expect(alone?.reasons.join("\n")).toMatch(/in one zone only/);
});

test("says where Lambda would rather take dearer instances than its costs assume", () => {
  const use = { environments: 3, cpu: 10, memory: 10 };
  const proposal = propose(request({ targetRps: 10, use }));
  expect(proposal?.reasons.join("\n")).toMatch(/Lambda would rather take 1 × c/);
});

function step(rps: number, throughput: number, cpu: number) {
  const measured = rateStep({ slots: 8, serviceMs: 20 }, rps, { seconds: 1 });
  return { ...measured, throughput, use: { environments: 3, cpu, memory: 30 } };
}

describe("what is used at the knee", () => {
  test("is that of the step that answered as much, though it did not hold", () => {
    const steps = [step(50, 50, 12), step(500, 300, 72)];
    expect(useAtKnee(steps, knee)).toEqual({ environments: 3, cpu: 72, memory: 30 });
  });

  test("is in proportion to it, where no step answered as much", () => {
    expect(useAtKnee([step(50, 50, 12)], knee)?.cpu).toBe(72);
    expect(useAtKnee([step(50, 50, 30)], knee)?.cpu).toBe(100);
  });

  test("is not known where nothing was measured", () => {
    expect(useAtKnee([{ ...step(50, 50, 12), use: undefined }], knee)).toBeUndefined();
  });
});

describe("an environment is as large as what one used at the knee needs", () => {
  test.each([
    ["little memory for much CPU", { cpu: 75, memory: 20 }, { memory: 4096, memoryPerVCpu: 2 }],
    ["much memory for little CPU", { cpu: 20, memory: 70 }, { memory: 4096, memoryPerVCpu: 4 }],
    ["little of both", { cpu: 10, memory: 10 }, { memory: 2048, memoryPerVCpu: 2 }],
    ["more memory than it has", { cpu: 100, memory: 100 }, { memory: 6144, memoryPerVCpu: 2 }],
  ])("%s", (_, use, expected) => {
    const proposal = propose(request({ use: { environments: 3, ...use } }));
    expect(proposal?.settings).toMatchObject(expected);
  });

  test("what was not measured stays as it is", () => {
    const use = { environments: 3, cpu: undefined, memory: undefined };
    expect(propose(request({ use }))?.settings).toMatchObject({ memory: 4096, memoryPerVCpu: 2 });
  });
});

test.each([10, 500, 20_000])("what is proposed for %i/s is within Lambda's rules", (targetRps) => {
  const proposal = propose(request({ targetRps }));
  const { maxVCpu, ...own } = proposal?.settings ?? { maxVCpu: 0 };
  const settings = {
    name: "hello",
    capacity: { maxVCpu },
    functions: { hello: { ...deployed, ...own } },
  };
  expect(() => settingsOf(settings as never)).not.toThrow();
});

test("costs are of the load, with the requests themselves", () => {
  const one = propose(request({ targetRps: 100 }));
  const ten = propose(request({ targetRps: 1000 }));
  expect(ten?.monthly).toBeGreaterThan((one?.monthly ?? 0) * 3);
  expect(ten?.perMillion).toBeGreaterThan(0.2);
  expect(ten?.monthlyNow).toBeUndefined();
});

test("nothing is proposed where no rate held", () => {
  expect(propose(request({ knee: { ...knee, rps: 0, from: 0 } }))).toBeUndefined();
});

describe("how sure", () => {
  const queue = { slots: 8, serviceMs: 20 };
  const use = { environments: 3, cpu: 50, memory: 30 };
  const steps = [200, 350, 450].map((rps) => ({ ...rateStep(queue, rps, { seconds: 30 }), use }));
  const evidence = {
    steps,
    knee: kneeOf(steps, 200),
    targetRps: 500,
    p99: 200,
    local: false,
    environmentsMeasured: true,
  };

  test("sure, where everything was measured", () => {
    expect(confidenceIn(evidence)).toEqual({ level: "high", doubts: [] });
  });

  test("without a knee, where twice the target held", () => {
    const held = { steps: steps.slice(0, 2), knee: kneeOf(steps.slice(0, 2), 200) };
    expect(confidenceIn({ ...evidence, ...held, targetRps: 150 })).toEqual({
      level: "high",
      doubts: [],
    });
  });

  test.each([
    ["the local target", { local: true }, "low", /local target/],
    [
      "a target far beyond what was measured",
      { targetRps: 4000 },
      "medium",
      /times what was measured/,
    ],
    ["no wanted time", { p99: undefined }, "medium", /--p99/],
    ["environments from the settings", { environmentsMeasured: false }, "medium", /environments/],
    [
      "no step that broke",
      { steps: steps.slice(0, 1), knee: kneeOf(steps.slice(0, 1), 200) },
      "low",
      /not reached.*fewer environments may do than are proposed \(--rps 750 tells more\)/,
    ],
  ])("less with %s", (_, over, level, doubt) => {
    const confidence = confidenceIn({ ...evidence, ...over });
    expect(confidence.level).toBe(level);
    expect(confidence.doubts.join("\n")).toMatch(doubt);
  });
});
