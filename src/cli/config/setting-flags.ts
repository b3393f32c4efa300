/** One flag that sets a setting, as data: the option builder, environment variables and help all read this table. */
export interface SettingFlag {
  /** As commander takes it, e.g. `--max-vcpu <count>`. */
  readonly flags: string;
  /** Commander's attribute name, and the key in `SettingFlagValues`. */
  readonly attribute: string;
  /** `project`: path from the top of lmi.json; `function`: path inside the selected function; `selector`: chooses that function. */
  readonly scope: "project" | "function" | "selector";
  readonly path: readonly string[];
  /**
   * `list`: one value with commas, repeatable; `entries`: KEY=VALUE, repeatable; `boolean`: no value.
   * The option builder hands values over as typed (strings); loadSettings parses them, so that every problem is reported together.
   */
  readonly kind: "string" | "integer" | "list" | "entries" | "boolean";
  readonly choices?: readonly string[];
  /** The environment variable that means the same; absent where none makes sense. */
  readonly variable?: string;
  readonly description: string;
}

/** What the option builder hands to loadSettings, by attribute; absent means not given. Repeatable flags hand in arrays. */
export type SettingFlagValues = Readonly<
  Record<string, string | boolean | readonly string[] | undefined>
>;

export const settingFlags: readonly SettingFlag[] = [
  {
    flags: "--max-vcpu <count>",
    attribute: "maxVcpu",
    scope: "project",
    path: ["capacity", "maxVCpu"],
    kind: "integer",
    variable: "LMI_MAX_VCPU",
    description: "cap of the capacity provider, 12 to 15000 vCPUs (default 30)",
  },
  {
    flags: "--arch <architecture>",
    attribute: "arch",
    scope: "project",
    path: ["capacity", "architecture"],
    kind: "string",
    choices: ["x86_64", "arm64"],
    variable: "LMI_ARCH",
    description: "processor architecture (default x86_64)",
  },
  {
    flags: "--instance-types <types>",
    attribute: "instanceTypes",
    scope: "project",
    path: ["capacity", "instanceTypes", "allow"],
    kind: "list",
    variable: "LMI_INSTANCE_TYPES",
    description: "only these EC2 instance types, comma separated",
  },
  {
    flags: "--exclude-instance-types <types>",
    attribute: "excludeInstanceTypes",
    scope: "project",
    path: ["capacity", "instanceTypes", "exclude"],
    kind: "list",
    variable: "LMI_EXCLUDE_INSTANCE_TYPES",
    description: "never these EC2 instance types, comma separated",
  },
  {
    flags: "--azs <count>",
    attribute: "azs",
    scope: "project",
    path: ["network", "azs"],
    kind: "integer",
    variable: "LMI_AZS",
    description: "availability zones of the new VPC, 1 to 3 (default 1)",
  },
  {
    flags: "--egress <kind>",
    attribute: "egress",
    scope: "project",
    path: ["network", "egress"],
    kind: "string",
    choices: ["nat", "endpoints", "public", "none"],
    variable: "LMI_EGRESS",
    description: "how functions reach the outside (default nat)",
  },
  {
    flags: "--cidr <range>",
    attribute: "cidr",
    scope: "project",
    path: ["network", "cidr"],
    kind: "string",
    variable: "LMI_CIDR",
    description: "address range of the new VPC (default 10.0.0.0/16)",
  },
  {
    flags: "--vpc-id <id>",
    attribute: "vpcId",
    scope: "project",
    path: ["network", "vpcId"],
    kind: "string",
    variable: "LMI_VPC_ID",
    description: "use this VPC instead of a new one",
  },
  {
    flags: "--subnet-ids <ids>",
    attribute: "subnetIds",
    scope: "project",
    path: ["network", "subnetIds"],
    kind: "list",
    variable: "LMI_SUBNET_IDS",
    description: "subnets of that VPC, comma separated",
  },
  {
    flags: "--security-group-ids <ids>",
    attribute: "securityGroupIds",
    scope: "project",
    path: ["network", "securityGroupIds"],
    kind: "list",
    variable: "LMI_SECURITY_GROUP_IDS",
    description: "security groups of that VPC, comma separated",
  },
  {
    flags: "--tag <KEY=VALUE>",
    attribute: "tag",
    scope: "project",
    path: ["tags"],
    kind: "entries",
    description: "tag of every resource; repeatable",
  },
  {
    flags: "--function <name>",
    attribute: "function",
    scope: "selector",
    path: [],
    kind: "string",
    variable: "LMI_FUNCTION",
    description: "the function that function settings mean, when there are several",
  },
  {
    flags: "--entry <path>",
    attribute: "entry",
    scope: "function",
    path: ["entry"],
    kind: "string",
    variable: "LMI_ENTRY",
    description: "handler source, ready-made folder or .zip (default src/handler.ts)",
  },
  {
    flags: "--runtime <id>",
    attribute: "runtime",
    scope: "function",
    path: ["runtime"],
    kind: "string",
    variable: "LMI_RUNTIME",
    description: "Lambda runtime (default nodejs24.x)",
  },
  {
    flags: "--memory <mb>",
    attribute: "memory",
    scope: "function",
    path: ["memory"],
    kind: "integer",
    variable: "LMI_MEMORY",
    description: "memory of one execution environment, 2048 to 32768 MB (default 2048)",
  },
  {
    flags: "--memory-per-vcpu <gib>",
    attribute: "memoryPerVcpu",
    scope: "function",
    path: ["memoryPerVCpu"],
    kind: "integer",
    choices: ["2", "4", "8"],
    variable: "LMI_MEMORY_PER_VCPU",
    description: "GiB of memory per vCPU (default 2)",
  },
  {
    flags: "--concurrency <count>",
    attribute: "concurrency",
    scope: "function",
    path: ["concurrency"],
    kind: "integer",
    variable: "LMI_CONCURRENCY",
    description: "requests that one execution environment serves at once",
  },
  {
    flags: "--min-environments <count>",
    attribute: "minEnvironments",
    scope: "function",
    path: ["minEnvironments"],
    kind: "integer",
    variable: "LMI_MIN_ENVIRONMENTS",
    description: "execution environments that always run",
  },
  {
    flags: "--max-environments <count>",
    attribute: "maxEnvironments",
    scope: "function",
    path: ["maxEnvironments"],
    kind: "integer",
    variable: "LMI_MAX_ENVIRONMENTS",
    description: "execution environments at most",
  },
  {
    flags: "--timeout <seconds>",
    attribute: "timeout",
    scope: "function",
    path: ["timeout"],
    kind: "integer",
    variable: "LMI_TIMEOUT",
    description: "time limit of one request, 1 to 900 s (default 30)",
  },
  {
    flags: "--ephemeral-storage <mb>",
    attribute: "ephemeralStorage",
    scope: "function",
    path: ["ephemeralStorage"],
    kind: "integer",
    variable: "LMI_EPHEMERAL_STORAGE",
    description: "size of /tmp, 512 to 10240 MB (default 512)",
  },
  {
    flags: "--function-env <KEY=VALUE>",
    attribute: "functionEnv",
    scope: "function",
    path: ["environment"],
    kind: "entries",
    description: "environment variable of the function; repeatable",
  },
  {
    flags: "--allow-unsupported-runtime",
    attribute: "allowUnsupportedRuntime",
    scope: "project",
    path: ["allowUnsupportedRuntime"],
    kind: "boolean",
    variable: "LMI_ALLOW_UNSUPPORTED_RUNTIME",
    description: "leave the decision about the runtime to AWS",
  },
];
