import { expect, test } from "vitest";
import { Pieces } from "../../../../src/local/services/lambda/pieces.ts";

/** Which of them has resolved by now. */
async function done(pushes: readonly Promise<void>[]): Promise<boolean[]> {
  const seen = pushes.map(() => false);
  for (const [index, push] of pushes.entries()) void push.then(() => (seen[index] = true));
  await new Promise((resolve) => setImmediate(resolve));
  return seen;
}

test("a writer waits until its piece is taken", async () => {
  const pieces = new Pieces<string>();
  const pushes = [pieces.push("a"), pieces.push("b")];
  expect(await done(pushes)).toEqual([false, false]);
  const reader = pieces[Symbol.asyncIterator]();
  expect((await reader.next()).value).toBe("a");
  expect(await done(pushes)).toEqual([true, false]);
});

test("a reader that goes away leaves no writer waiting", async () => {
  const pieces = new Pieces<string>();
  const pushes = [pieces.push("a"), pieces.push("b")];
  const reader = pieces[Symbol.asyncIterator]();
  await reader.next();
  await reader.return(undefined);
  expect(await done([...pushes, pieces.push("c")])).toEqual([true, true, true]);
});

test("an end leaves no writer waiting, and the reader gets what was pushed before", async () => {
  const pieces = new Pieces<string>();
  const pushes = [pieces.push("a"), pieces.push("b")];
  pieces.fail(new Error("broke off"));
  expect(await done(pushes)).toEqual([true, true]);
  const reader = pieces[Symbol.asyncIterator]();
  expect([(await reader.next()).value, (await reader.next()).value]).toEqual(["a", "b"]);
  await expect(reader.next()).rejects.toThrow("broke off");
});
