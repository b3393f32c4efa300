import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Machine } from "./lmi.ts";

let machine: Machine;
let cwd: string;

beforeEach(async () => {
  machine = await Machine.create({
    LMI_LOCAL_TIMING: "realistic/50",
    LMI_LOCAL_ENVIRONMENTS: "all",
  });
  cwd = join(machine.home, "hello");
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
});
afterEach(() => machine.dispose([cwd]));

interface Line {
  readonly type: string;
  readonly label?: string;
  readonly status?: string;
  readonly detail?: string;
  readonly operation?: string;
}

test("a deploy goes through its stages in order, instances and environments while CloudFormation waits", async () => {
  const { code, stdout, stderr } = await machine.lmi(["deploy", "--local", "--yes", "--json"], {
    cwd,
  });
  expect(code, stderr + stdout).toBe(0);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const done = lines.flatMap((line) => (line.status === "done" ? [line.label] : []));
  expect(done.filter((label) => label !== "bootstrap" && label !== "roles and logs")).toEqual([
    "preflight",
    "plan and cost",
    "assets",
    "network",
    "provider",
    "instances",
    "environments",
    "version",
    "first answer",
  ]);
  const at = (match: Partial<Line>) =>
    lines.findIndex((line) =>
      Object.entries(match).every(([key, value]) => line[key as keyof Line] === value),
    );
  const order = [
    at({ type: "provider", operation: "Launching" }),
    at({ type: "provider", operation: "Launched" }),
    at({ label: "environments", status: "started" }),
    at({ label: "environments", status: "progress", detail: "3 of 3 ready" }),
    at({ label: "version", status: "done" }),
  ];
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
  const launching = lines.find(
    ({ label, detail }) => label === "instances" && detail?.includes("launched:"),
  );
  expect(launching?.detail).toMatch(/^0 of 1 launched: \S+ us-east-1a$/);
  const ready = lines.findLastIndex(
    ({ logicalId, status }: Line & { logicalId?: string }) =>
      logicalId === "MyManagedInstanceFunction" && status === "CREATE_COMPLETE",
  );
  // The evidence came while CloudFormation still waited for the function.
  expect(at({ type: "provider", operation: "Launched" })).toBeLessThan(ready);
}, 60_000);
