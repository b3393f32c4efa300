import { endpointsOf } from "../endpoints.ts";
import { existingVpc } from "../existing-vpc.ts";
import type { NetworkSettings, Settings } from "../settings.ts";
import type { CostItem } from "./cost-item.ts";
import { hoursPerMonth, type PriceList } from "./prices.ts";

/** What a new network costs a month at rest; one that exists costs what it did before. */
export function networkItems(settings: Settings, instances: number, prices: PriceList): CostItem[] {
  const { network } = settings;
  if (existingVpc(network) !== undefined) return [];
  const endpoints = endpointsOf(settings).filter(({ kind }) => kind === "interface");
  return [
    ...egressItems(network, instances, prices),
    ...endpoints.map(({ name }) => endpointItem(name, network.azs, prices)),
  ];
}

function egressItems(network: NetworkSettings, instances: number, prices: PriceList): CostItem[] {
  if (network.egress === "public") return instances === 0 ? [] : [addressItem(instances, prices)];
  if (network.egress !== "nat") return [];
  const count = network.natGateways === "each" ? network.azs : 1;
  return [
    {
      kind: "nat",
      label: `${count} NAT gateway${count === 1 ? "" : "s"}`,
      monthly: count * prices.natGatewayHour * hoursPerMonth,
    },
    addressItem(count, prices),
  ];
}

function addressItem(count: number, prices: PriceList): CostItem {
  return {
    kind: "address",
    label: `${count} public IPv4 address${count === 1 ? "" : "es"}`,
    monthly: count * prices.publicAddressHour * hoursPerMonth,
  };
}

function endpointItem(name: string, zones: number, prices: PriceList): CostItem {
  return {
    kind: "endpoint",
    label: `${name === "logs" ? "CloudWatch Logs" : name} endpoint in ${zones} zone${zones === 1 ? "" : "s"}`,
    monthly: zones * prices.interfaceEndpointHour * hoursPerMonth,
  };
}
