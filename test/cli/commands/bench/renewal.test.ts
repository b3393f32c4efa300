import { afterEach, expect, test, vi } from "vitest";

import type { Credentials } from "../../../../src/aws/ports.ts";
import { whileRenewing } from "../../../../src/cli/commands/bench/renewal.ts";

afterEach(() => void vi.useRealTimers());

const afterMinutes = () =>
  new Promise<string>((resolve) => void setTimeout(() => resolve("done"), 200_000));

test("a load that takes minutes gets new credentials meanwhile, and none afterwards", async () => {
  vi.useFakeTimers();
  const renew = vi.fn<(credentials: Credentials) => void>();
  let asked = 0;
  const credentials = async () => {
    asked += 1;
    if (asked === 2) throw new Error("not now");
    return { accessKeyId: `A${asked}`, secretAccessKey: "s" };
  };
  const result = whileRenewing({ credentials, renew }, afterMinutes);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(await result).toBe("done");
  expect(renew.mock.calls.map(([{ accessKeyId }]) => accessKeyId)).toEqual(["A1", "A3"]);
});
