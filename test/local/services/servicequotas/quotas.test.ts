import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  RequestServiceQuotaIncreaseCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { expect, test } from "vitest";

import { startTestTarget } from "../../../helpers/local-target.ts";

const standard = { ServiceCode: "ec2", QuotaCode: "L-1216C47A" };

test("a quota has its default until more is asked for, in each region by itself", async () => {
  const target = await startTestTarget();
  const client = target.client(ServiceQuotasClient);
  const value = async (from = client) =>
    (await from.send(new GetServiceQuotaCommand(standard))).Quota?.Value;
  expect(await value()).toBe(5);
  const asked = new RequestServiceQuotaIncreaseCommand({ ...standard, DesiredValue: 64 });
  expect((await client.send(asked)).RequestedQuota).toMatchObject({ Status: "APPROVED" });
  expect(await value()).toBe(64);
  expect(await value(target.client(ServiceQuotasClient, { region: "eu-west-1" }))).toBe(5);
  const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(standard));
  expect(Quota).toMatchObject({
    Value: 5,
    QuotaName: expect.stringContaining("Standard") as string,
  });
  await expect(client.send(asked)).rejects.toMatchObject({ name: "IllegalArgumentException" });
});

test("what it does not know is told as such", async () => {
  const client = (await startTestTarget()).client(ServiceQuotasClient);
  for (const unknown of [
    { ...standard, QuotaCode: "L-0" },
    { ...standard, ServiceCode: "constructor" },
  ]) {
    // One after the other
    await expect(client.send(new GetServiceQuotaCommand(unknown))).rejects.toMatchObject({
      name: "NoSuchResourceException",
    });
  }
});
