import { CloudFormationClient, DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import { expect, test } from "vitest";

import { createCloudFormationService } from "../../../../src/local/services/cloudformation/service.ts";
import type { CallService, TargetContext } from "../../../../src/local/service.ts";
import { executionPolicy } from "../../../../src/synth/deploy-policy/execution-policy.ts";
import type { Template } from "../../../../src/synth/synthesize.ts";
import { deployedProject } from "../../../helpers/deployed-stack.ts";

/** Operations that are the local target's own way of doing what AWS does inside, or need no permission. */
const inside = new Set<string>([]);

test("the execution policy allows every call that CloudFormation makes for a stack", async () => {
  const called = new Set<string>();
  const recording = (context: TargetContext): TargetContext => {
    const call: CallService = (service, operation, input, caller) => {
      called.add(`${service}:${operation}`);
      return context.call(service, operation, input, caller);
    };
    return { ...context, call };
  };
  const { target, aws } = await deployedProject({
    target: {
      services: {
        cloudformation: async () => (context) => createCloudFormationService(recording(context)),
      },
    },
  });
  const template = JSON.parse((await aws.stacks.template("lmi-hello")) ?? "{}") as Template;
  const client = target.client(CloudFormationClient);
  await client.send(new DeleteStackCommand({ StackName: "lmi-hello" }));
  await expect
    .poll(() => aws.stacks.find("lmi-hello"), { timeout: 8000, interval: 50 })
    .toBeUndefined();
  const place = {
    partition: "aws",
    account: "000000000000",
    region: "us-east-1",
    stackName: "lmi-hello",
  };
  const { document } = executionPolicy(template, place);
  const allowed = new Set(document.Statement.flatMap(({ Action }) => Action));
  expect(called.size).toBeGreaterThan(40);
  expect([...called].filter((name) => !allowed.has(name) && !inside.has(name)).toSorted()).toEqual(
    [],
  );
});
