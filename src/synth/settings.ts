import type { CfnResource, Stack } from "aws-cdk-lib/core";

import type { EventSettings } from "./events/event-schema.ts";

/**
 * The settings of a project after defaults are filled in: what `lmi.json`, flags and environment come to.
 * The schema (settings-schema.ts) is the source; this file only names what comes out of it.
 */
export interface Settings {
  readonly name: string;
  /** `--env`; part of the stack's name when given. */
  readonly environment: string | undefined;
  readonly region: string | undefined;
  readonly network: NetworkSettings;
  /** Of the functions that name no other. */
  readonly capacity: CapacitySettings;
  /** Further ones, by name. */
  readonly capacityProviders: Readonly<Record<string, CapacitySettings>>;
  /** By function name, in the order of the file. */
  readonly functions: Readonly<Record<string, FunctionSettings>>;
  readonly tags: Readonly<Record<string, string>>;
  /** When the stack is paused and resumed. */
  readonly schedule: PauseSchedule | undefined;
  /** `4h`: how long after a deploy the stack lives; undefined: until it is destroyed. */
  readonly ttl: string | undefined;
  /** `--allow-unsupported-runtime`. */
  readonly allowUnsupportedRuntime: boolean;
  /** By resource, then by path in it; null removes. */
  readonly overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What else the template has, by logical id, in CloudFormation's words. */
  readonly resources: Readonly<Record<string, RawResource>>;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Changes the stack itself; only a lmi.config.ts can have one. */
  readonly stack: StackHook | undefined;
}

/** Gets the stack when all that settings say is in it, overrides excepted, which come last. */
export type StackHook = (stack: Stack, context: StackContext) => Promise<void> | void;

export interface StackContext {
  readonly settings: Settings;
  /** `--env`. */
  readonly env: string | undefined;
  /** The resource with a logical id, or of a function or capacity provider by its name. Throws where there is none. */
  readonly resource: (name: string) => CfnResource;
}

/** A resource as a template has it. */
export interface RawResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>> | undefined;
  readonly DependsOn?: string | readonly string[] | undefined;
  readonly Condition?: string | undefined;
  readonly [attribute: string]: unknown;
}

/** Expressions of EventBridge Scheduler; at least one of the two. */
export interface PauseSchedule {
  readonly pause: string | undefined;
  readonly resume: string | undefined;
  readonly timezone: string;
}

export interface NetworkSettings {
  readonly cidr: string;
  /** Availability zones, 1–3. */
  readonly azs: number;
  readonly egress: "nat" | "endpoints" | "public" | "none";
  readonly natGateways: "one" | "each";
  /** Of a new VPC. */
  readonly ipv6: boolean;
  /** Short names of services besides those that functions are known to need. */
  readonly endpoints: readonly string[];
  /** A VPC that exists, instead of a new one: at most one of these three says which. */
  readonly vpcId: string | undefined;
  readonly vpcTags: Readonly<Record<string, string>> | undefined;
  readonly defaultVpc: boolean;
  readonly subnetIds: readonly string[] | undefined;
  readonly securityGroupIds: readonly string[] | undefined;
}

export interface CapacitySettings {
  readonly architecture: "x86_64" | "arm64";
  /** 12–15000. */
  readonly maxVCpu: number;
  readonly instanceTypes:
    | { readonly allow?: readonly string[]; readonly exclude?: readonly string[] }
    | undefined;
  /** Percent of CPU that manual scaling aims at, 1–100; undefined: Auto. */
  readonly scaling: { readonly targetCpu: number } | undefined;
  readonly kmsKeyArn: string | undefined;
  /** Tags of what is launched, at most 40. */
  readonly propagateTags: Readonly<Record<string, string>> | undefined;
  readonly logLevel: "DEBUG" | "INFO" | "WARN" | undefined;
  /** Days; a value CloudWatch Logs knows. */
  readonly logRetention: number;
  /** Adds aws:SourceAccount and aws:SourceArn conditions to trust policies; off by default. */
  readonly confusedDeputyProtection: boolean;
}

