/**
 * What is known of Lambda Managed Instances that concerns the local target, rule by rule, and what the target makes of
 * it. The table in src/local/README.md is made from this list; lmi-rules.test.ts holds both to the tests that they name.
 * Sources: `dg/…` is a page of the Lambda developer guide, `botocore` its service model of Lambda, `spec` AWS's
 * CloudFormation resource data, `ric` AWS's Node.js runtime client; others are public repositories whose authors tried
 * it on AWS.
 */
export interface Rule {
  readonly rule: string;
  readonly source: string;
  readonly here: Implemented | Different | Unknown;
}

/** As AWS does it, shown by a test: its file, and a part of its title. */
export interface Implemented {
  readonly status: "implemented";
  readonly proof: string;
  readonly title: string;
}

/** Known to differ from AWS: how, in a sentence. */
export interface Different {
  readonly status: "different";
  readonly how: string;
}

/** Not known of AWS; what the target does meanwhile. */
export interface Unknown {
  readonly status: "unknown";
  readonly meanwhile: string;
}

const rule = (text: string, source: string, here: Rule["here"]): Rule => ({
  rule: text,
  source,
  here,
});
const implemented = (proof: string, title: string): Implemented => ({
  status: "implemented",
  proof,
  title,
});
const different = (how: string): Different => ({ status: "different", how });
const unknown = (meanwhile: string): Unknown => ({ status: "unknown", meanwhile });

const lambda = "test/local/services/lambda";
const validation = `${lambda}/validation.test.ts`;
const provider = `${lambda}/capacity-provider.test.ts`;
const lifecycle = `${lambda}/lifecycle.test.ts`;
const invoke = `${lambda}/invoke.test.ts`;
const environment = "test/local/runtime/environment.test.ts";
const instances = "test/local/services/ec2/managed-instances.test.ts";
const stacks = "test/local/cloudformation/resource-types/reference-stack.test.ts";

