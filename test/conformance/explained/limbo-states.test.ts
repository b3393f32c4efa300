import { expect, test } from "vitest";
import { adviceIn, because, failing, limboStack, nextIn } from "../../helpers/limbo-stack.ts";

/**
 * States in which CloudFormation leaves a stack whose change failed: each is produced, `status`, `deploy`, `push` and
 * `destroy` say what happened, and what they advise is typed and helps.
 */
const push = ["push", "--local", "--no-probe"] as const;
const deploy = ["deploy", "--local", "--yes", "--no-probe"] as const;
const attach = ["deploy", "--local", "--attach", "--no-probe"] as const;
const status = ["status", "--local"] as const;
const limit = 120_000;

const failed = (change: string, logicalId = "HelloLambda") =>
  new RegExp(
    `^Failed +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC {2}${logicalId} ${change}: ${because}`,
    "m",
  );

test(
  "CREATE_FAILED, with its rollback off: what stays is named, and a deploy makes it anew",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("create"));
    expect(await stack.create({ DisableRollback: true })).toBe("CREATE_FAILED");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("What was created stays, because its rollback is off.");
    expect(seen.stdout).toMatch(failed("CREATE_FAILED"));
    expect(seen.stdout).toMatch(/^Provider +lmi-hello-CapacityProvider-\w+ {2}Active/m);
    const told = await stack.lmi(...attach);
    expect(told.code).toBe(1);
    expect(told.stderr).toContain(
      `HelloLambda (AWS::Lambda::Function) could not be created: ${because}`,
    );
    const pushed = await stack.lmi(...push);
    expect(pushed.code).toBe(1);
    expect(pushed.stderr).toContain("There is nothing in it whose code could be changed.");
    await stack.type(nextIn(seen));
    expect(await stack.status()).toBe("CREATE_COMPLETE");
  },
  limit,
);

test(
  "ROLLBACK_COMPLETE: the cause is told, nothing costs, and a deploy clears it away",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("create"));
    expect(await stack.create()).toBe("ROLLBACK_COMPLETE");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("what had been created is deleted again");
    expect(seen.stdout).toMatch(failed("CREATE_FAILED"));
    expect(seen.stdout).toMatch(/^Cost +≈ \$0\.00 a day/m);
    const told = await stack.lmi(...attach);
    expect(told).toMatchObject({ code: 1 });
    expect(told.stderr).toContain("The next deploy clears the empty stack away.");
    const again = await stack.type(adviceIn(await stack.lmi(...push)));
    expect(again.stderr).toContain(
      "is ROLLBACK_COMPLETE: its first creation failed and was rolled",
    );
    expect(again.stderr).toContain("clear away");
    expect(await stack.status()).toBe("CREATE_COMPLETE");
  },
  limit,
);

test(
  "ROLLBACK_FAILED: what is left is listed with the reason, and a destroy takes it away",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("create"));
    await stack.target.faults.add(failing("delete", "AWS::Lambda::CapacityProvider", { times: 2 }));
    expect(await stack.create()).toBe("ROLLBACK_FAILED");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toMatch(failed("CREATE_FAILED"));
    expect(seen.stdout).toContain(`CapacityProvider DELETE_FAILED: ${because}`);
    expect(seen.stdout).toMatch(/^Cost +≈ \$1\.20 a day/m);
    const told = await stack.lmi(...attach);
    expect(told.code).toBe(3);
    expect(told.stderr).toContain(`CloudFormation  CapacityProvider DELETE_FAILED: ${because}`);
    expect(told.stderr).toMatch(/^ {4}NAT gateway +nat-/m);
    // The second deletion fails as well: deploy says what is left, and destroy goes on from there.
    const deployed = await stack.lmi(...deploy);
    expect(deployed.code).toBe(3);
    expect(deployed.stderr).toContain("LMI_DELETE_FAILED");
    await stack.type(adviceIn(deployed));
    expect(await stack.status()).toBeUndefined();
  },
  limit,
);

test(
  "UPDATE_FAILED, with its rollback off: a deploy goes on from there",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("update"));
    expect(await stack.update({ DisableRollback: true })).toBe("UPDATE_FAILED");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("What was changed stays, because its rollback is off.");
    expect(seen.stdout).toMatch(failed("UPDATE_FAILED"));
    expect(nextIn(seen)).toBe("lmi deploy --local --attach   (explains what failed)");
    const told = await stack.lmi(...attach);
    expect(told).toMatchObject({ code: 1 });
    expect(told.stderr).toContain("Mend the cause, then: lmi deploy --local");
    await stack.type("lmi deploy --local");
    expect(await stack.status()).toBe("UPDATE_COMPLETE");
  },
  limit,
);

test(
  "UPDATE_ROLLBACK_COMPLETE: the last good version answers, and the cause can be read later",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("update"));
    expect(await stack.update()).toBe("UPDATE_ROLLBACK_COMPLETE");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("the last good version goes on answering");
    expect(seen.stdout).toMatch(failed("UPDATE_FAILED"));
    const told = await stack.lmi(...attach);
    expect(told).toMatchObject({ code: 1 });
    expect(told.stderr).toContain(`could not be updated: ${because}`);
    await stack.type("lmi deploy --local");
    expect(await stack.status()).toBe("UPDATE_COMPLETE");
  },
  limit,
);

