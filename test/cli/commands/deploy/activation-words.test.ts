import { expect, test } from "vitest";
import {
  environmentsInWords,
  instancesInWords,
  versionsInWords,
} from "../../../../src/cli/commands/deploy/activation-words.ts";
import type { SeenFunction, SeenInstance } from "../../../../src/deploy/watch-activation.ts";
import { publishedState } from "../../../deploy/fake-aws.ts";

const instance = (change: Partial<SeenInstance> = {}): SeenInstance => ({
  instanceId: "i-1",
  type: "m7i.xlarge",
  zone: "us-east-1a",
  isRunning: true,
  isNew: true,
  ...change,
});
const seen = (change: Partial<SeenFunction> = {}): SeenFunction => ({
  functionName: "hello",
  isThere: true,
  version: publishedState({ state: "Pending", lastUpdateStatus: undefined }),
  ready: 2,
  ...change,
});
const active = publishedState();

test.each([
  [undefined, "not visible to the caller"],
  [[], "Lambda has launched none yet"],
  [[instance({ isRunning: false })], "0 of 1 launched: m7i.xlarge us-east-1a"],
  [[instance()], "1 launched: m7i.xlarge us-east-1a"],
  [[instance({ isNew: false })], "1 running: m7i.xlarge us-east-1a"],
  [[instance(), instance({ isNew: false })], "1 launched: m7i.xlarge us-east-1a, beside 1"],
  [
    [instance(), instance({ zone: "us-east-1b" }), instance({ zone: "us-east-1c" })],
    "3 launched: m7i.xlarge us-east-1a/b/c",
  ],
  [
    [instance(), instance(), instance({ zone: undefined }), instance({ type: "c8i.large" })],
    "4 launched: 3 × m7i.xlarge us-east-1a, c8i.large us-east-1a",
  ],
  [[instance({ zone: undefined })], "1 launched: m7i.xlarge"],
] as const)("instances %o: %s", (instances, words) => {
  expect(instancesInWords(instances)).toBe(words);
});

test.each([
  [[seen()], "2 of 3 ready"],
  [[seen({ ready: 5 })], "3 of 3 ready"],
  // What the log says is evidence; that the version is active says it of all.
  [[seen({ ready: 0, version: active })], "3 of 3 ready"],
  [[seen({ ready: undefined })], "? of 3 ready (the log cannot be read)"],
  [[seen(), seen({ functionName: "orders", ready: 0 })], "hello 2 of 3, orders 0 of 3 ready"],
])("environments %#", (functions, words) => {
  expect(environmentsInWords(functions, () => 3)).toBe(words);
});

test.each([
  [[seen()], "$LATEST.PUBLISHED Pending"],
  [[seen({ version: undefined })], "$LATEST.PUBLISHED not published yet"],
  [
    [seen({ version: publishedState({ lastUpdateStatus: "InProgress" }) })],
    "$LATEST.PUBLISHED Active, update InProgress",
  ],
  [[seen({ version: active })], "$LATEST.PUBLISHED Active"],
  [[seen({ version: active }), seen({ functionName: "orders" })], "1 of 2 active: orders Pending"],
])("versions %#", (functions, words) => {
  expect(versionsInWords(functions)).toBe(words);
});
