import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A product as the Price List API gives it, in the parts that queries and readers use. */
export interface PriceDocument {
  readonly product: {
    readonly productFamily?: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
  readonly serviceCode: string;
  readonly terms: object;
}

/** Answers of the real API of August 2026, fewer of their reserved terms. */
export const recordedProducts = JSON.parse(
  readFileSync(new URL("../fixtures/price-list/recorded.json", import.meta.url), "utf8"),
) as readonly PriceDocument[];

interface Made {
  readonly service: string;
  readonly family?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly unit: string;
  /** US dollars by the first unit that each holds from. */
  readonly dollars: number | readonly (readonly [from: string, dollars: number])[];
}

/** A product in the documented form (Billing user guide, "Reading the service price list file"). */
function madeProduct({ service, family, attributes, unit, dollars }: Made): PriceDocument {
  const steps = typeof dollars === "number" ? ([["0", dollars]] as const) : dollars;
  return {
    serviceCode: service,
    product: { ...(family === undefined ? {} : { productFamily: family }), attributes },
    terms: {
      OnDemand: {
        "SKU.JRTCKXETXF": {
          priceDimensions: Object.fromEntries(
            steps.map(([beginRange, price], index) => [
              `SKU.JRTCKXETXF.${index}`,
              { unit, beginRange, endRange: "Inf", pricePerUnit: { USD: price.toFixed(10) } },
            ]),
          ),
        },
      },
    },
  };
}

function madeInstance(
  regionCode: string,
  prefix: string,
  [instanceType, vcpu, memory, dollars]: readonly [string, number, number, number],
  change: Readonly<Record<string, string>> = {},
): PriceDocument {
  return madeProduct({
    service: "AmazonEC2",
    family: "Compute Instance",
    unit: "Hrs",
    dollars,
    attributes: {
      regionCode,
      instanceType,
      vcpu: String(vcpu),
      memory: `${memory.toLocaleString("en-US")} GiB`,
      operatingSystem: "Linux",
      tenancy: "Shared",
      preInstalledSw: "NA",
      capacitystatus: "Used",
      usagetype: `${prefix}BoxUsage:${instanceType}`,
      ...change,
    },
  });
}

/** Everything that a cost needs of Ireland, with prices that no other region has. */
export function irishProducts(): PriceDocument[] {
  const regionCode = "eu-west-1";
  const other = (
    service: string,
    family: string,
    usagetype: string,
    unit: string,
    dollars: Made["dollars"],
  ) => madeProduct({ service, family, unit, dollars, attributes: { regionCode, usagetype } });
  const instance = (...type: readonly [string, number, number, number]) =>
    madeInstance(regionCode, "EU-", type);
  return [
    ...recordedProducts,
    instance("c6i.xlarge", 4, 8, 0.1824),
    instance("c6i.32xlarge", 128, 256, 5.8368),
    instance("c7a.xlarge", 4, 8, 0.2196),
    instance("m7g.large", 2, 8, 0.0911),
    instance("r7i.24xlarge", 96, 768, 7.108),
    madeInstance(regionCode, "EU-", ["m7i.large", 2, 8, 9], { tenancy: "Dedicated" }),
    madeInstance(regionCode, "EU-", ["m6i.large", 2, 8, 9], {
      usagetype: "EU-UnusedBox:m6i.large",
      capacitystatus: "UnusedCapacityReservation",
    }),
    madeInstance("us-east-1", "", ["m7i.large", 2, 8, 9]),
    other("AmazonEC2", "NAT Gateway", "EU-NatGateway-Hours", "Hrs", 0.048),
    other("AmazonEC2", "NAT Gateway", "EU-NatGateway-Bytes", "GB", 0.048),
    other("AmazonEC2", "NAT Gateway", "EU-RegionalNatGateway-Hours", "Hrs", 9),
    other("AmazonVPC", "VpcEndpoint", "EU-VpcEndpoint-Hours", "Hrs", 0.011),
    other("AmazonVPC", "VpcEndpoint", "EU-VpcEndpoint-GWLBE-Hours", "Hrs", 9),
    other("AmazonVPC", "VpcEndpoint", "EU-VpcEndpoint-Bytes", "GB", [
      ["1048576", 0.006],
      ["0", 0.01],
    ]),
    other("AmazonCloudWatch", "Data Payload", "EU-DataProcessing-Bytes", "GB", 0.57),
    other("AmazonCloudWatch", "Data Payload", "EU-VendedLog-Bytes", "GB", 9),
    other("AWSLambda", "Serverless", "EU-Request", "Requests", [
      ["0", 0],
      ["1000000", 0.0000002],
    ]),
    other("AWSLambda", "Serverless", "EU-Request-ARM", "Requests", 0.0000002),
    other("AWSLambda", "Serverless", "EU-Lambda-GB-Second", "Lambda-GB-Second", [
      ["0", 0.0000166667],
      ["6000000000", 0.000015],
    ]),
    other("AWSLambda", "Serverless", "EU-Lambda-GB-Second-ARM", "Lambda-GB-Second", 0.0000133334),
    ofGroup(
      other("AWSLambda", "Serverless", "EU-SQS-Event-Poller-Unit-Hour", "Hours", 0.0103),
      "AWS-Lambda-SQS-Event-Poller-Unit-Duration",
    ),
  ];
}

function ofGroup(document: PriceDocument, group: string): PriceDocument {
  const { product } = document;
  return { ...document, product: { ...product, attributes: { ...product.attributes, group } } };
}

interface Query {
  readonly ServiceCode: string;
  readonly Filters?: readonly {
    readonly Type: string;
    readonly Field: string;
    readonly Value: string;
  }[];
  readonly NextToken?: string;
}

interface PriceListServer {
  readonly endpoint: string;
  readonly queries: Query[];
}

/** Answers GetProducts by its filters, two products a page. With `failure`, nothing but that error. */
export async function priceListServer(
  products: readonly PriceDocument[],
  failure?: { readonly status: number; readonly type: string; readonly message: string },
): Promise<PriceListServer> {
  const queries: Query[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const query = JSON.parse(Buffer.concat(chunks).toString()) as Query;
      queries.push(query);
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.statusCode = failure?.status ?? 200;
      response.end(
        JSON.stringify(
          failure ? { __type: failure.type, message: failure.message } : page(products, query),
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, queries };
}

const pageSize = 2;

function page(products: readonly PriceDocument[], { ServiceCode, Filters = [], NextToken }: Query) {
  const found = products.filter(
    ({ serviceCode, product }) =>
      serviceCode === ServiceCode &&
      Filters.every(({ Type, Field, Value }) => {
        const own = Field === "productFamily" ? product.productFamily : product.attributes[Field];
        return Type === "CONTAINS" ? own?.includes(Value) : own === Value;
      }),
  );
  const from = Number(NextToken ?? 0);
  return {
    FormatVersion: "aws_v1",
    PriceList: found.slice(from, from + pageSize).map((each) => JSON.stringify(each)),
    ...(from + pageSize < found.length ? { NextToken: String(from + pageSize) } : {}),
  };
}
