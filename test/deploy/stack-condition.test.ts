import { describe, expect, test } from "vitest";
import { examineStack } from "../../src/deploy/stack-condition.ts";
import { stackState } from "./fake-aws.ts";

describe("a deploy looks at the stack before it changes anything", () => {
  test("none is a clean start", () => {
    expect(examineStack(undefined, "hello")).toEqual({ kind: "absent" });
  });

  test.each(["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])(
    "%s is updated",
    (status) => {
      expect(examineStack(stackState({ status }), "hello").kind).toBe("ready");
    },
  );

  test.each([
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "DELETE_FAILED",
    "REVIEW_IN_PROGRESS",
    "CREATE_FAILED",
  ])("%s is recovered, not refused", (status) => {
    expect(examineStack(stackState({ status }), "hello").kind).toBe("recoverable");
  });

  test.each([
    "CREATE_IN_PROGRESS",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "DELETE_IN_PROGRESS",
  ])("%s is busy, which can be waited for", (status) => {
    expect(examineStack(stackState({ status }), "hello").kind).toBe("busy");
  });

  test("UPDATE_ROLLBACK_FAILED names the one command that helps", () => {
    expect(() => examineStack(stackState({ status: "UPDATE_ROLLBACK_FAILED" }), "hello")).toThrow(
      expect.objectContaining({
        code: "LMI_STACK_STUCK",
        next: expect.stringContaining("continue-update-rollback"),
      }),
    );
  });

  test.each<Record<string, string>>([{}, { "lmi:project": "other" }])(
    "a stack of somebody else (%o) is refused with exit code 2",
    (tags) => {
      expect(() => examineStack(stackState({ tags }), "hello")).toThrow(
        expect.objectContaining({ code: "LMI_STACK_NOT_OURS", exitCode: 2 }),
      );
    },
  );

  test("a failed stack of somebody else is refused too, not deleted", () => {
    expect(() =>
      examineStack(stackState({ status: "ROLLBACK_COMPLETE", tags: {} }), "hello"),
    ).toThrow(expect.objectContaining({ code: "LMI_STACK_NOT_OURS" }));
  });
});
