import type { PricedProduct, PriceQuery } from "../../aws/ports.ts";
import { type InstanceType, type PriceList, tablePrices } from "../../synth/cost/prices.ts";

/** Everything that a cost is made of, in the words of the price list. */
export function priceQueries(region: string, families: readonly string[]): PriceQuery[] {
  const here = { regionCode: region };
  const instances = {
    ...here,
    productFamily: "Compute Instance",
    operatingSystem: "Linux",
    tenancy: "Shared",
    preInstalledSw: "NA",
    capacitystatus: "Used",
  };
  return [
    ...families.map((family) => ({
      service: "AmazonEC2",
      equal: instances,
      containing: { instanceType: `${family}.` },
    })),
    { service: "AmazonEC2", equal: { ...here, productFamily: "Storage", volumeApiName: "gp3" } },
    { service: "AmazonEC2", equal: { ...here, productFamily: "NAT Gateway" } },
    { service: "AmazonVPC", equal: { ...here, productFamily: "VpcEndpoint" } },
    { service: "AmazonVPC", equal: { ...here, group: "VPCPublicIPv4Address" } },
    { service: "AmazonCloudWatch", equal: { ...here, productFamily: "Data Payload" } },
    { service: "AWSLambda", equal: { ...here, productFamily: "Serverless" } },
  ];
}

/** How bills call it, behind a prefix for the region that some have: `EU-NatGateway-Hours`. */
const usageTypes = {
  natGatewayHour: "NatGateway-Hours",
  natGigabyte: "NatGateway-Bytes",
  interfaceEndpointHour: "VpcEndpoint-Hours",
  endpointGigabyte: "VpcEndpoint-Bytes",
  publicAddressHour: "PublicIPv4:InUseAddress",
  volumeGigabyteMonth: "EBS:VolumeUsage.gp3",
  logGigabyte: "DataProcessing-Bytes",
  request: "Request",
  x86: "Lambda-GB-Second",
  arm: "Lambda-GB-Second-ARM",
} as const;

/** Groups of Lambda's products; not every region has them. */
const groups = {
  sqsPollers: "AWS-Lambda-SQS-Event-Poller-Unit-Duration",
  kafkaPollers: "AWS-Lambda-Event-Poller-Unit-Duration",
} as const;

/**
 * The prices of a region from what the queries found.
 * @param date the day of the answer, `2026-11-25`
 * @throws TypeError that names what is missing or told twice
 */
export function priceListOf(
  products: readonly PricedProduct[],
  region: string,
  date: string,
): PriceList {
  const price = (usageType: string) => priceOf(products, usageType);
  const instanceTypes = instanceTypesOf(products);
  if (instanceTypes.length === 0) throw new TypeError("it has no price of an instance type");
  return {
    source: "aws",
    region,
    date,
    instanceTypes,
    natGatewayHour: price(usageTypes.natGatewayHour),
    natGigabyte: price(usageTypes.natGigabyte),
    interfaceEndpointHour: price(usageTypes.interfaceEndpointHour),
    endpointGigabyte: price(usageTypes.endpointGigabyte),
    publicAddressHour: price(usageTypes.publicAddressHour),
    volumeGigabyteMonth: price(usageTypes.volumeGigabyteMonth),
    logGigabyte: price(usageTypes.logGigabyte),
    millionRequests: price(usageTypes.request) * 1_000_000,
    sqsPollerUnitHour: ofGroup(products, groups.sqsPollers) ?? tablePrices.sqsPollerUnitHour,
    kafkaPollerUnitHour: ofGroup(products, groups.kafkaPollers) ?? tablePrices.kafkaPollerUnitHour,
    gigabyteSecond: { x86_64: price(usageTypes.x86), arm64: price(usageTypes.arm) },
    // Not asked for: data transfer has a price for each pair of places.
    internetGigabyte: tablePrices.internetGigabyte,
    zoneGigabyte: tablePrices.zoneGigabyte,
  };
}

/** Of the first step that costs something. */
function priceOf(products: readonly PricedProduct[], usageType: string): number {
  const found = new Set(
    products
      .filter(({ attributes }) => withoutRegion(attributes["usagetype"]) === usageType)
      .flatMap(({ onDemand }) => onDemand.find(({ dollars }) => dollars > 0)?.dollars ?? []),
  );
  const [dollars] = found;
  if (dollars === undefined) throw new TypeError(`it has no price of ${usageType}`);
  if (found.size > 1) throw new TypeError(`it has several prices of ${usageType}`);
  return dollars;
}

/** undefined where the region does not have it, or has it twice. */
function ofGroup(products: readonly PricedProduct[], group: string): number | undefined {
  const found = products.filter(({ attributes }) => attributes["group"] === group);
  const [dollars, ...others] = found.flatMap(({ onDemand }) =>
    onDemand.map((step) => step.dollars),
  );
  return others.length === 0 && dollars !== undefined && dollars > 0 ? dollars : undefined;
}

/** `NatGateway-Hours` of `USE1-NatGateway-Hours`; of us-east-1 most have no prefix. */
function withoutRegion(usageType = ""): string {
  return usageType.replace(/^[A-Z]{2,4}\d?-/, "");
}

function instanceTypesOf(products: readonly PricedProduct[]): InstanceType[] {
  const types = products.flatMap(instanceTypeOf);
  return [...new Map(types.map((type) => [type.name, type])).values()].toSorted((one, other) =>
    one.name.localeCompare(other.name),
  );
}

function instanceTypeOf({ family, attributes, onDemand }: PricedProduct): InstanceType[] {
  const { instanceType = "", usagetype, vcpu } = attributes;
  // Others under the same attributes are reserved without running, or bare metal.
  const isRunning = withoutRegion(usagetype) === `BoxUsage:${instanceType}`;
  const hourly = onDemand.find(({ unit }) => unit === "Hrs")?.dollars;
  const [vCpus, memoryGiB] = [Number(vcpu), gibibytes(attributes["memory"])];
  if (family !== "Compute Instance" || !isRunning || !hourly || !vCpus || !memoryGiB) return [];
  const architecture = /^[a-z]+\d+g/.test(instanceType) ? "arm64" : "x86_64";
  return [{ name: instanceType, architecture, vCpus, memoryGiB, hourly }];
}

/** Of `1,536 GiB`; NaN of anything else. */
function gibibytes(text = ""): number {
  return Number(/^([\d,.]+) GiB$/.exec(text)?.[1]?.replaceAll(",", ""));
}
