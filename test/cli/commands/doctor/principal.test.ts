import { expect, test } from "vitest";

import { permissionsCheck } from "../../../../src/cli/commands/doctor/checks/permissions.ts";
import { principalOf } from "../../../../src/cli/commands/doctor/principal.ts";
import { verdictOf } from "./doctor-fixture.ts";
import { projectWith } from "./project-with.ts";

const sso = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1";

const arnOf = async (name: string) => (name.startsWith("AWSReservedSSO") ? sso : undefined);

test.each([
  ["arn:aws:iam::123456789012:root", { kind: "root" }],
  [
    "arn:aws:iam::123456789012:user/team/me",
    { kind: "policies", arn: "arn:aws:iam::123456789012:user/team/me" },
  ],
  [
    "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_1/me@x",
    { kind: "policies", arn: sso },
  ],
  [
    "arn:aws:sts::123456789012:assumed-role/Gone/i-1",
    { kind: "policies", arn: "arn:aws:iam::123456789012:role/Gone" },
  ],
  ["arn:aws-cn:sts::123456789012:federated-user/me", { kind: "unknown" }],
])("%s", async (caller, principal) => {
  expect(await principalOf(caller, { arnOf })).toEqual(principal);
});

test.each([
  ["root", "warning", "may do everything"],
  ["federated-user/me", "skipped", "no policies to simulate"],
])("permissions of %s", async (who, status, evidence) => {
  const project = await projectWith({});
  const service = who === "root" ? "iam" : "sts";
  const arn = `arn:aws:${service}::123456789012:${who}`;
  const caller = async () => ({ accountId: "123456789012", arn });
  expect(await verdictOf(permissionsCheck, { project, caller })).toMatchObject({
    status,
    evidence: expect.stringContaining(evidence) as string,
  });
});
