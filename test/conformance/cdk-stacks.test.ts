import { DescribeStacksCommand, ListExportsCommand } from "@aws-sdk/client-cloudformation";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";

import { CdkWorkbench } from "./cdk-workbench.ts";

let bench: CdkWorkbench;

beforeAll(async () => {
  bench = await CdkWorkbench.start();
});
afterAll(() => bench.dispose());

async function subnetsOf(vpc: string): Promise<string[]> {
  const { Subnets = [] } = await bench.target
    .client(EC2Client)
    .send(new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [vpc] }] }));
  return Subnets.map(({ SubnetId = "" }) => SubnetId).toSorted();
}

const app = (context: Record<string, string> = {}) => bench.app("stacks", context);

test("stacks that depend on each other: order, exports, lookups, parameters, protection", async () => {
  const listed = await bench.succeed(["list", "--json", "--long", ...app()]);
  expect(listed).toContain("aws://000000000000/us-east-1");
  expect((await bench.succeed(["list", ...app()])).match(/^\w+$/gm)).toEqual([
    "network",
    "service",
    "alone",
  ]);

  // `service` alone has nothing to import yet.
  expect(await bench.failDeploy(["--exclusively", "service", ...app()])).toMatch(
    /No export named \S+ found|\/shared\/greeting/,
  );
  expect(await bench.status("network")).toBeUndefined();

  const all = ["--all", "--concurrency", "3"];
  const word = ["--parameters", "service:Word=listener"];
  const outputs = await bench.deploy([...all, ...word, ...app()]);
  expect(Object.keys(outputs).toSorted()).toEqual(["network", "service"]);
  const name = outputs["service"]?.["Name"];
  const answer = { GREETING: "good day", CIDR: "10.0.0.0/16", WORD: "listener" };
  expect(await bench.invoke(name)).toEqual(answer);
  const { Exports = [] } = await bench.cloudformation.send(new ListExportsCommand({}));
  expect(Exports.map(({ Name }) => Name)).toContain("shared-cidr");
  const { Stacks = [] } = await bench.cloudformation.send(
    new DescribeStacksCommand({ StackName: "service" }),
  );
  expect(Stacks[0]?.Tags).toEqual([{ Key: "team", Value: "shared" }]);

  // Parameters keep their values; a value that the pattern does not allow is refused before anything is done.
  const refused = await bench.failDeploy([
    "service",
    "--parameters",
    "service:Word=LOUD",
    ...app(),
  ]);
  expect(refused).toContain("Word");
  expect(await bench.status("service")).toBe("CREATE_COMPLETE");
  await bench.succeed(["deploy", "service", "--require-approval", "never", ...app()]);
  expect(await bench.invoke(name)).toEqual(answer);

  // An export that is used stays, and so does its stack.
  expect(
    await bench.failDeploy(["--exclusively", "network", ...app({ variant: "unexported" })]),
  ).toMatch(
    /Export shared-cidr cannot be deleted as it is in use by service|Cannot delete export shared-cidr as it is in use by service/i,
  );
  expect(await bench.status("network")).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await bench.fail(["destroy", "--force", "--exclusively", "network", ...app()])).toMatch(
    /in use by service/,
  );

  const found = await bench.deploy(["--exclusively", "alone", ...app({ lookup: "yes" })]);
  const { FoundVpc = "", FoundSubnets = "", FoundGreeting } = found["alone"] ?? {};
  const subnets = await subnetsOf(FoundVpc);
  expect(FoundSubnets.split(",").toSorted()).toEqual(subnets);
  expect(subnets).toHaveLength(2);
  expect(FoundGreeting).toBe("good day");

  await bench.deploy(["--exclusively", "network", ...app({ protected: "yes" })]);
  expect(await bench.fail(["destroy", "--force", "--all", ...app()])).toMatch(
    /Stack \[network\] cannot be deleted while TerminationProtection is enabled/,
  );
  await bench.deploy(["--exclusively", "network", ...app()]);
  await bench.succeed(["destroy", "--force", "--all", "--concurrency", "3", ...app()]);
  for (const stack of ["network", "service", "alone"]) {
    expect(await bench.status(stack)).toBeUndefined();
  }
});
