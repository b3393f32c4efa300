import { expect, test } from "vitest";

import { createConnection } from "../../src/aws/connection.ts";
import { createPriceLists, endpointRegion, productOf } from "../../src/aws/price-lists.ts";
import { priceListServer, recordedProducts } from "../helpers/price-list-server.ts";

const gp3 = {
  service: "AmazonEC2",
  equal: { regionCode: "eu-west-1", volumeApiName: "gp3" },
} as const;

function listsAt(endpoint: string, limit?: number) {
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" };
  const target = { region: "eu-west-1", profile: undefined, endpoint, credentials, local: false };
  return createPriceLists(createConnection(target, {}), limit);
}

test("reads what AWS answered once, page by page", async () => {
  const server = await priceListServer(recordedProducts);
  const lists = listsAt(server.endpoint);
  const found = await lists.products([
    gp3,
    { service: "AmazonVPC", equal: { group: "VPCPublicIPv4Address" } },
  ]);
  expect(
    found.map(({ attributes, onDemand }) => [attributes["usagetype"], onDemand[0]?.dollars]),
  ).toEqual([
    ["EU-EBS:VolumeUsage.gp3", 0.088],
    ["EU-EBS:VolumeP-IOPS.gp3", 0.0055],
    ["USE1-PublicIPv4:InUseAddress", 0.005],
    ["USE1-PublicIPv4:IdleAddress", 0.005],
    ["EU-PublicIPv4:InUseAddress", 0.005],
    ["EU-PublicIPv4:IdleAddress", 0.005],
  ]);
  expect(server.queries[0]?.Filters).toContainEqual({
    Type: "TERM_MATCH",
    Field: "volumeApiName",
    Value: "gp3",
  });
});

test("reads prices on demand, by step, and no reserved ones", () => {
  const t3 = recordedProducts.find(({ product }) => product.attributes["instanceType"]);
  expect(productOf(JSON.stringify(t3))).toMatchObject([
    { family: "Compute Instance", onDemand: [{ unit: "Hrs", dollars: 0.0416, from: 0 }] },
  ]);
  expect(productOf('{"product":{"attributes":{}},"terms":{"Reserved":{}}}')).toEqual([]);
});

test("explains that it may not ask", async () => {
  const denied = { status: 400, type: "AccessDeniedException", message: "not you" };
  const server = await priceListServer([], denied);
  await expect(listsAt(server.endpoint).products([gp3])).rejects.toMatchObject({
    code: "LMI_ACCESS_DENIED",
  });
});

test("waits for no answer longer than it must", async () => {
  const server = await priceListServer(recordedProducts);
  await expect(listsAt(server.endpoint, 0).products([gp3])).rejects.toMatchObject({
    code: "LMI_ENDPOINT_UNREACHABLE",
  });
});

test("asks where the API is", () => {
  expect(
    ["us-west-2", "eu-north-1", "ap-northeast-1", "sa-east-1", "cn-north-1"].map(endpointRegion),
  ).toEqual(["us-east-1", "eu-central-1", "ap-south-1", "us-east-1", "cn-northwest-1"]);
});
