import type { FunctionSettings, Settings } from "./settings.ts";

/** A way to one AWS service that needs no internet (VPC endpoint). */
export interface Endpoint {
  /** Short name: `com.amazonaws.<region>.<name>`. */
  readonly name: string;
  /** Gateways cost nothing and hang on route tables; interfaces cost by hour and zone (AWS PrivateLink guide). */
  readonly kind: "gateway" | "interface";
}

const gateways: ReadonlySet<string> = new Set(["s3", "dynamodb"]);

/**
 * Endpoints of a new VPC: what functions are known to need where there is no other way out, and what settings ask for.
 * Logs go out through the instances' network (Lambda developer guide, lambda-managed-instances-networking). Event
 * sources need none: Lambda's own pollers read them outside of that network (with-msk-cluster-network), and invokes do not
 * come in through it.
 */
export function endpointsOf({ network, functions }: Settings): Endpoint[] {
  const known = network.egress === "endpoints" ? Object.values(functions).flatMap(neededBy) : [];
  const base = network.egress === "endpoints" ? ["logs", "s3"] : [];
  const names = new Set([...base, ...known, ...network.endpoints]);
  return [...names].map((name) => ({ name, kind: gateways.has(name) ? "gateway" : "interface" }));
}

function neededBy(own: FunctionSettings): string[] {
  const deadLetters = own.deadLetterArn?.split(":")[2];
  return [...(own.tracing ? ["xray"] : []), ...(deadLetters === undefined ? [] : [deadLetters])];
}

/** IAM's prefixes of services whose endpoint is called otherwise (AWS PrivateLink guide, aws-services-privatelink-support). */
const endpointNames: Readonly<Record<string, string>> = {
  cloudwatch: "monitoring",
  kinesis: "kinesis-streams",
  firehose: "kinesis-firehose",
  states: "states",
  bedrock: "bedrock-runtime",
  es: "es",
  "execute-api": "execute-api",
};
/** Services that have no endpoint, or none that calls go through. */
const withoutEndpoint: ReadonlySet<string> = new Set(["iam", "route53", "cloudfront", "*"]);

/** Endpoint names of the services that a function's own IAM statements allow it to call. */
export function servicesOf({ policies }: FunctionSettings): string[] {
  const statements = policies.filter((policy) => typeof policy !== "string");
  const actions = statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action = [] }) => Action);
  const prefixes = actions.map((action) => action.split(":")[0] ?? "");
  const names = prefixes
    .filter((prefix) => !withoutEndpoint.has(prefix))
    .map((prefix) => endpointNames[prefix] ?? prefix);
  return [...new Set(names)];
}