export interface FunctionSettings {
  /**
   * Source file (.ts, .mts, .cts, .js, .mjs, .cjs), or a ready-made folder, .zip, .jar or executable called bootstrap;
   * relative to the project folder.
   */
  readonly entry: string;
  /** Shell command that makes the entry, run in the project folder before it is taken. */
  readonly build: string | undefined;
  /** `file.export`; of a bundled entry, `<file name>.handler` unless set. */
  readonly handler: string;
  readonly runtime: string;
  /** Key of `capacityProviders`; undefined: the one of `capacity`. */
  readonly capacityProvider: string | undefined;
  /** MB, 2048–32768 and a multiple of memoryPerVCpu × 1024. */
  readonly memory: number;
  /** GiB per vCPU: 2, 4 or 8. */
  readonly memoryPerVCpu: 2 | 4 | 8;
  /** Concurrent requests of one execution environment; undefined: the service's default for the runtime. */
  readonly concurrency: number | undefined;
  readonly minEnvironments: number | undefined;
  readonly maxEnvironments: number | undefined;
  /** Seconds. */
  readonly timeout: number;
  /** MB, 512–10240. */
  readonly ephemeralStorage: number;
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
  /** Days; a value CloudWatch Logs knows. */
  readonly logRetention: number;
  readonly logLevel: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL" | undefined;
  readonly systemLogLevel: "DEBUG" | "INFO" | "WARN" | undefined;
  readonly tracing: boolean;
  /** ARNs of layer versions, at most 5. */
  readonly layers: readonly string[];
  readonly policies: readonly (string | PolicyStatement)[];
  /** SQS queue or SNS topic. */
  readonly deadLetterArn: string | undefined;
  readonly asyncInvoke: AsyncInvokeSettings | undefined;
  /** By name, what they are at. */
  readonly aliases: Readonly<Record<string, "$LATEST.PUBLISHED" | "version">>;
  readonly kmsKeyArn: string | undefined;
  readonly url: UrlSettings | undefined;
  /** What calls the function, in the schema's own words. */
  readonly events: readonly EventSettings[];
  readonly bundle: {
    readonly format: "esm" | "cjs";
    readonly minify: boolean;
    readonly sourceMap: boolean;
  };
}

/** Text, or where CloudFormation finds it while it deploys. */
export type EnvironmentValue =
  | string
  | { readonly ssm: string; readonly version?: number | undefined }
  | {
      /** Name or ARN. */
      readonly secret: string;
      readonly key?: string | undefined;
      readonly versionStage?: string | undefined;
      readonly versionId?: string | undefined;
    };

/** What becomes of asynchronous requests. */
export interface AsyncInvokeSettings {
  /** ARN of a standard SQS queue or SNS topic, a function or an event bus. */
  readonly onSuccess: string | undefined;
  /** The same, or an S3 bucket. */
  readonly onFailure: string | undefined;
  /** Seconds, 60–21600. */
  readonly maxEventAge: number | undefined;
  /** 0–2. */
  readonly retryAttempts: number | undefined;
}

/** An IAM statement in IAM's own words. */
export interface PolicyStatement {
  readonly Sid?: string | undefined;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[] | undefined;
  readonly NotAction?: string | readonly string[] | undefined;
  readonly Resource?: string | readonly string[] | undefined;
  readonly NotResource?: string | readonly string[] | undefined;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

export interface UrlSettings {
  readonly auth: "iam" | "none";
  readonly stream: boolean;
  readonly cors:
    | {
        readonly allowOrigins?: readonly string[] | undefined;
        readonly allowMethods?: readonly string[] | undefined;
        readonly allowHeaders?: readonly string[] | undefined;
        readonly exposeHeaders?: readonly string[] | undefined;
        readonly allowCredentials?: boolean | undefined;
        /** Seconds. */
        readonly maxAge?: number | undefined;
      }
    | undefined;
}
