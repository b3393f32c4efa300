import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { guardUserCode } from "../../src/cli/guard-user-code.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As much of a process as the guard takes hold of. */
function fakeProcess() {
  const warnings: unknown[] = [];
  const written: string[] = [];
  const emitter = new EventEmitter();
  const process = Object.assign(emitter, {
    exit: () => undefined,
    emitWarning: (warning: unknown) => void warnings.push(warning),
    stderr: { write: (text: string) => written.push(text) },
  }) as unknown as Parameters<typeof guardUserCode>[0];
  return { process, emitter, warnings, written };
}

test("says what it waits for after 5 s, and gives up after 30 s", async () => {
  const { process, written } = fakeProcess();
  const late = guardUserCode(process, "lmi.config.ts", () => new Promise(() => {})).catch(
    (error: unknown) => error,
  );
  await vi.advanceTimersByTimeAsync(5000);
  expect(written.join("")).toContain("lmi.config.ts");
  await vi.advanceTimersByTimeAsync(25_000);
  expect(await late).toMatchObject({ reason: "late" });
});

test("gives up as soon as nothing could wake it", async () => {
  const { process, emitter } = fakeProcess();
  const idle = guardUserCode(process, "lmi.config.ts", () => new Promise(() => {})).catch(
    (error: unknown) => error,
  );
  emitter.emit("beforeExit");
  expect(await idle).toMatchObject({ reason: "idle" });
});

test("keeps warnings about stripped types to itself and no others, and takes nothing with it", async () => {
  const { process: guarded, emitter, warnings } = fakeProcess();
  const { exit, emitWarning } = guarded;
  const given = guardUserCode(guarded, "lmi.config.ts", async () => {
    guarded.emitWarning("Type Stripping is an experimental feature", "ExperimentalWarning");
    guarded.emitWarning("x", { code: "MODULE_TYPELESS_PACKAGE_JSON" });
    guarded.emitWarning("mine");
    expect(() => guarded.exit(0)).toThrow("process.exit(0) was called");
    return 1;
  });
  expect(await given).toBe(1);
  expect(warnings).toEqual(["mine"]);
  expect([guarded.exit, guarded.emitWarning]).toEqual([exit, emitWarning]);
  expect(emitter.listenerCount("beforeExit")).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
