import type { AwsTarget } from "./target.ts";

/** What lmi needs of AWS, as narrow interfaces; each has one implementation on the AWS SDK beside this file. */

export interface Identity {
  /**
   * Account, and the caller's ARN. Answers or fails within seconds: with LMI_CREDENTIALS_*, or with
   * LMI_ENDPOINT_UNREACHABLE where there are credentials and AWS does not answer. Only a profile's login may take longer.
   */
  caller(): Promise<{ readonly accountId: string; readonly arn: string }>;
}

/** Keys to sign with; temporary ones say when they expire. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface InvokeRequest {
  readonly functionName: string;
  readonly payload: Uint8Array;
  /** Nothing: LMI routes to `$LATEST.PUBLISHED`. */
  readonly qualifier?: string | undefined;
  readonly asynchronous?: boolean;
  readonly signal?: AbortSignal;
}

export interface InvokeResponse {
  readonly statusCode: number;
  readonly requestId: string;
  readonly executedVersion: string | undefined;
  /** `Unhandled` or `Handled` when the function failed. */
  readonly functionError: string | undefined;
  readonly payload: Uint8Array;
}

/** A function or one of its versions, as GetFunctionConfiguration tells. */
export interface FunctionState {
  readonly functionName: string;
  readonly functionArn: string;
  readonly version: string;
  readonly runtime: string | undefined;
  readonly memoryMb: number | undefined;
  readonly codeSha256: string | undefined;
  readonly state: string | undefined;
  readonly stateReason: string | undefined;
  readonly stateReasonCode: string | undefined;
  readonly lastUpdateStatus: string | undefined;
  readonly lastUpdateStatusReason: string | undefined;
  readonly lastUpdateStatusReasonCode: string | undefined;
  readonly capacityProviderArn: string | undefined;
  readonly logGroup: string | undefined;
}

export interface Functions {
  invoke(request: InvokeRequest): Promise<InvokeResponse>;
  /** undefined when the function, or that version of it, does not exist. */
  find(functionName: string, qualifier?: string): Promise<FunctionState | undefined>;
  /**
   * How the function is set up now, in the words of AWS::Lambda::Function; undefined when it does not exist. Beside
   * that `CodeSha256`, and `PublishedCodeSha256` of what answers requests. Environment variables are in the clear.
   */
  properties(functionName: string): Promise<LiveProperties | undefined>;
}

/** Properties as the service tells them now, under CloudFormation's names. */
export type LiveProperties = Readonly<Record<string, unknown>>;

export interface CapacityProviderState {
  readonly name: string;
  readonly arn: string;
  readonly state: string;
  readonly maxVCpuCount: number | undefined;
  readonly architecture: string | undefined;
  readonly subnetIds: readonly string[];
}

export interface CapacityProviders {
  find(nameOrArn: string): Promise<CapacityProviderState | undefined>;
  /** How it is set up now, in the words of AWS::Lambda::CapacityProvider. */
  properties(nameOrArn: string): Promise<LiveProperties | undefined>;
}

export interface ManagedInstance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly availabilityZone: string | undefined;
  readonly state: string;
  readonly launchTime: Date | undefined;
}

export interface Instances {
  /** The instances that Lambda runs for a capacity provider, terminated ones excluded. */
  ofCapacityProvider(capacityProviderArn: string): Promise<readonly ManagedInstance[]>;
}

/** Which VPC is meant: its id, the tags that it has, or being the region's default one. */
export type VpcSelector =
  | { readonly vpcId: string }
  | { readonly tags: Readonly<Record<string, string>> }
  | { readonly isDefault: true };

export interface VpcDescription {
  readonly vpcId: string;
  readonly subnets: readonly SubnetDescription[];
}

export interface SubnetDescription {
  readonly subnetId: string;
  readonly availabilityZone: string;
  /** Where its default route leads: `nat` is a NAT gateway or anything else that is no internet gateway. */
  readonly route: "nat" | "internet" | "none";
  readonly freeAddresses: number;
}

export interface SubnetPlace {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly freeAddresses: number;
}

export interface VpcAddresses {
  readonly vpcId: string;
  /** IPv4 ranges in CIDR notation that belong to it now. */
  readonly ranges: readonly string[];
}

