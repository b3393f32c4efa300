import process from "node:process";
import { afterAll, describe, expect, test } from "vitest";
import { type Cell, cellsOf, nameOf, problemsOf, strike, laterCells } from "./faults/cells.ts";
import { leftIn, startProving } from "./faults/fault-matrix.ts";
import { failingCreations, failingUpdates } from "./faults/failing-work.ts";

/**
 * Every operation that a command calls × every trouble: the command ends with the documented exit code and names the
 * cause, nothing is lost, and once the trouble is over the same command succeeds. The operations are recorded, so that a
 * new one is covered by itself. Waits and retries are those of real life; so cells run beside each other.
 */
const proving = await startProving();
const { target } = proving;
afterAll(async () => {
  await proving.close();
  const { all, unreached } = laterCells();
  process.stderr.write(
    `fault matrix: ${unreached} of ${all} cells not reached, by fewer looks at a thing\n`,
  );
  // A few are chance; more would be cells that prove nothing.
  expect(unreached).toBeLessThanOrEqual(Math.max(2, all / 4));
});

const deploy = ["deploy", "--yes"];
const destroy = ["destroy", "--yes"];
const reading = {
  invoke: ["invoke", "--logs"],
  logs: ["logs", "--since", "1d"],
  status: ["status"],
};

const lane = await proving.newLane();
const record = (args: readonly string[]) => proving.recording(lane, () => lane.lmi(...args));
const cells = {
  first: cellsOf("first deploy", await record(deploy)),
  unchanged: cellsOf("deploy without changes", await record(deploy)),
  invoke: cellsOf("invoke", await record(reading.invoke)),
  logs: cellsOf("logs", await record(reading.logs)),
  status: cellsOf("status", await record(reading.status)),
  update: cellsOf("update", (await lane.writeHandler("two"), await record(deploy))),
  destroy: cellsOf("destroy", await record(destroy)),
};
const counts = Object.entries(cells).map(([name, each]) => `${name} ${each.length}`);
const total = Object.values(cells).flat().length;
process.stderr.write(`fault matrix: ${total} cells: ${counts.join(", ")}\n`);

const named = (each: readonly Cell[]) => each.map((cell) => [nameOf(cell), cell] as const);

/** Code that was deployed before would be in the bucket already. */
let codes = 0;

describe.concurrent("first deploy", () => {
  test.each(named(cells.first))("%s", async (_, cell) => {
    const fresh = await proving.newLane();
    expect(problemsOf(cell, await strike(proving, cell, fresh, deploy))).toEqual([]);
    expect(await fresh.lmi(...deploy)).toMatchObject({ code: 0 });
    expect(await fresh.lmi("invoke")).toMatchObject({ code: 0, stdout: '"one"' });
    expect(await fresh.lmi(...destroy)).toMatchObject({ code: 0 });
  });
});

describe.concurrent("update", () => {
  test.each(named(cells.update))("%s", async (_, cell) => {
    await proving.withDeployed(async (where) => {
      const before = await where.lmi("invoke");
      const code = `code ${(codes += 1)}`;
      await where.writeHandler(code);
      expect(problemsOf(cell, await strike(proving, cell, where, deploy))).toEqual([]);
      // Whatever became of the deploy, something good answers.
      expect([before.stdout, `"${code}"`]).toContain((await where.lmi("invoke")).stdout);
      expect(await where.lmi(...deploy)).toMatchObject({ code: 0 });
      expect(await where.lmi("invoke")).toMatchObject({ code: 0, stdout: `"${code}"` });
    });
  });
});

describe.concurrent.each([
  ["deploy without changes", deploy, cells.unchanged],
  ["invoke", reading.invoke, cells.invoke],
  ["logs", reading.logs, cells.logs],
  ["status", reading.status, cells.status],
] as const)("%s", (_command, args, each) => {
  test.each(named(each))("%s", async (_, cell) => {
    await proving.withDeployed(async (where) => {
      expect(problemsOf(cell, await strike(proving, cell, where, args))).toEqual([]);
      expect(await where.lmi(...args)).toMatchObject({ code: 0 });
    });
  });
});

describe.concurrent("destroy", () => {
  test.each(named(cells.destroy))("%s", async (_, cell) => {
    await proving.withDeployed(async (where) => {
      expect(problemsOf(cell, await strike(proving, cell, where, destroy))).toEqual([]);
      const { code, stderr } = await where.lmi(...destroy);
      expect(code, stderr).toBe(0);
      expect(await leftIn(target, where)).toEqual([]);
    });
  });
});

describe.concurrent("a first deploy whose work fails", () => {
  test.each(failingCreations)("$what", async ({ rule, code, says }) => {
    const fresh = await proving.newLane();
    const failed = await proving.under(rule, fresh, deploy);
    expect(failed).toMatchObject({ code, stderr: expect.stringMatching(says) });
    expect(failed.hits).toBeGreaterThan(0);
    expect(await fresh.lmi(...deploy)).toMatchObject({ code: 0 });
    expect(await fresh.lmi("invoke")).toMatchObject({ code: 0, stdout: '"one"' });
    expect(await fresh.lmi(...destroy)).toMatchObject({ code: 0 });
    expect(await leftIn(target, fresh)).toEqual([]);
  });
});

describe.concurrent("an update", () => {
  test.each(failingUpdates)("$what", async ({ rule, code, says, args = [] }) => {
    await proving.withDeployed(async (where) => {
      const before = await where.lmi("invoke");
      await where.writeHandler(`code ${(codes += 1)}`);
      const failed = await proving.under(rule, where, [...deploy, ...args]);
      expect(failed).toMatchObject({ code, stderr: expect.stringMatching(says) });
      expect(failed.hits).toBeGreaterThan(0);
      const after = await where.lmi("invoke");
      expect(after.stdout === before.stdout, "the last good version answers").toBe(code !== 0);
      expect(await where.lmi(...deploy)).toMatchObject({ code: 0 });
    });
  });
});

test.concurrent("a destroy that cannot delete something lists it, and the next one deletes it", async () => {
  await proving.withDeployed(async (where) => {
    const rule = {
      fault: "failed-resource",
      resourceType: "AWS::EC2::VPC",
      action: "delete",
      reason: "Not today",
    } as const;
    expect(await proving.under(rule, where, destroy)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/Not today[\s\S]*LMI_DELETE_FAILED/),
    });
    expect(await where.lmi(...destroy)).toMatchObject({ code: 0 });
    expect(await leftIn(target, where)).toEqual([]);
  });
});
