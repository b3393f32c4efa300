import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeployOptions } from "../../src/cli/commands/deploy.ts";
import type { DeployTools } from "../../src/cli/commands/deploy/tools.ts";
import type { ChangeSummary } from "../../src/deploy/changes.ts";
import {
  answered,
  fakeAccount,
  type FakeAccount,
  providerState,
  publishedState,
  stackState,
} from "./fake-aws.ts";
import {
  projectFolder,
  recordingDeps,
  type RecordingRequest,
  sharedDefaults,
} from "./recording-deps.ts";

const broadening: ChangeSummary = {
  resources: [{ logicalId: "Role", type: "AWS::IAM::Role", kind: "add", properties: [] }],
  security: [
    {
      kind: "iam",
      sign: "+",
      subject: "Role",
      words: "everything",
      text: "Role allows everything",
    },
  ],
  broadening: true,
  otherChanges: false,
  tags: [],
};

export const readyAccount = (change: Partial<FakeAccount> = {}) =>
  fakeAccount({
    provider: providerState("Active"),
    published: publishedState(),
    answers: [answered()],
    ...change,
  });

export interface FakeTools extends DeployTools {
  readonly calls: string[];
  readonly templates: unknown[];
}

/** The toolkit's part, acting on the account in memory. */
export function fakeTools(account: FakeAccount, change: Partial<DeployTools> = {}): FakeTools {
  const calls: string[] = [];
  const templates: unknown[] = [];
  const recorded =
    <A extends unknown[], R>(name: string, run: (...values: A) => R) =>
    (...values: A): R => {
      calls.push(name);
      return run(...values);
    };
  const tools: DeployTools = {
    diff: async () => broadening,
    bootstrapVersion: async () => 32,
    bootstrap: async () => true,
    deploy: async (request) => {
      account.stack = stackState({ tags: request.tags });
      const file = join(request.assemblyDirectory, `${request.stackName}.template.json`);
      account.deployedTemplate = await readFile(file, "utf8");
      return { stack: account.stack, leftBehind: [], changed: true };
    },
    ...change,
  };
  return {
    calls,
    templates,
    diff: recorded("diff", tools.diff),
    bootstrapVersion: recorded("bootstrapVersion", tools.bootstrapVersion),
    bootstrap: recorded("bootstrap", tools.bootstrap),
    deploy: recorded("deploy", tools.deploy),
  };
}

/** Options as the command line gives them when nothing is said. */
export const deployOptions = (change: Partial<DeployOptions> = {}): DeployOptions => ({
  ...sharedDefaults(),
  settings: {},
  requireApproval: "broadening",
  outputsFile: undefined,
  probe: true,
  maxWait: "60",
  maxMonthly: undefined,
  adoptLogs: false,
  attach: false,
  detach: false,
  ...change,
});

export async function startDeploy(request: Partial<RecordingRequest> & { account: FakeAccount }) {
  const cwd = request.cwd ?? (await projectFolder());
  return { cwd, deps: recordingDeps({ cwd, answer: "yes", ...request }) };
}