export interface Networks {
  /** All VPCs that are meant, with their subnets. */
  find(selector: VpcSelector): Promise<readonly VpcDescription[]>;
  /** Where those of the subnets are that exist. */
  subnets(ids: readonly string[]): Promise<readonly SubnetPlace[]>;
  /** The VPCs of those of the security groups that exist. */
  securityGroups(
    ids: readonly string[],
  ): Promise<readonly { readonly groupId: string; readonly vpcId: string }[]>;
  /** Those of the VPCs that exist, or all of them. */
  ranges(vpcIds?: readonly string[]): Promise<readonly VpcAddresses[]>;
}

/** One product of AWS's price list, as far as a price needs it. */
export interface PricedProduct {
  readonly family: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** On demand, by the first unit of usage that each holds from. */
  readonly onDemand: readonly {
    readonly unit: string;
    readonly dollars: number;
    readonly from: number;
  }[];
}

export interface PriceQuery {
  /** `AmazonEC2`, as the price list calls a service. */
  readonly service: string;
  /** Attributes that must be so. */
  readonly equal: Readonly<Record<string, string>>;
  /** Attributes that must have this in them. */
  readonly containing?: Readonly<Record<string, string>>;
}

export interface PriceLists {
  /** What each query finds. Answers or fails within seconds, all queries together. */
  products(queries: readonly PriceQuery[]): Promise<readonly PricedProduct[]>;
}

export interface StackState {
  readonly stackName: string;
  readonly stackId: string;
  readonly status: string;
  readonly statusReason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
  readonly terminationProtection: boolean;
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly statusReason: string | undefined;
}

export interface StackEvent {
  readonly eventId: string;
  readonly time: Date;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly statusReason: string | undefined;
}

export interface Stacks {
  /** undefined when there is no such stack (a deleted one counts as none). `nameOrId`: an id also finds deleted stacks. */
  find(nameOrId: string): Promise<StackState | undefined>;
  resources(stackName: string): Promise<readonly StackResource[]>;
  /** Events newest first, until `after` (exclusive) or the first one. */
  events(nameOrId: string, after?: string): Promise<readonly StackEvent[]>;
  template(stackName: string): Promise<string | undefined>;
  delete(stackName: string): Promise<void>;
}

export interface DriftDetection {
  /** `DETECTION_IN_PROGRESS`, `DETECTION_COMPLETE` or `DETECTION_FAILED`. */
  readonly status: string;
  readonly reason: string | undefined;
}

/** What CloudFormation has found of one resource. */
export interface ResourceDrift {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  /** `IN_SYNC`, `MODIFIED`, `DELETED`, or one that says that it was not looked at. */
  readonly status: string;
  readonly differences: readonly PropertyDrift[];
}

export interface PropertyDrift {
  /** `/CapacityProviderScalingConfig/MaxVCpuCount`. */
  readonly path: string;
  /** JSON, or text; undefined: there should be none, or is none. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/** Comparing a stack with what really is there. */
export interface Drifts {
  /** Begins, and gives an id to ask with. */
  detect(stackName: string): Promise<string>;
  detection(id: string): Promise<DriftDetection>;
  /** Of the last detection. */
  resources(stackName: string): Promise<readonly ResourceDrift[]>;
}

export interface LogEvent {
  readonly eventId: string;
  readonly logStream: string;
  readonly time: Date;
  readonly message: string;
}

export interface LogQuery {
  readonly logGroup: string;
  readonly since?: Date;
  readonly until?: Date;
  /** CloudWatch Logs filter pattern. */
  readonly filter?: string;
  readonly signal?: AbortSignal;
}

export interface Logs {
  /** Stored events in order of time. A group that does not exist is an LmiError LMI_LOG_GROUP_NOT_FOUND. */
  events(query: LogQuery): AsyncIterable<LogEvent>;
  /** Stored events since `since`, then new ones until the signal aborts, by polling. */
  follow(query: LogQuery): AsyncIterable<LogEvent>;
}

/** All ports for one target; each member loads its SDK client when first called. */
export interface Aws {
  readonly target: AwsTarget;
  readonly identity: Identity;
  /** The one source of credentials: what the ports sign with, and what the CDK toolkit library is handed. */
  readonly credentials: () => Promise<Credentials>;
  readonly functions: Functions;
  readonly capacityProviders: CapacityProviders;
  readonly instances: Instances;
  readonly networks: Networks;
  readonly priceLists: PriceLists;
  readonly drifts: Drifts;
  readonly stacks: Stacks;
  readonly logs: Logs;
}
