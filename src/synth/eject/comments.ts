import type { Template, TemplateResource } from "../synthesize.ts";

/** What lmi knows about its resources and the template does not say. */
export function commentOn(
  logicalId: string,
  { Type, DependsOn }: TemplateResource,
  { Resources }: Template,
): string | undefined {
  const hasVersions = Object.values(Resources).some((own) => own.Type === "AWS::Lambda::Version");
  const rule = rules.find(
    ({ type, id }) => type === Type && (id === undefined || id.test(logicalId)),
  );
  if (rule?.unlessVersions && hasVersions) return undefined;
  return rule !== undefined && (!rule.ifDependent || DependsOn !== undefined)
    ? rule.comment
    : undefined;
}

interface Rule {
  readonly type: string;
  readonly id?: RegExp;
  /** Only where it depends on something. */
  readonly ifDependent?: true;
  /** Only where nothing makes versions. */
  readonly unlessVersions?: true;
  readonly comment: string;
}

const rules: readonly Rule[] = [
  {
    type: "AWS::Lambda::CapacityProvider",
    comment:
      "Without a name: almost everything in it can change only by replacement, and CloudFormation cannot replace what has a fixed name. It depends on the routes, so that on deletion its instances go first.",
  },
  {
    type: "AWS::Lambda::Function",
    unlessVersions: true,
    comment:
      "Publishes every change to $LATEST.PUBLISHED, which is what runs. No `Version` resource: a second active version would run, and cost, a second minimum of environments, and keep the capacity provider from being deleted.",
  },
  {
    type: "AWS::Lambda::Permission",
    id: /UrlForEverybody$/,
    comment:
      "A URL for everybody needs two permissions: on the URL, and on invokes that come by it.",
  },
  {
    type: "AWS::EC2::SecurityGroup",
    id: /^SecurityGroup$/,
    comment: "Requests do not enter through the network: nothing in, everything out.",
  },
  {
    type: "AWS::EC2::NatGateway",
    ifDependent: true,
    comment: "While it is deleted it still needs its way out, hence the dependencies.",
  },
  {
    type: "AWS::EC2::Subnet",
    id: /^Subnet1$/,
    comment: "Lambda starts at least one instance in each of these subnets' zones.",
  },
  {
    type: "AWS::IAM::Role",
    id: /^OperatorRole$/,
    comment: "With this role Lambda launches and ends the instances.",
  },
  {
    type: "AWS::Logs::LogGroup",
    id: /CapacityProviderLogs$/,
    comment:
      "Log groups belong to the stack, so that their retention is set and they go when it goes.",
  },
];