test(
  "UPDATE_ROLLBACK_FAILED: all say what stopped the way back, and the advised commands go it to its end",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("update", undefined, { times: 2 }));
    expect(await stack.update()).toBe("UPDATE_ROLLBACK_FAILED");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toMatch(failed("UPDATE_FAILED"));
    expect(seen.stdout.match(/HelloLambda UPDATE_FAILED/g)).toHaveLength(2);
    for (const command of [attach, deploy, push]) {
      const told = await stack.lmi(...command);
      expect.soft(told.code, command.join(" ")).toBe(3);
      expect
        .soft(told.stderr)
        .toMatch(/\d\d:\d\d:\d\d {2}CloudFormation {2}HelloLambda UPDATE_FAILED/);
      expect.soft(told.stderr).toContain("--resources-to-skip HelloLambda");
      expect.soft(adviceIn(told)).toBe(nextIn(seen));
    }
    await stack.type(nextIn(seen));
    expect(await stack.status()).toBe("UPDATE_COMPLETE");
  },
  limit,
);

test(
  "UPDATE_ROLLBACK_FAILED again and again: skipping the resource ends it",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("update", undefined, { times: 3 }));
    expect(await stack.update()).toBe("UPDATE_ROLLBACK_FAILED");
    const advice = adviceIn(await stack.lmi(...deploy));
    const [finish = "", ...others] = advice.split(" && ");
    await stack.type(finish);
    expect(await stack.settled()).toBe("UPDATE_ROLLBACK_FAILED");
    const told = await stack.lmi(...deploy);
    const skip = /--resources-to-skip \w+/.exec(told.stderr)?.[0];
    await stack.type([`${finish} ${skip}`, ...others].join(" && "));
    expect(await stack.status()).toBe("UPDATE_COMPLETE");
  },
  limit,
);

test(
  "UPDATE_ROLLBACK_FAILED for lack of instances names the types and both zones",
  async () => {
    const settings = { network: { azs: 2 }, capacity: { maxVCpu: 400 } };
    const stack = await limboStack({ settings });
    await stack.target.faults.add({ fault: "insufficient-capacity" });
    const again = { fault: "failed-version", code: "InsufficientCapacity", after: 1 } as const;
    await stack.target.faults.add(again);
    const larger = { MemorySize: 32_768 };
    expect(await stack.update({}, larger)).toBe("UPDATE_ROLLBACK_FAILED");
    const { code, stderr } = await stack.lmi(...attach);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /Tried: \w+\.\w+(, \w+\.\w+)* in us-east-1a, us-east-1b; Lambda may choose/,
    );
    expect(stderr).toContain("LMI_INSUFFICIENT_CAPACITY");
    stack.target.faults.clear();
    await stack.type(adviceIn({ code, stderr, stdout: "" }));
    expect(await stack.status()).toBe("UPDATE_COMPLETE");
  },
  limit,
);

test(
  "DELETE_FAILED: what is left is listed with reason and cost, and the next destroy ends it",
  async () => {
    const stack = await limboStack();
    await stack.target.faults.add(failing("delete", "AWS::Lambda::CapacityProvider", { times: 2 }));
    expect(await stack.remove()).toBe("DELETE_FAILED");
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("A deletion stopped half way.");
    expect(seen.stdout).toMatch(failed("DELETE_FAILED", "CapacityProvider"));
    expect((await stack.lmi(...push)).code).toBe(1);
    const told = await stack.lmi(...attach);
    expect(told.code).toBe(3);
    expect(told.stderr).toContain("LMI_DELETE_FAILED");
    const destroyed = await stack.lmi("destroy", "--local", "--yes");
    expect(destroyed.code).toBe(3);
    expect(destroyed.stderr).toMatch(/^ {4}NAT gateway +nat-\w+ {2}≈ \$1\.08 a day$/m);
    expect(destroyed.stderr).toContain(because);
    await stack.type(adviceIn(destroyed));
    expect(await stack.status()).toBeUndefined();
  },
  limit,
);

test(
  "REVIEW_IN_PROGRESS: nothing was made; a deploy goes on, and a destroy takes it away",
  async () => {
    const stack = await limboStack();
    await stack.review();
    const seen = await stack.lmi(...status);
    expect(seen.stdout).toContain("A change set was made and never executed: nothing was created");
    expect(await stack.lmi(...attach)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("LMI_NOTHING_UNDER_WAY"),
    });
    const pushed = await stack.lmi(...push);
    expect(pushed.code).toBe(1);
    expect(pushed.stderr).toContain("A change set was made and never executed");
    await stack.type(nextIn(seen));
    expect(await stack.status()).toBe("CREATE_COMPLETE");
    await stack.review();
    expect(await stack.lmi("destroy", "--local", "--yes")).toMatchObject({ code: 0 });
    expect(await stack.status()).toBeUndefined();
  },
  limit,
);
