import { endpointsOf } from "../endpoints.ts";
import { existingVpc } from "../existing-vpc.ts";
import type { NetworkSettings, Settings } from "../settings.ts";
import type { CostItem } from "./cost-item.ts";
import { prices } from "./prices.ts";

/** What a new network costs a month at rest; one that exists costs what it did before. */
export function networkItems(settings: Settings, instances: number): CostItem[] {
  const { network } = settings;
  if (existingVpc(network) !== undefined) return [];
  const endpoints = endpointsOf(settings).filter(({ kind }) => kind === "interface");
  return [
    ...egressItems(network, instances),
    ...endpoints.map(({ name }) => endpointItem(name, network.azs)),
  ];
}

function egressItems(network: NetworkSettings, instances: number): CostItem[] {
  if (network.egress === "public") return instances === 0 ? [] : [addressItem(instances)];
  if (network.egress !== "nat") return [];
  const count = network.natGateways === "each" ? network.azs : 1;
  return [
    {
      kind: "nat",
      label: `${count} NAT gateway${count === 1 ? "" : "s"}`,
      monthly: count * prices.natGatewayHour * prices.hoursPerMonth,
    },
    addressItem(count),
  ];
}

function addressItem(count: number): CostItem {
  return {
    kind: "address",
    label: `${count} public IPv4 address${count === 1 ? "" : "es"}`,
    monthly: count * prices.publicAddressHour * prices.hoursPerMonth,
  };
}

function endpointItem(name: string, zones: number): CostItem {
  return {
    kind: "endpoint",
    label: `${name === "logs" ? "CloudWatch Logs" : name} endpoint in ${zones} zone${zones === 1 ? "" : "s"}`,
    monthly: zones * prices.interfaceEndpointHour * prices.hoursPerMonth,
  };
}