/** Topic → its rules. */
export const lmiRules: Readonly<Record<string, readonly Rule[]>> = {
  "Runtimes and architecture": [
    rule(
      "Runtimes: Node.js 22 and 24, Python 3.13 and 3.14, Java 21 and 25, .NET 8 and 10, `provided.al2023`; others are refused: “Runtime Enum … does not support specified feature: Lambda Managed Instances”",
      "dg/lambda-managed-instances-runtimes; badmintoncryer/cdk-preflight",
      implemented(validation, "a runtime that LMI does not have"),
    ),
    rule(
      "`nodejs20.x` is refused with that text",
      "inferred from the rule above",
      unknown("refused so"),
    ),
    rule(
      "`nodejs26.x` and `python3.15` (public preview) on managed instances",
      "not documented",
      unknown("refused like any other runtime that is not in the list"),
    ),
    rule(
      "Python, Java and .NET functions run",
      "dg/lambda-managed-instances-runtimes",
      different(
        "their functions are kept, and their versions become Failed (InvalidRuntime) with a reason that says so",
      ),
    ),
    rule(
      "Container images run",
      "aws-samples/sample-lambda-managed-instances-analytics",
      different("kept; the version becomes Failed with a reason that says so"),
    ),
    rule(
      "The function's architecture is the provider's",
      "aws-samples/serverless-patterns, PR 3076",
      implemented(validation, "another architecture"),
    ),
  ],
  "Capacity providers": [
    rule(
      "Names: letters, digits, `-`, `_`; name or ARN at most 140 characters",
      "botocore",
      implemented(provider, "a name that no ARN has room for"),
    ),
    rule("1 to 16 subnets", "botocore", implemented(provider, "17 subnets")),
    rule("At most 5 security groups", "botocore", implemented(provider, "six security groups")),
    rule(
      "The operator role must exist and trust Lambda",
      "dg/lambda-managed-instances-operator-role",
      implemented(provider, "a role that is not there"),
    ),
    rule(
      "What the operator role allows is needed to launch",
      "dg/lambda-managed-instances-operator-role",
      different("no permissions are evaluated"),
    ),
    rule(
      "One architecture, `x86_64` or `arm64`; `x86_64` by default",
      "botocore; spec",
      implemented(provider, "two architectures"),
    ),
    rule(
      "Allowed or excluded instance types, not both; at most 400, each at most 30 characters, without wildcards",
      "botocore; dg/lambda-managed-instances-capacity-providers",
      implemented(provider, "both lists of types"),
    ),
    rule(
      "Wildcards in excluded types",
      "the developer guide has them, the API's pattern does not",
      unknown("refused, as the pattern says"),
    ),
    rule(
      "Instance types are of the families C, M and R, from `large` on; a `t2.micro` is refused",
      "aws/aws-cdk, PR 36938",
      implemented(provider, "a burstable type"),
    ),
    rule("`c*.large`", "sources contradict each other", unknown("allowed")),
    rule(
      "MaxVCpuCount from 2 to 15000, 400 by default",
      "botocore",
      implemented(provider, "15001 vCPUs"),
    ),
    rule(
      "Whether the service takes a MaxVCpuCount below 12",
      "botocore says 2, the CDK 12",
      unknown("taken from 2 on; `lmi` itself asks for 12"),
    ),
    rule(
      "ScalingMode is `Auto` or `Manual`, in just this case",
      "botocore; hashicorp/terraform-provider-aws, PR 46234",
      implemented(provider, "a mode in capitals"),
    ),
    rule(
      "1 to 10 policies, only with `Manual`, targets from 0 to 100",
      "botocore",
      implemented(provider, "policies without the mode Manual"),
    ),
    rule(
      "At most 40 tags to propagate, with the mode Explicit",
      "spec",
      implemented(provider, "41 tags to propagate"),
    ),
    rule(
      "System logs go to `/aws/lambda/capacity-provider/<name>` at INFO unless configured",
      "dg/lambda-managed-instances-monitoring",
      implemented(provider, "fills in what a capacity provider's request leaves out"),
    ),
    rule(
      "Only scaling, tags to propagate and telemetry can change in place",
      "botocore",
      implemented(provider, "an update changes scaling in place"),
    ),
    rule(
      "Subnets, security groups, role, architecture, instance types and KMS key replace the resource in CloudFormation",
      "spec",
      implemented(
        "test/local/cloudformation/resource-data.test.ts",
        "AWS::Lambda::CapacityProvider",
      ),
    ),
    rule(
      "States Pending, Active, Failed, Deleting; no reason is given for a state",
      "botocore",
      different("a provider never becomes Failed by itself"),
    ),
    rule(
      "The first capacity provider makes the role AWSServiceRoleForLambda",
      "dg/lambda-managed-instances-operator-role",
      implemented(`${lambda}/service-linked-role.test.ts`, "makes Lambda's service-linked role"),
    ),
    rule(
      "That role can be deleted only when all providers are gone",
      "dg/lambda-managed-instances-operator-role",
      different("it can be deleted at any time"),
    ),
  ],
  Functions: [
    rule(
      "Memory from 2048 to 32768 MB; 2048 where the request names none",
      "botocore; aws/aws-sam-cli",
      implemented(validation, "too little memory"),
    ),
    rule(
      "Memory is a multiple of the ratio × 1024 MB: “Memory ratio of 4096.0MB per CPU exceeds function's total memory”",
      "ran-isenberg/aws-lambda-handler-cookbook",
      implemented(validation, "a ratio that the memory does not hold"),
    ),
    rule(
      "The ratio is 2, 4 or 8 GiB for each vCPU; 2 by default",
      "botocore; dg",
      implemented(validation, "a ratio of 3"),
    ),
    rule(
      "Concurrency from 1 to 1600 and at most 64 for each vCPU",
      "botocore; dg/lambda-managed-instances-runtimes",
      implemented(validation, "65 requests on one vCPU"),
    ),
    rule(
      "Concurrency by default, for each vCPU: Node.js 64, Java and .NET 32, Python 16, Rust 8",
      "dg/lambda-managed-instances-runtimes",
      implemented(validation, "fills in what a request leaves out"),
    ),
    rule(
      "Timeout to 900 s for synchronous and 5400 s for asynchronous invokes; 3 s by default",
      "what's new, 2026-09-09",
      unknown(
        "any timeout to 5400 s is taken, and holds for synchronous invokes too: what AWS makes of those is not published",
      ),
    ),
    rule(
      "Logs are JSON; `Text` is refused",
      "badmintoncryer/cdk-preflight",
      implemented(validation, "text logs"),
    ),
    rule(
      "Ephemeral storage from 512 to 10240 MB",
      "botocore",
      different("the number is checked, the space is not limited"),
    ),
    rule(
      "File systems are refused: “File system configuration isn't compatible with functions using capacity provider compute.”",
      "serverless/serverless",
      implemented(validation, "a file system"),
    ),
    rule(
      "VPC configuration of a function",
      "not documented",
      unknown("refused with the text for file systems, adapted"),
    ),
    rule(
      "SnapStart is not supported",
      "localstack/localstack",
      implemented(validation, "SnapStart"),
    ),
    rule(
      "PublishTo needs a capacity provider: “PublishToLatestPublished or FunctionScalingConfig cannot be specified unless creating a Lambda Managed Instance function”",
      "badmintoncryer/cdk-preflight",
      implemented(validation, "a publish without a capacity provider"),
    ),
    rule(
      "A default function never becomes one on managed instances: “CapacityProviderConfig isn't supported for Lambda Default functions.”",
      "localstack/localstack, PR 13447",
      implemented(validation, "a default function cannot become one on managed instances"),
    ),
    rule(
      "A function may move to another provider, never to none",
      "localstack/localstack, PR 13702",
      implemented(validation, "a function moves to another capacity provider, and never to none"),
    ),
    rule(
      "Reserved and provisioned concurrency, code signing, tenancy, durable functions on managed instances",
      "partly undocumented",
      different("these operations and settings are not there, or kept without effect"),
    ),
  ],
  "Scaling configuration": [
    rule(
      "Minimum and maximum from 0 to 15000; minimum 0 only with maximum 0",
      "botocore; kirodotdev/powers",
      implemented(validation, "a minimum of 0 with a maximum"),
    ),
    rule(
      "Only for `$LATEST.PUBLISHED` or a number, never `$LATEST` or an alias",
      "botocore",
      implemented(validation, "PutFunctionScalingConfig refuses"),
    ),
    rule(
      "On a default function: AccessDeniedException “The function provided by the arn does not contain a capacity provider configuration”",
      "go-to-k/cdkd, issue 1616",
      implemented(validation, "a default function cannot become one on managed instances"),
    ),
    rule(
      "Only a minimum, or only a maximum",
      "not documented",
      unknown("taken; the other one stays at its default"),
    ),
    rule(
      "0/0 deactivates: Deactivating, then Deactivated; instances go, invokes fail, anything else brings it back",
      "classmethod, 2025-12-22; kirodotdev/powers",
      implemented(lifecycle, "0/0 deactivates, anything else brings the version back"),
    ),
    rule(
      "What was asked and what holds are told apart (requested and applied)",
      "botocore",
      implemented(lifecycle, "0/0 deactivates, anything else brings the version back"),
    ),
    rule(
      "Scaling of `$LATEST.PUBLISHED` carries over to what is published later",
      "dg/lambda-managed-instances-scaling",
      implemented(lifecycle, "what is published while paused stays without environments"),
    ),
  ],
  "Versions and invoking": [
    rule(
      "`$LATEST` is ActiveNonInvocable; invoking it is refused: “Functions configured with capacity provider configuration can't be invoked with $LATEST qualifier…”",
      "localstack/localstack; dg/lambda-managed-instances-version-publishing",
      implemented(invoke, "can't be invoked with $LATEST"),
    ),
    rule(
      "An invoke without qualifier runs `$LATEST.PUBLISHED`",
      "dg/lambda-managed-instances-version-publishing",
      implemented(invoke, "answers once the function is published"),
    ),
    rule(
      "Nothing published: NoPublishedVersionException",
      "botocore",
      implemented(lifecycle, "numbers, aliases, and the same version"),
    ),
    rule(
      "New code runs only once it is published again",
      "aws/aws-sam-cli",
      implemented(lifecycle, "a republish keeps the old code serving until the new one is ready"),
    ),
    rule(
      "A republish stays Active with LastUpdateStatus InProgress, then Successful or Failed",
      "localstack/localstack",
      implemented(lifecycle, "a republish keeps the old code serving until the new one is ready"),
    ),
    rule(
      "A republish that fails leaves the version before it serving",
      "inferred from the states",
      implemented(lifecycle, "a republish that fails leaves the old code serving"),
    ),
    rule(
      "CloudFormation publishes each change of a function by itself",
      "dg/lambda-managed-instances-version-publishing",
      implemented(stacks, "republishes on a change"),
    ),
    rule(
      "A numbered version: Pending, then Active or Failed; aliases point at it",
      "botocore",
      implemented(lifecycle, "numbers, aliases, and the same version for the same content"),
    ),
    rule(
      "`LogType=Tail` is refused: “Tail logs are not supported for functions…”",
      "aws/aws-sam-cli; the rest of the text is not published",
      implemented(invoke, "Tail logs are not supported"),
    ),
  ],
  "States and reasons": [
    rule(
      "FunctionError.RuntimeInitError: the code does not initialise",
      "botocore",
      implemented(lifecycle, "a first version that does not initialise is Failed"),
    ),
    rule(
      "FunctionError.InitTimeout",
      "botocore",
      implemented(environment, "FunctionError.InitTimeout"),
    ),
    rule(
      "CapacityProviderScalingLimitExceeded: MaxVCpuCount has no room for the minimum environments",
      "aws-powertools/powertools-lambda-typescript, issue 5735",
      implemented(lifecycle, "a provider that may not have enough vCPUs fails the version"),
    ),
    rule(
      "MaxVCpuCount is not enforced on the first burst",
      "aws-powertools/powertools-lambda-typescript, issue 5735",
      different("it is strict"),
    ),
    rule(
      "SubnetOutOfIPAddresses: a subnet without free addresses",
      "botocore",
      implemented(instances, "runs out of addresses in a small subnet"),
    ),
    rule(
      "DisallowedByVpcEncryptionControl, DrainingDurableExecutions, FunctionError.ExtensionInitError, .TooManyExtensions, .PermissionDenied, .InvalidWorkingDirectory",
      "botocore",
      different("their causes do not exist here"),
    ),
  ],
  Quotas: [
    rule(
      "1000 capacity providers for each account and region",
      "dg/lambda-managed-instances-quotas",
      implemented(provider, "a thousand capacity providers"),
    ),
    rule(
      "100 versions for each capacity provider, of all its functions together",
      "dg/lambda-managed-instances-quotas",
      implemented(provider, "a hundred versions of all functions of a provider"),
    ),
    rule(
      "One write a second, 15 reads a second on the capacity provider API",
      "dg/lambda-managed-instances-quotas",
      different("no rate is limited, unless `lmi local fault` throttles"),
    ),
    rule(
      "Payloads: 6 MB synchronous, 1 MB asynchronous",
      "dg/gettingstarted-limits",
      implemented(invoke, "RequestTooLargeException"),
    ),
    rule(
      "EC2's vCPU quota, EBS limits, event source limits",
      "dg/lambda-managed-instances-quotas",
      different("they do not exist here"),
    ),
  ],
  Deletion: [
    rule(
      "DeleteFunction answers 202; versions pass through Deleting",
      "botocore; localstack/localstack",
      implemented(
        lifecycle,
        "one for each zone, sized for the environments, and gone with the function",
      ),
    ),
    rule(
      "A provider in use is not deleted: “The capacity provider is currently in use by … functions. To delete this capacity provider, first remove its association with …”",
      "serverless/serverless",
      implemented(lifecycle, "is refused while functions use it, and then takes it away"),
    ),
    rule(
      "ListFunctionVersionsByCapacityProvider tells what holds it",
      "botocore",
      implemented(lifecycle, "is refused while functions use it, and then takes it away"),
    ),
    rule(
      "Deleting a provider ends its instances",
      "dg/lambda-managed-instances",
      implemented(lifecycle, "ends the instances of a version that is still starting"),
    ),
    rule(
      "How long instances and network interfaces stay after a deletion",
      "not published",
      unknown("`LMI_LOCAL_TIMING=realistic` takes two minutes, otherwise moments"),
    ),
  ],
  Instances: [
    rule(
      "DescribeInstances shows them, with operator `scaler.lambda.amazonaws.com` and the tag `aws:lambda:capacity-provider`",
      "dg/lambda-managed-instances; aws-samples/serverless-patterns",
      implemented(instances, "shows an instance with Lambda as its operator"),
    ),
    rule(
      "EC2 does not terminate them",
      "dg/lambda-managed-instances",
      implemented(instances, "lets nobody but Lambda end it"),
    ),
    rule(
      "Each instance keeps 1 vCPU and 1 GB for itself",
      "aws-samples/sample-aws-lambda-managed-instances",
      implemented(`${lambda}/placement.test.ts`, "keeps 1 vCPU and 1 GB"),
    ),
    rule(
      "At the start one instance in each zone, at most three",
      "classmethod, 2025-12-26",
      implemented(lifecycle, "one for each zone, sized for the environments"),
    ),
    rule(
      "Memory ratio decides the family: 2 C, 4 M, 8 R",
      "ran-isenberg/aws-lambda-handler-cookbook; kirodotdev/powers",
      unknown("taken so; which type of a family AWS takes is not known"),
    ),
    rule(
      "Instances are replaced after hours or days (sources differ)",
      "dg; kirodotdev/powers",
      different("they live as long as they are needed"),
    ),
  ],
  "Network and permissions": [
    rule(
      "Without a way out, a function answers, and its logs and traces are lost",
      "dg/lambda-managed-instances-troubleshooting",
      different("no packet goes through VPCs here: logs always arrive"),
    ),
    rule(
      "Callers need lambda:PassCapacityProvider and more",
      "dg/lambda-managed-instances-capacity-providers",
      different("no permissions are evaluated"),
    ),
  ],
  "Execution environments": [
    rule(
      "`AWS_LAMBDA_MAX_CONCURRENCY`, `AWS_LAMBDA_INITIALIZATION_TYPE=lambda-managed-instances` and Lambda's other variables",
      "dg/lambda-managed-instances-execution-environment; ric",
      implemented(environment, "has Lambda's variables and the function's own"),
    ),
    rule(
      "Many requests at once in one process",
      "dg/lambda-managed-instances-execution-environment",
      implemented(environment, "serves many requests at once, each with its own answer"),
    ),
    rule(
      "A request that times out gets its error while its code runs on",
      "dg/lambda-managed-instances-execution-environment",
      implemented(environment, "answers a timeout while the code runs on"),
    ),
    rule(
      "A worker that ends takes only its own requests with it",
      "dg/lambda-managed-instances-execution-environment",
      implemented(environment, "a worker that exits fails only its own requests"),
    ),
    rule(
      "When all environments are at their limit, a request is refused (429), not queued",
      "dg/lambda-managed-instances-execution-environment",
      implemented(invoke, "refuses what no environment has room for"),
    ),
    rule(
      "Requests go to idle environments first",
      "aws-powertools/powertools-lambda-typescript",
      implemented("test/local/runtime/fleet.test.ts", "idle"),
    ),
    rule(
      "Callback handlers are refused: Runtime.CallbackHandlerDeprecated",
      "ric",
      implemented(environment, "callback.handler"),
    ),
    rule(
      "SIGTERM is not delivered to worker threads",
      "dg/lambda-managed-instances-nodejs-runtime",
      different("environments are ended with SIGKILL; nothing is delivered to anybody"),
    ),
    rule(
      "8 worker threads for each vCPU unless `AWS_LAMBDA_NODEJS_WORKER_COUNT` says otherwise",
      "ric",
      different("no more than this machine has processors, at least 2"),
    ),
    rule(
      "Lines are JSON with the request's id",
      "dg/lambda-managed-instances-execution-environment",
      implemented(environment, "writes lines with the request id"),
    ),
    rule(
      "Streamed responses",
      "aws/aws-sam-cli",
      implemented(environment, "streams a response, and tells an error in the middle"),
    ),
    rule(
      "A response over 6 MB is an error: Function.ResponseSizeTooLarge",
      "dg/gettingstarted-limits",
      implemented(environment, "refuses a response over 6 MB"),
    ),
  ],
};
