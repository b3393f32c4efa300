import { expect, test } from "vitest";

import { retryLiveTailAfter } from "../../../src/aws/log-timeline/live-tail.ts";

const named = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

test.each([
  ["ResourceNotFoundException", 400, 30_000],
  ["LimitExceededException", 400, 60_000],
  ["ThrottlingException", 400, 5000],
  ["InternalFailure", 500, 5000],
  ["AccessDeniedException", 400, undefined],
])("after %s another try comes after that many ms", (name, status, after) => {
  expect(retryLiveTailAfter(named(name, status))).toBe(after);
});
