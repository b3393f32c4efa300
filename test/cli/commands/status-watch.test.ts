import { tmpdir } from "node:os";
import { expect, test } from "vitest";

import { runStatus, type StatusOptions } from "../../../src/cli/commands/status.ts";
import type { Screen, ScreenEvent, ScreenLine } from "../../../src/cli/output/screen.ts";
import { recordingDeps, sharedDefaults, type RecordedDeps } from "../../deploy/recording-deps.ts";
import { fakeAccount } from "../../deploy/fake-aws.ts";
import { startManagedStack, type ManagedStack } from "../../helpers/managed-stack.ts";

const options: StatusOptions = {
  ...sharedDefaults({ local: true }),
  watch: true,
  interval: undefined,
  color: true,
};

function withSystem(deps: RecordedDeps, own: Partial<RecordedDeps["system"]>): RecordedDeps {
  const descriptors = Object.getOwnPropertyDescriptors(own);
  return { ...deps, system: Object.create(deps.system, descriptors) as RecordedDeps["system"] };
}

const undeployed = () =>
  recordingDeps({ account: fakeAccount(), cwd: tmpdir(), answer: "nobody", local: true });

test.each(["5x", "0.5s", "2h", "-1s", ""])("--interval '%s' is refused", async (interval) => {
  await expect(runStatus({ ...options, interval }, undeployed())).rejects.toMatchObject({
    code: "LMI_USAGE",
    exitCode: 2,
  });
});

test("--interval is for --watch", async () => {
  const given = { ...options, watch: false, interval: "5s" };
  await expect(runStatus(given, undeployed())).rejects.toMatchObject({ code: "LMI_USAGE" });
});

test("where nothing is drawn: one look after the other until Ctrl-C, through an outage", async () => {
  const { deps, target } = await startManagedStack();
  const own = withSystem(deps(), { sleep: async () => {} });
  let looks = 0;
  const reporter = {
    ...own.reporter,
    event: (type: string, data: Readonly<Record<string, unknown>>) => {
      own.events.push({ ...data, type });
      looks += 1;
      const operation = "DescribeStacks";
      // One round without an answer, the SDK's own attempts included; then it is well again.
      if (looks === 1)
        void target.faults.add({
          fault: "throttle",
          service: "cloudformation",
          operation,
          times: 3,
        });
      if (looks === 3) own.interruptBy("SIGINT");
    },
  };
  await runStatus({ ...options, json: true }, { ...own, reporter });
  expect(own.events.map(({ type }) => type)).toEqual(["status", "status", "status"]);
  expect(own.events[0]).toMatchObject({ region: "us-east-1", functions: [{ name: "reference" }] });
  expect(own.lines).toEqual([expect.stringMatching(/^warn \d\d:\d\d:\d\d UTC not looked at: /)]);
}, 30_000);

class FakeScreen implements Screen {
  columns = 80;
  rows = 24;
  readonly texts: string[] = [];
  closed = 0;
  ended = 0;
  readonly #onFrame: (frame: number, screen: FakeScreen) => void;
  #listener: (event: ScreenEvent) => void = () => {};

  constructor(onFrame: (frame: number, screen: FakeScreen) => void) {
    this.#onFrame = onFrame;
  }

  draw(lines: readonly ScreenLine[]): void {
    this.texts.push(lines.map(textOf).join("\n"));
    this.#onFrame(this.texts.length, this);
  }
  onEvent(listener: (event: ScreenEvent) => void): void {
    this.#listener = listener;
  }
  press(event: ScreenEvent): void {
    this.#listener(event);
  }
  close(): void {
    this.closed += 1;
  }
  end(): void {
    this.ended += 1;
  }
}

function textOf(line: ScreenLine): string {
  return line.map((span) => (typeof span === "string" ? span : span.text)).join("");
}

function watchOn({ deps }: ManagedStack, screen: FakeScreen): Promise<void> {
  const own = withSystem(deps(), { stdoutIsTerminal: true, sleep: async () => {} });
  return runStatus(options, own, async () => screen);
}

test("the dashboard is drawn until q, follows the terminal's size, scrolls, and gives the terminal back", async () => {
  const screen = new FakeScreen((frame, self) => {
    if (frame === 2) {
      self.rows = 8;
      self.press("resize");
    } else if (frame === 3) self.press("down");
    else if (frame === 4) self.press("leave");
  });
  await watchOn(await startManagedStack(), screen);
  const [first = "", whole = "", small = "", scrolled = ""] = screen.texts;
  expect(first).toContain("Looking");
  for (const fact of ["lmi-hello  CREATE_COMPLETE", "running of", "Cost", "Settings", "q leaves"])
    expect(whole).toContain(fact);
  expect(small.split("\n")).toHaveLength(8);
  expect(small).toContain("more lines below");
  // The first of those that scroll is gone.
  expect(scrolled.split("\n").slice(2, 6)).toEqual(small.split("\n").slice(3, 7));
  expect([screen.closed, screen.ended]).toEqual([1, 1]);
}, 30_000);

test("what passes leaves on the screen what was seen last; what does not gives the terminal back and is told", async () => {
  const stack = await startManagedStack();
  const { faults } = stack.target;
  const DescribeStacks = { service: "cloudformation", operation: "DescribeStacks" } as const;
  const screen = new FakeScreen((frame) => {
    if (frame === 2) void faults.add({ fault: "throttle", ...DescribeStacks, times: 3 });
    if (frame === 4) void faults.add({ fault: "access-denied", ...DescribeStacks });
  });
  await expect(watchOn(stack, screen)).rejects.toMatchObject({ code: "LMI_ACCESS_DENIED" });
  const stale = screen.texts.find((text) => text.includes("not looked at")) ?? "";
  expect(stale).toContain("lmi-hello  CREATE_COMPLETE");
  expect([screen.closed, screen.ended]).toEqual([1, 0]);
}, 30_000);
