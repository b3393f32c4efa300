import { isTree, type Tree, treeAt, valueAt } from "../../../src/cli/config/layers.ts";
import { type Fault, value } from "./fault.ts";
import { functionFaults } from "./function-faults.ts";
import { hatchFaults } from "./hatch-faults.ts";

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(8, "0")}`);
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "value"]));

/** A network of its own, so that nothing of the right one is in the way. */
const network = (settings: object, at: string): Fault => ({
  area: "network",
  puts: [["network", settings]],
  at: `network${at}`,
});

const networkFaults: readonly Fault[] = [
  ...["10.0.0.0/8", "10.0.0.1/16", "300.0.0.0/16", "10.0.0.0/25", "fd00::/8", ""].map((cidr) =>
    network({ cidr }, ".cidr"),
  ),
  ...[0, 4, 1.5, "2"].map((azs) => network({ azs }, ".azs")),
  network({ egress: "internet" }, ".egress"),
  network({ natGateways: 2 }, ".natGateways"),
  network({ endpoints: ["SQS queue"] }, ".endpoints.0"),
  network({ vpcId: "vpc-XYZ" }, ".vpcId"),
  network({ vpcTags: {} }, ".vpcTags"),
  network({ defaultVpc: "yes" }, ".defaultVpc"),
  network({ subnetIds: ids("subnet", 2) }, ".subnetIds"),
  network({ securityGroupIds: ids("sg", 1) }, ".securityGroupIds"),
  network({ vpcId: "vpc-00000001", subnetIds: ids("subnet", 17) }, ".subnetIds"),
  network({ vpcId: "vpc-00000001", subnetIds: [] }, ".subnetIds"),
  network({ vpcId: "vpc-00000001", subnetIds: ["subnet-1"] }, ".subnetIds.0"),
  network(
    { vpcId: "vpc-00000001", subnetIds: [...ids("subnet", 2), ...ids("subnet", 1)] },
    ".subnetIds",
  ),
  network({ vpcId: "vpc-00000001", securityGroupIds: ids("sg", 6) }, ".securityGroupIds"),
  network(
    { vpcId: "vpc-00000001", securityGroupIds: [...ids("sg", 1), ...ids("sg", 1)] },
    ".securityGroupIds",
  ),
  network({ vpcId: "vpc-00000001", defaultVpc: true }, ".defaultVpc"),
  network({ vpcId: "vpc-00000001", vpcTags: { a: "b" } }, ".vpcTags"),
  network({ defaultVpc: true, subnetIds: ids("subnet", 1) }, ".subnetIds"),
  network({ egress: "none", ipv6: true }, ".ipv6"),
  ...["yes", 1, null].map((ipv6) => network({ ipv6 }, ".ipv6")),
  network({ subnets: ids("subnet", 1) }, ".subnets"),
];

/** Of the provider that the first function runs on. */
const capacity = (settings: object, at: string): Fault => ({
  area: "capacity",
  puts: [
    ["functions.<f>.capacityProvider", undefined],
    ["functions.<f>.memory", 2048],
    ["functions.<f>.memoryPerVCpu", 2],
    ["functions.<f>.concurrency", undefined],
    // Room for whatever the functions need, unless it is the cap that is wrong.
    ["capacity", { maxVCpu: 15_000, ...settings }],
  ],
  at: `capacity${at}`,
});

const capacityFaults: readonly Fault[] = [
  ...[11, 15_001, "30", 12.5, null].map((maxVCpu) => capacity({ maxVCpu }, ".maxVCpu")),
  capacity({ architecture: "sparc" }, ".architecture"),
  capacity({ instanceTypes: { allow: ["c7i.xlarge"], exclude: ["m7i.large"] } }, ".instanceTypes"),
  ...["c7g.xlarge", "t3.large"].map((type) =>
    capacity({ instanceTypes: { allow: [type, "r7i.8xlarge"] } }, ".instanceTypes.allow"),
  ),
  capacity(
    { architecture: "arm64", instanceTypes: { allow: ["c7i.xlarge"] } },
    ".instanceTypes.allow",
  ),
  capacity({ instanceTypes: { allow: [] } }, ".instanceTypes.allow"),
  capacity(
    { instanceTypes: { exclude: Array.from({ length: 401 }, () => "c7i.xlarge") } },
    ".instanceTypes.exclude",
  ),
  capacity({ instanceTypes: { exclude: ["c7i.*"] } }, ".instanceTypes.exclude.0"),
  ...[0, 101, "70"].map((targetCpu) => capacity({ scaling: { targetCpu } }, ".scaling.targetCpu")),
  capacity({ scaling: {} }, ".scaling.targetCpu"),
  capacity({ kmsKeyArn: "alias/own" }, ".kmsKeyArn"),
  capacity({ kmsKeyArn: "arn:aws:kms:sa-east-1:000000000000:key/0123abcd" }, ".kmsKeyArn"),
  capacity({ propagateTags: many(41) }, ".propagateTags"),
  capacity({ propagateTags: { "aws:own": "x" } }, ".propagateTags.aws:own"),
  capacity({ logLevel: "TRACE" }, ".logLevel"),
  capacity({ logRetention: 2 }, ".logRetention"),
  capacity({ confusedDeputyProtection: 1 }, ".confusedDeputyProtection"),
  capacity({ maxVcpu: 30 }, ".maxVcpu"),
];

const otherFaults: readonly Fault[] = [
  ...value("name", "name", "9lives", "a b", "", "x".repeat(51), 7),
  ...value("region", "region", "moon", "us-east", "US-EAST-1"),
  ...value("colour", "colour", "red"),
  ...value("functons", "functons", {}),
  ...value("tags", "tags", many(50), ["a"]),
  { area: "tags", puts: [["tags", { "aws:own": "x" }]], at: "tags.aws:own" },
  { area: "tags", puts: [["tags", { "lmi:own": "x" }]], at: "tags.lmi:own" },
  { area: "tags", puts: [["tags", { own: "x".repeat(257) }]], at: "tags.own" },
  { area: "tags", puts: [["tags", { own: 1 }]], at: "tags.own" },
  ...value("function code", "allowUnsupportedRuntime", "yes"),
  {
    area: "environments",
    puts: [["environments", { "-x": {} }]],
    at: "environments.-x",
  },
  {
    area: "environments",
    puts: [["environments", { staging: { network: { azs: 9 } } }]],
    at: "environments.staging.network.azs",
  },
  {
    area: "environments",
    puts: [["environments", { staging: { name: "other" } }]],
    at: "environments.staging.name",
  },
  {
    area: "providers",
    puts: [["capacityProviders.own", { confusedDeputyProtection: true }]],
    at: "capacityProviders.own.confusedDeputyProtection",
  },
  { area: "providers", puts: [["capacityProviders.9bad", {}]], at: "capacityProviders.9bad" },
  ...value("providers", "capacityProviders.own.maxVCpu", 1),
];

export const faults: readonly Fault[] = [
  ...networkFaults,
  ...capacityFaults,
  ...otherFaults,
  ...functionFaults,
  ...hatchFaults,
];

/** The settings with a fault; and where it must be told. */
export function withFault(settings: Tree, { puts, at }: Fault): { settings: Tree; at: string } {
  const [first = ""] = Object.keys(settings["functions"] ?? {});
  const real = (path: string) => path.split(".").map((key) => (key === "<f>" ? first : key));
  const changed = puts.reduce<Tree>((tree, [path, put]) => placed(tree, real(path), put), settings);
  return { settings: changed, at: real(at).join(".") };
}

function placed(tree: Tree, path: readonly string[], put: unknown): Tree {
  const [first = "", ...rest] = path;
  if (rest.length === 0) {
    const others = Object.fromEntries(Object.entries(tree).filter(([key]) => key !== first));
    return put === undefined ? others : { ...others, [first]: put };
  }
  const inner = valueAt(tree, [first]);
  if (put === undefined && !isTree(inner)) return tree;
  return { ...tree, [first]: isTree(inner) ? placed(inner, rest, put) : treeAt(rest, put) };
}
