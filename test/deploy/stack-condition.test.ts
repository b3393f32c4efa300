import { describe, expect, test } from "vitest";
import { examineStack, stackBusy } from "../../src/deploy/stack-condition.ts";
import { fakeAccount, fakeAws, stackEvent, stackState } from "./fake-aws.ts";

const aws = fakeAws(fakeAccount()).target;

describe("a deploy looks at the stack before it changes anything", () => {
  test("none is a clean start, and so is one that another deployment may be about to create", () => {
    expect(examineStack(undefined, "hello", aws)).toEqual({ kind: "absent" });
    const review = stackState({ status: "REVIEW_IN_PROGRESS" });
    expect(examineStack(review, "hello", aws)).toEqual({ kind: "absent" });
  });

  test.each(["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])(
    "%s is updated",
    (status) => {
      expect(examineStack(stackState({ status }), "hello", aws).kind).toBe("ready");
    },
  );

  test.each(["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "CREATE_FAILED"])(
    "%s is recovered, not refused",
    (status) => {
      expect(examineStack(stackState({ status }), "hello", aws).kind).toBe("recoverable");
    },
  );

  test.each([
    "CREATE_IN_PROGRESS",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "DELETE_IN_PROGRESS",
  ])("%s is busy, which can be waited for", (status) => {
    expect(examineStack(stackState({ status }), "hello", aws).kind).toBe("busy");
  });

  const local = { ...aws, endpoint: "http://127.0.0.1:4000", local: true };
  test.each([
    [aws, "--region eu-west-1 && lmi deploy"],
    [{ ...aws, profile: "dev" }, "--region eu-west-1 --profile dev && lmi deploy"],
    [local, "--endpoint-url http://127.0.0.1:4000 --region eu-west-1 && lmi deploy --local"],
  ])("UPDATE_ROLLBACK_FAILED names the one command that helps, there: %o", (target, where) => {
    const stuck = stackState({ status: "UPDATE_ROLLBACK_FAILED" });
    const next = `aws cloudformation continue-update-rollback --stack-name lmi-hello ${where}`;
    expect(() => examineStack(stuck, "hello", target)).toThrow(
      expect.objectContaining({ code: "LMI_STACK_STUCK", next }),
    );
  });

  test("what could not be undone is named with its event, and how to leave it behind", () => {
    const cause = stackEvent({ logicalId: "Fn", status: "UPDATE_FAILED", statusReason: "broken" });
    const obstacle = { ...cause, logicalId: "Provider", statusReason: "gone" };
    const stuck = stackState({ status: "UPDATE_ROLLBACK_FAILED" });
    expect(() => examineStack(stuck, "hello", aws, { cause, others: [], obstacle })).toThrow(
      expect.objectContaining({
        why: expect.stringMatching(
          /Fn UPDATE_FAILED: broken\n.*Provider UPDATE_FAILED: gone\n[^]*--resources-to-skip Provider/,
        ),
      }),
    );
  });

  test("an import that could not be undone is no stack that takes an update", () => {
    const stuck = stackState({ status: "IMPORT_ROLLBACK_FAILED" });
    expect(() => examineStack(stuck, "hello", aws)).toThrow(
      expect.objectContaining({
        code: "LMI_STACK_STUCK",
        exitCode: 3,
        next: expect.stringMatching(/^lmi destroy {3}/),
      }),
    );
  });

  test.each<Record<string, string>>([{}, { "lmi:project": "other" }])(
    "a stack of somebody else (%o) is refused with exit code 2",
    (tags) => {
      expect(() => examineStack(stackState({ tags }), "hello", aws)).toThrow(
        expect.objectContaining({ code: "LMI_STACK_NOT_OURS", exitCode: 2 }),
      );
    },
  );

  test("a failed stack of somebody else is refused too, not deleted", () => {
    expect(() =>
      examineStack(stackState({ status: "ROLLBACK_COMPLETE", tags: {} }), "hello", aws),
    ).toThrow(expect.objectContaining({ code: "LMI_STACK_NOT_OURS" }));
  });
});

test.each([
  ["UPDATE_IN_PROGRESS", "lmi deploy --attach   (waits for it)"],
  ["DELETE_IN_PROGRESS", "lmi deploy   (waits until the stack is gone, then makes it anew)"],
])("who cannot wait for %s is told what does", (status, next) => {
  expect(stackBusy(stackState({ status })).next).toBe(next);
});
