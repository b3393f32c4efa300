import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { decide } from "../../src/local/services/iam/evaluate.ts";
import type { AnsweredRequest } from "../../src/local/request-log.ts";
import type { PolicyDocument } from "../../src/synth/deploy-policy/policy-document.ts";
import { Machine } from "../e2e/lmi.ts";

/** IAM actions of operations that are called otherwise (Service Authorization Reference). */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  "lambda:Invoke": ["lambda:InvokeFunction"],
  "s3:CopyObject": ["s3:GetObject", "s3:PutObject"],
  "s3:DeleteObjects": ["s3:DeleteObject"],
  "s3:GetBucketEncryption": ["s3:GetEncryptionConfiguration"],
  "s3:HeadObject": ["s3:GetObject"],
  "s3:ListObjectsV2": ["s3:ListBucket"],
  "sts:GetCallerIdentity": [],
};

/** IAM's prefixes of services that sign under another name. */
const prefixes: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

const actionsOf = ({ service = "", operation = "" }: AnsweredRequest) =>
  otherwise[`${service}:${operation}`] ?? [`${prefixes[service] ?? service}:${operation}`];

const isToolkits = ({ client = "" }: AnsweredRequest) => /aws-cdk|toolkit-lib/.test(client);

/** Every command that reads or changes a deployed project, and what it exits with. */
const commands: readonly (readonly string[])[] = [
  ["deploy", "--yes"],
  ["invoke", "--payload", "{}"],
  ["status", "--json"],
  ["logs"],
  ["logs", "--provider"],
  ["diff", "--drift"],
  ["versions"],
  ["push", "--yes"],
  ["rollback", "--yes"],
  ["pause", "--yes"],
  ["resume", "--yes"],
  ["doctor"],
];

test(
  "the printed policies allow all that lmi and the CDK toolkit call, from deploy to destroy",
  { timeout: 300_000 },
  async () => {
    const machine = await Machine.create();
    const log = join(machine.home, "requests.jsonl");
    const own = { LMI_LOCAL_REQUEST_LOG: log, LMI_LOCAL: "1" };
    const cwd = join(machine.home, "hello");
    onTestFinished(() => machine.dispose([cwd]));
    expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
    const lmi = (...args: readonly string[]) => machine.lmi(args, { cwd, env: own });
    const handler = join(cwd, "src/handler.ts");
    for (const args of commands) {
      // One after the other
      if (args[0] === "push")
        await writeFile(handler, `${await readFile(handler, "utf8")}\nexport const again = 2;\n`);
      const { code, stderr } = await lmi(...args);
      expect(code, `${args.join(" ")}: ${stderr}`).toBeLessThanOrEqual(0);
    }
    // As on AWS, with the checks that say nothing of the local target.
    const { endpoint } = JSON.parse((await lmi("local", "status", "--json")).stdout) as {
      readonly endpoint: string;
    };
    await machine.lmi(["doctor", "--json"], {
      cwd,
      env: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: "lmi-local",
        AWS_SECRET_ACCESS_KEY: "lmi-local",
        AWS_REGION: "us-east-1",
      },
    });
    const bootstrapRoles = await policiesOfRoles(endpoint);
    const policy = JSON.parse((await lmi("doctor", "--policy")).stdout) as PolicyDocument;
    expect(await lmi("destroy", "--yes")).toMatchObject({ code: 0 });

    const requests = (await readFile(log, "utf8"))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AnsweredRequest)
      .filter(({ service }) => service !== undefined && service !== "lmi");
    const callers = requests.filter((request) => !isToolkits(request) || request.service === "sts");
    const allowed = new Set(policy.Statement.flatMap(({ Action }) => Action));
    const missing = callers.flatMap(actionsOf).filter((action) => !allowed.has(action));
    expect([...new Set(missing)]).toEqual([]);
    expect(new Set(callers.flatMap(actionsOf)).size).toBeGreaterThan(25);

    // What bootstraps is an administrator; from then on the toolkit library works in its roles.
    const bootstrapped = requests.findIndex(
      ({ service, operation }) => service === "sts" && operation === "AssumeRole",
    );
    const toolkits = requests
      .slice(bootstrapped)
      .filter((request) => isToolkits(request) && request.service !== "sts");
    const denied = toolkits
      .flatMap(actionsOf)
      .filter(
        (action) =>
          decide(bootstrapRoles, { action, resource: "*", context: new Map() }) !== "allowed",
      );
    expect(toolkits.length).toBeGreaterThan(3);
    expect([...new Set(denied)]).toEqual([]);
  },
);

/** AWSCloudFormationReadOnlyAccess, which the deploy role has, too (AWS managed policy reference). */
const cloudFormationReading = JSON.stringify({
  Statement: {
    Effect: "Allow",
    Action: ["Describe*", "Get*", "List*", "ValidateTemplate"].map(
      (name) => `cloudformation:${name}`,
    ),
    Resource: "*",
  },
});

/** What CDK's bootstrap template lets its roles do, on whatever resource: which is asked is theirs. */
async function policiesOfRoles(endpoint: string): Promise<string[]> {
  const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
  const iam = new IAMClient({ endpoint, region: "us-east-1", credentials });
  const documents: string[] = [cloudFormationReading];
  for (const name of ["deploy", "file-publishing"]) {
    const RoleName = `cdk-hnb659fds-${name}-role-000000000000-us-east-1`;
    // One after the other
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument: text = "" } = await iam.send(
        new GetRolePolicyCommand({ RoleName, PolicyName }),
      );
      const { Statement } = JSON.parse(decodeURIComponent(text)) as {
        readonly Statement: readonly { readonly Action: unknown; readonly Effect: string }[];
      };
      // Its denials have conditions, of accounts and tags that are not met here.
      const bare = Statement.filter(({ Effect }) => Effect === "Allow").map(
        ({ Action, Effect }) => ({
          Action,
          Effect,
          Resource: "*",
        }),
      );
      documents.push(JSON.stringify({ Statement: bare }));
    }
  }
  iam.destroy();
  return documents;
}
