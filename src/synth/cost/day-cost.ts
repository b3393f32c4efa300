import { familyOf, managementFee, type PriceList, tablePrices } from "./prices.ts";

/** US dollars a day of one managed instance, Lambda's fee included; undefined for a type that is like none known. */
export function instancePerDay(type: string, prices: PriceList = tablePrices): number | undefined {
  const hourly = hourlyOf(type, prices);
  return hourly === undefined ? undefined : hourly * (1 + managementFee) * 24;
}

/** Exact where the price is known, else that of the newest type of the same class, architecture and size. */
function hourlyOf(type: string, { instanceTypes }: PriceList): number | undefined {
  const known = instanceTypes.find(({ name }) => name === type);
  const like = instanceTypes.findLast(({ name }) => kindOf(name) === kindOf(type));
  return (known ?? like)?.hourly;
}

/** `c x86 xlarge` of c8i.xlarge; Graviton families have a g behind the generation. */
function kindOf(type: string): string {
  const family = familyOf(type);
  const isArm = /^[a-z]+\d+g/.test(family);
  return `${family.charAt(0)} ${isArm ? "arm" : "x86"} ${type.slice(family.length + 1)}`;
}

/** A resource as far as its price goes. */
export interface PricedResource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** US dollars a day of a resource that costs by the hour, whether used or not; undefined for what does not, or is not known. */
export function resourcePerDay(
  { type, properties }: PricedResource,
  prices: PriceList = tablePrices,
): number | undefined {
  if (type === "AWS::EC2::NatGateway") return prices.natGatewayHour * 24;
  if (type === "AWS::EC2::EIP") return prices.publicAddressHour * 24;
  if (type === "AWS::EC2::VPCEndpoint" && properties["VpcEndpointType"] === "Interface") {
    const subnets = properties["SubnetIds"];
    return prices.interfaceEndpointHour * 24 * (Array.isArray(subnets) ? subnets.length : 1);
  }
  return undefined;
}

/** `≈ $5.63 a day`. */
export function aDay(dollars: number): string {
  return `≈ $${dollars.toFixed(2)} a day`;
}
