import { recordingAws } from "../helpers/recording-aws.ts";
import type {
  Aws,
  CapacityProviderState,
  DeletedStack,
  DriftDetection,
  FunctionState,
  InvokeResponse,
  LiveProperties,
  ManagedInstance,
  PlannedChange,
  NetworkInterface,
  ResourceDrift,
  StackEvent,
  StackResource,
  StackState,
  VersionUse,
} from "../../src/aws/ports.ts";
import type { DeployContext } from "../../src/deploy/deploy-context.ts";
import type { DeployEvent } from "../../src/deploy/deploy-event.ts";

/** An account in memory. A test changes it directly, or lets `tick` change it each time somebody sleeps. */
export interface FakeAccount {
  /** undefined: no such stack. */
  stack: StackState | undefined;
  deployedTemplate: string | undefined;
  events: StackEvent[];
  /** Of the change set that the stack executes. */
  planned: PlannedChange[] | undefined;
  resources: StackResource[];
  provider: CapacityProviderState | undefined;
  published: FunctionState | undefined;
  /** Lambda has no such function, whatever the stack says. */
  functionGone: boolean;
  instances: ManagedInstance[];
  providerProperties: LiveProperties | undefined;
  functionProperties: LiveProperties | undefined;
  /** How a detection of drift goes on; complete where there is nothing more. */
  detections: DriftDetection[];
  drifts: ResourceDrift[];
  /** Answers in order; the last one stays. An Error is thrown. */
  answers: (InvokeResponse | Error)[];
  deletions: number;
  interfaces: NetworkInterface[];
  deletedStacks: DeletedStack[];
  /** Logical ids that a deletion of a failed stack was to keep. */
  kept: string[];
  /** Versions that use the capacity provider. */
  uses: VersionUse[];
  /** `hello:3`, in the order of their deletion. */
  deletedVersions: string[];
  onDelete: (account: FakeAccount) => void;
}

export function fakeAccount(start: Partial<FakeAccount> = {}): FakeAccount {
  return {
    stack: undefined,
    deployedTemplate: undefined,
    events: [],
    planned: undefined,
    resources: [],
    provider: undefined,
    published: undefined,
    functionGone: false,
    instances: [],
    providerProperties: undefined,
    functionProperties: undefined,
    detections: [],
    drifts: [],
    answers: [],
    deletions: 0,
    interfaces: [],
    deletedStacks: [],
    kept: [],
    uses: [],
    deletedVersions: [],
    onDelete: (account) => void (account.stack = undefined),
    ...start,
  };
}

const complete: DriftDetection = { status: "DETECTION_COMPLETE", reason: undefined };

/** A deploy asks none of these. */
const unexamined = recordingAws();
const unexpected = () => Promise.reject(new Error("not expected"));

export function fakeAws(account: FakeAccount): Aws {
  const { metrics, runningVersions, inventory, invocationRoutes } = unexamined;
  return {
    metrics,
    runningVersions,
    inventory,
    invocationRoutes,
    target: {
      region: "eu-west-1",
      profile: undefined,
      endpoint: undefined,
      credentials: undefined,
      local: false,
    },
    identity: {
      caller: async () => ({
        accountId: "123456789012",
        arn: "arn:aws:sts::123456789012:assumed-role/Developer/me",
      }),
    },
    credentials: async () => ({ accessKeyId: "AKIDFAKE", secretAccessKey: "fake" }),
    functions: {
      invoke: async () => {
        const answer = account.answers.length > 1 ? account.answers.shift() : account.answers[0];
        if (answer === undefined) throw new Error("no answer prepared");
        if (answer instanceof Error) throw answer;
        return answer;
      },
      find: async (_name, qualifier) => {
        if (account.functionGone) return undefined;
        return qualifier === undefined ? publishedState({ version: "$LATEST" }) : account.published;
      },
      properties: async () => account.functionProperties,
    },
    // What deploys bring is not looked at closer: tests that do run on the local target.
    code: {
      find: async () => undefined,
      update: unexpected,
      configure: unexpected,
      publish: unexpected,
    },
    assets: { sha256: unexpected },
    keptCodes: {
      bucket: () => "assets",
      list: async () => [],
      store: async () => "key",
      keep: async () => "key",
      storeTemplate: async () => "https://bucket.example/template",
      remove: async () => undefined,
      forget: async () => undefined,
    },
    capacityProviders: {
      find: async () => account.provider,
      properties: async () => account.providerProperties,
    },
    instances: { ofCapacityProvider: async () => account.instances },
    networks: {
      find: async () => [],
      subnets: async () => [],
      securityGroups: async () => [],
      ranges: async () => [],
    },
    networkInterfaces: { inNetwork: async () => account.interfaces },
    changeSets: { executed: async () => account.planned },
    drifts: {
      detect: async () => "detection",
      detection: async () => account.detections.shift() ?? complete,
      resources: async () => account.drifts,
    },
    egress: unexamined.egress,
    quotas: unexamined.quotas,
    roles: unexamined.roles,
    serverClock: unexamined.serverClock,
    zones: unexamined.zones,
    priceLists: { products: async () => [] },
    scaling: { put: async () => undefined },
    stacks: {
      find: async () => account.stack,
      resources: async () => account.resources,
      events: async (_name, after) => {
        const end = account.events.findIndex(({ eventId }) => eventId === after);
        return end < 0 ? account.events : account.events.slice(0, end);
      },
      template: async () => account.deployedTemplate,
      delete: async () => {
        account.deletions += 1;
        account.onDelete(account);
      },
    },
    stackRemovals: {
      deleted: async () => account.deletedStacks,
      owner: async () => undefined,
      updateTemplate: async () => false,
      deleteKeeping: async (_stackId, logicalIds) => {
        account.deletions += 1;
        account.kept.push(...logicalIds);
        account.onDelete(account);
      },
    },
    versions: {
      ofFunction: async () => [],
      aliases: async () => [],
      mapped: async () => [],
      scaling: async () => undefined,
      ofCapacityProvider: async () => account.uses,
      delete: async (functionName, version) => {
        account.deletedVersions.push(`${functionName}:${version}`);
        account.uses = account.uses.filter(
          (use) => use.functionName !== functionName || use.version !== version,
        );
        return true;
      },
    },
    logTimeline: {
      stored: () => {
        throw new Error("logs are not read here");
      },
      followed: () => {
        throw new Error("logs are not read here");
      },
    },
    logs: {
      events: () => {
        throw new Error("logs are not read here");
      },
    },
    logGroups: { find: async () => undefined },
  };
}

