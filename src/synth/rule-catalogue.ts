import { pushingReasons } from "./events/pushing-reasons.ts";
import { reasonOfSetting } from "./setting-reasons.ts";
import { pauseScheduleReasons } from "./pause-schedule-reasons.ts";
import { networkReasons } from "./network-reasons.ts";
import { regionReasons } from "./region-reasons.ts";

/** Why a rule is one, who says so, and what to do. Every code of a rule has an entry; a test holds that. */
export interface RuleReason {
  readonly why: string;
  /** A page of AWS's documentation (Lambda developer guide unless it says otherwise), or who observed it. */
  readonly source: string;
  readonly mend: string;
}

const guide = (page: string) => `AWS Lambda developer guide, ${page}`;
const settings = "lmi's settings schema, docs/settings.md";

export const ruleCatalogue: Readonly<Record<string, RuleReason>> = {
  "memory-ratio": {
    why: "Memory and vCPUs come together: each vCPU brings 2, 4 or 8 GiB, and only whole vCPUs are given.",
    source: "observed by the authors of aws-lambda-handler-cookbook (managed_instances.md)",
    mend: "Take the nearest multiple, or another memoryPerVCpu.",
  },
  "concurrency-per-vcpu": {
    why: "An execution environment takes at most 64 requests at once for each of its vCPUs.",
    source: guide("lambda-managed-instances-runtimes"),
    mend: "Lower concurrency, or give more memory: it brings vCPUs.",
  },
  "scaling-incomplete": {
    why: "Lambda takes both limits together.",
    source: "kirodotdev/powers, infrastructure-setup.md",
    mend: "Set minEnvironments and maxEnvironments, or neither.",
  },
  "scaling-order": {
    why: "A minimum above the maximum cannot be kept.",
    source: guide("lambda-managed-instances-scaling"),
    mend: "Raise maxEnvironments or lower minEnvironments.",
  },
  "scaling-zero": {
    why: "Managed Instances do not scale to zero by themselves; 0 with 0 switches a function off.",
    source: guide("lambda-managed-instances-scaling"),
    mend: "Take at least 1, or 0 for both to pause.",
  },
  "scaling-stopped": {
    why: "With 0 and 0 the version is deactivated: no instances, no answers, and nothing brings it back by itself.",
    source: guide("lambda-managed-instances-scaling"),
    mend: "Raise both limits when it shall answer again.",
  },
  "runtime-unsupported": {
    why: "AWS refuses it: “Runtime Enum … does not support specified feature: Lambda Managed Instances”.",
    source: guide("lambda-managed-instances-runtimes"),
    mend: "Take a runtime of the list: nodejs24.x, nodejs22.x, python3.14, java25, dotnet10, provided.al2023 …",
  },
  "runtime-deprecated": {
    why: "AWS ends the support of a runtime with that of its language; later it can be neither created nor updated.",
    source: guide("lambda-csharp"),
    mend: "Take the next version: dotnet10.",
  },
  "entry-runtime": {
    why: "Only TypeScript and JavaScript are bundled here; other languages have builds of their own.",
    source: settings,
    mend: "Name the folder or .zip that the build makes.",
  },
  "function-name-too-long": {
    why: "Lambda takes names of at most 64 characters, and --env adds the environment's name.",
    source: "Lambda API, CreateFunction",
    mend: "Shorten the function's or the environment's name.",
  },
  "variable-reserved": {
    why: "Lambda sets it itself and refuses functions that do.",
    source: guide("configuration-envvars"),
    mend: "Take another name.",
  },
  "variable-ssm-secure": {
    why: "CloudFormation resolves ssm-secure only in properties of a list, and Lambda's are not among them.",
    source: "AWS CloudFormation user guide, dynamic-references-ssm-secure-strings",
    mend: 'Keep it in Secrets Manager: { "secret": "name" }, or let the function read the parameter at run time.',
  },
  "secret-version-twice": {
    why: "A reference to a secret names its version by label or by id.",
    source: "AWS CloudFormation user guide, dynamic-references-secretsmanager",
    mend: "Keep one of them, or neither for AWSCURRENT.",
  },
  "environment-too-large": {
    why: "All environment variables together may have 4 KB.",
    source: guide("gettingstarted-limits"),
    mend: "Keep large values in SSM or Secrets Manager and read them at start.",
  },
  "async-failure-twice": {
    why: "A dead-letter queue gets the request alone, a destination for failures the request with its error; with both, each failure arrives twice.",
    source: guide("invocation-async-retain-records"),
    mend: "Keep asyncInvoke.onFailure alone, unless both are wanted.",
  },
  "async-destination-self": {
    why: "A function that gets records of its own requests calls itself for each of them.",
    source: guide("invocation-recursion"),
    mend: "Name another function, a queue or a topic.",
  },
  "egress-none": {
    why: "Logs and traces leave through the instances' network. Without a way out the function answers and they are lost.",
    source: guide("lambda-managed-instances-troubleshooting"),
    mend: "Take egress endpoints, or add the endpoint logs.",
  },
  "endpoint-missing": {
    why: "With endpoints as the only way out, a call to a service without one hangs until it times out.",
    source: guide("lambda-managed-instances-networking"),
    mend: "Add the service to network.endpoints, or take egress nat.",
  },
  "nat-gateways-unused": {
    why: "NAT gateways in each zone are for egress nat in several zones.",
    source: settings,
    mend: "Leave natGateways out.",
  },
  "ipv6-no-egress": {
    why: "IPv6 addresses without a route out are of no use here: functions are not reached through the VPC.",
    source: guide("lambda-managed-instances-networking"),
    mend: "Leave ipv6 out, or take egress endpoints for a VPC without NAT.",
  },
  "ipv6-opens": {
    why: "An egress-only internet gateway leads to all of the internet that has IPv6; AWS's IPv4 services go through the endpoints.",
    source: "Amazon VPC user guide, egress-only-internet-gateway",
    mend: "Keep it where this is meant: it is the cheapest way out. Else leave ipv6 out.",
  },
  "network-moot": {
    why: "Nothing of a VPC that exists is changed but a security group added.",
    source: settings,
    mend: "Leave the setting out.",
  },
  "vpc-ambiguous": {
    why: "vpcId, vpcTags and defaultVpc each say which VPC is meant.",
    source: settings,
    mend: "Keep one of them.",
  },
  "instance-types-both": {
    why: "A capacity provider takes a list of allowed or of excluded types.",
    source: guide("lambda-managed-instances-capacity-providers"),
    mend: "Keep one list.",
  },
  "instance-type-unsuitable": {
    why: "Instances are of the families C, M and R, of the provider's architecture (a g behind the number: arm64).",
    source: guide("lambda-managed-instances-capacity-providers"),
    mend: "Take fitting types, or leave the choice to Lambda.",
  },
  "instance-type-family": {
    why: "Managed Instances take types of the families C, M and R; AWS names no others.",
    source: guide("lambda-managed-instances-capacity-providers"),
    mend: "Take a type of these families, or leave the choice to Lambda.",
  },
  "instance-types-too-small": {
    why: "An execution environment runs on one instance, which must have its vCPUs and memory, and a vCPU and a GiB for Lambda itself. Where none has, nothing ever starts.",
    source: "AWS's Managed Instances calculator (sample-aws-lambda-managed-instances, methodology)",
    mend: "Allow larger types, or give the function less memory.",
  },
  "max-vcpu-below-instance": {
    why: "An instance is launched whole. Where the smallest allowed one has more vCPUs than the cap, none is.",
    source: guide("lambda-managed-instances-capacity-providers"),
    mend: "Raise maxVCpu, or allow smaller types.",
  },
  "max-vcpu-below-minimum": {
    why: "No instances under the cap hold the minimum of all functions: a version fails with CapacityProviderScalingLimitExceeded.",
    source: guide("lambda-managed-instances-capacity-providers"),
    mend: "Raise maxVCpu, or lower minEnvironments or memory.",
  },
  "max-vcpu-tight": {
    why: "Lambda starts an instance in each zone, each keeps a vCPU for itself, and an instance is replaced by starting another one first. Where there is no room a version fails with CapacityProviderScalingLimitExceeded.",
    source: "observed by the authors of powertools-lambda-typescript (issue 5735)",
    mend: "Raise maxVCpu, allow smaller types, or lower minEnvironments or the zones.",
  },
  "alias-version-costs": {
    why: "Each published version has a minimum of execution environments of its own, which run and cost whether it is invoked or not.",
    source: guide("lambda-managed-instances-execution-environment"),
    mend: "Take $LATEST.PUBLISHED, which costs nothing more, unless callers must stay at a version until the next one is ready.",
  },
  "provider-versions": {
    why: "A capacity provider has at most 100 function versions, of all its functions together; a function with a numbered version has up to three while it is deployed.",
    source: guide("lambda-managed-instances-quotas"),
    mend: "Spread the functions over capacityProviders, or take aliases at $LATEST.PUBLISHED.",
  },
  "capacity-provider-unknown": {
    why: "A function runs on the provider of capacity, or on one of capacityProviders.",
    source: settings,
    mend: "Mend the name, or add the provider.",
  },
  "capacity-provider-unused": {
    why: "A provider that no function runs on would cost nothing and do nothing.",
    source: settings,
    mend: "Name it in a function's capacityProvider, or remove it.",
  },
  "capacity-provider-shared": {
    why: "Functions on one provider share instances as containers, not as virtual machines: the provider is the boundary.",
    source: guide("lambda-managed-instances-security"),
    mend: "Give functions that do not trust each other providers of their own: capacityProviders.",
  },
  "override-path": {
    why: "An override changes a part of a resource: its Properties, or what stands beside them.",
    source: "AWS CloudFormation user guide, Resource attribute reference",
    mend: "Begin the path with Properties., DeletionPolicy, DependsOn …",
  },
  "override-unknown": {
    why: "An override that meets no resource would do nothing.",
    source: settings,
    mend: "Take the logical id of a resource of the stack, or the name of a function.",
  },
  "condition-unknown": {
    why: "A condition that is not defined makes the template invalid.",
    source: "AWS CloudFormation user guide, conditions-section-structure",
    mend: "Define it under conditions, or mend its name.",
  },
  "logical-id-taken": {
    why: "Names are unique in a template; a second resource of the same name would replace lmi's.",
    source: "AWS CloudFormation user guide, resources-section-structure",
    mend: "Take another name; overrides change what lmi makes.",
  },
  "reference-unknown": {
    why: "What is referred to must be in the template.",
    source: "AWS CloudFormation user guide, Ref and Fn::GetAtt",
    mend: "Mend the name.",
  },
  "function-unknown": {
    why: "--function names one of functions.",
    source: settings,
    mend: "Mend the name.",
  },
  "function-ambiguous": {
    why: "A flag of a function means one function.",
    source: settings,
    mend: "Add --function.",
  },
  "environment-unknown": {
    why: "--env names one of environments.",
    source: settings,
    mend: "Mend the name, or add the environment.",
  },
  "entry-malformed": {
    why: "The flag takes KEY=VALUE.",
    source: settings,
    mend: "Write it so, with quotes where the value has spaces.",
  },
  "unknown-key": {
    why: "Unknown keys are refused, so that no setting is believed to hold that does not.",
    source: settings,
    mend: "Mend the key, or remove it.",
  },
  "event-duplicate": {
    why: "Lambda takes a source once for each function.",
    source: "Lambda API, CreateEventSourceMapping (ResourceConflictException)",
    mend: "Keep one of them; give queues that lmi makes a queueName each.",
  },
  "event-queue-moot": {
    why: "A queue that exists is not changed.",
    source: settings,
    mend: "Leave the setting out, or leave arn out so that lmi makes a queue.",
  },
  "event-batch-size": {
    why: "A FIFO queue gives at most 10 messages in a batch.",
    source: guide("services-sqs-parameters"),
    mend: "Lower batchSize.",
  },
  "event-batch-window": {
    why: "More than 10 messages come together only when Lambda may wait for them, and never of a FIFO queue.",
    source: "Lambda API, CreateEventSourceMapping (BatchSize, MaximumBatchingWindowInSeconds)",
    mend: "Set batchWindow to 1 or more, or lower batchSize; leave batchWindow out for FIFO.",
  },
  "event-visibility-timeout": {
    why: "A message that comes back into view while it is worked on is worked on twice. Lambda refuses a queue whose timeout is less than the function's, and advises six times of it.",
    source: guide("services-sqs-configure"),
    mend: "Leave visibilityTimeout out, or raise it.",
  },
  "event-starting-timestamp": {
    why: "AT_TIMESTAMP begins at a time, the other positions do not.",
    source: "Lambda API, CreateEventSourceMapping (StartingPositionTimestamp)",
    mend: "Set startingPosition to AT_TIMESTAMP and startingTimestamp, or leave the latter out.",
  },
  "event-kafka-retries": {
    why: "Lambda's guide offers the error controls of Kafka in provisioned mode; it does not say what becomes of them without.",
    source: guide("kafka-retry-configurations"),
    mend: "Add pollers, or leave the setting out.",
  },
  "event-kafka-access": {
    why: "Brokers on the internet must ask who is there; without authentication Lambda reaches them only in a VPC.",
    source: guide("kafka-cluster-auth"),
    mend: "Add auth, or vpc.",
  },
  "event-pollers": {
    why: "Provisioned pollers limit themselves; a maximum below the minimum cannot be kept.",
    source: guide("services-sqs-scaling"),
    mend: "Keep maximumConcurrency or pollers; raise maximum or lower minimum.",
  },
  ...networkReasons,
  ...regionReasons,
  ...pushingReasons,
  ...pauseScheduleReasons,
};

const outsideSchema: RuleReason = {
  why: "The value is not of the kind or in the range that the setting has.",
  source: settings,
  mend: "Give a value that docs/settings.md allows.",
};

/** The reason behind a code; what the schema itself refuses has that of the setting. */
export function reasonOf(code: string, path: string): RuleReason {
  return ruleCatalogue[code] ?? reasonOfSetting(path) ?? outsideSchema;
}