export interface FakeContext extends DeployContext {
  readonly told: DeployEvent[];
  readonly slept: number[];
}

/** Time passes only by sleeping; `tick` runs at each sleep, so that the account can move on. */
export function fakeContext(
  account: FakeAccount,
  tick: (sleeps: number) => void = tooLong,
  signal: DeployContext["signal"] = new AbortController().signal,
): FakeContext {
  let now = Date.UTC(2026, 0, 1);
  const slept: number[] = [];
  const told: DeployEvent[] = [];
  return {
    aws: fakeAws(account),
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
      slept.push(milliseconds);
      if (slept.length > 1000) throw new Error("it would wait for ever");
      tick(slept.length);
    },
    signal,
    onEvent: (event) => void told.push(event),
    environment: {},
    told,
    slept,
  };
}

function tooLong(): void {}

export function stackState(change: Partial<StackState> = {}): StackState {
  return {
    stackName: "lmi-hello",
    stackId: "arn:aws:cloudformation:eu-west-1:123456789012:stack/lmi-hello/1",
    status: "CREATE_COMPLETE",
    statusReason: undefined,
    outputs: {
      FunctionName: "hello",
      CapacityProviderArn: "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:hello",
    },
    tags: { "lmi:project": "hello" },
    createdAt: new Date(0),
    updatedAt: undefined,
    terminationProtection: false,
    ...change,
  };
}

export function stackEvent(
  change: Partial<StackEvent> & Pick<StackEvent, "logicalId" | "status">,
): StackEvent {
  return {
    eventId: `${change.logicalId}-${change.status}`,
    time: new Date(0),
    physicalId: undefined,
    type: change.logicalId === "lmi-hello" ? "AWS::CloudFormation::Stack" : "AWS::Lambda::Function",
    statusReason: undefined,
    ...change,
  };
}

export function publishedState(change: Partial<FunctionState> = {}): FunctionState {
  return {
    functionName: "hello",
    functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:hello:$LATEST.PUBLISHED",
    version: "$LATEST.PUBLISHED",
    runtime: "nodejs24.x",
    memoryMb: 2048,
    codeSha256: "abc",
    state: "Active",
    stateReason: undefined,
    stateReasonCode: undefined,
    lastUpdateStatus: "Successful",
    lastUpdateStatusReason: undefined,
    lastUpdateStatusReasonCode: undefined,
    capacityProviderArn: undefined,
    logGroup: undefined,
    ...change,
  };
}

export function providerState(state: string): CapacityProviderState {
  return {
    name: "hello",
    arn: "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:hello",
    state,
    maxVCpuCount: 30,
    architecture: "x86_64",
    subnetIds: [],
  };
}

export function answered(change: Partial<InvokeResponse> = {}): InvokeResponse {
  return {
    statusCode: 200,
    requestId: "r",
    executedVersion: "$LATEST.PUBLISHED",
    functionError: undefined,
    payload: Buffer.from("{}"),
    ...change,
  };
}
