import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";
import { createApiGatewayService } from "../../src/local/services/apigateway/service.ts";
import { createCloudFormationService } from "../../src/local/services/cloudformation/service.ts";
import { createEc2Service } from "../../src/local/services/ec2/service.ts";
import { createEcrService } from "../../src/local/services/ecr/service.ts";
import { createEventBridgeService } from "../../src/local/services/events/service.ts";
import { createIamService } from "../../src/local/services/iam/service.ts";
import { createKmsService } from "../../src/local/services/kms/service.ts";
import { createLambdaService } from "../../src/local/services/lambda/service.ts";
import { createLogsService } from "../../src/local/services/logs/service.ts";
import { createMonitoringService } from "../../src/local/services/monitoring/service.ts";
import { createS3Service } from "../../src/local/services/s3/service.ts";
import { createSecretsManagerService } from "../../src/local/services/secretsmanager/service.ts";
import { createSnsService } from "../../src/local/services/sns/service.ts";
import { createServiceQuotasService } from "../../src/local/services/servicequotas/service.ts";
import { createSqsService } from "../../src/local/services/sqs/service.ts";
import { createSchedulerService } from "../../src/local/services/scheduler/service.ts";
import { createSsmService } from "../../src/local/services/ssm/service.ts";
import { createStsService } from "../../src/local/services/sts/service.ts";
import { resourceTypes } from "../../src/local/cloudformation/resource-types/registry.ts";
import type { Service, TargetContext } from "../../src/local/service.ts";
import { committedExercised, operationRows } from "../conformance/exercised.ts";
import { inProcessTarget } from "../local/services/in-process-target.ts";

type Create = (target: TargetContext) => Service;

async function servicesOfTheTarget(): Promise<Service[]> {
  const workFolder = await mkdtemp(join(tmpdir(), "lmi-docs-"));
  const { target } = inProcessTarget([]);
  const creates: readonly Create[] = [
    createApiGatewayService,
    (context) => createCloudFormationService(context),
    createEc2Service,
    createEcrService,
    createEventBridgeService,
    createIamService,
    createKmsService,
    (context) => createLambdaService(context, { workFolder }),
    (context) => createLogsService(context),
    (context) => createMonitoringService(context, ":memory:"),
    createS3Service,
    createSecretsManagerService,
    createSnsService,
    createServiceQuotasService,
    createSqsService,
    createSchedulerService,
    createSsmService,
    createStsService,
  ];
  const services = creates.map((create) => create(target));
  onTestFinished(async () => {
    for (const service of services) {
      // One after the other
      await service.close?.();
    }
    await rm(workFolder, { recursive: true, force: true });
  });
  return services;
}

/** What stands between `<!-- name -->` and `<!-- /name -->`; with LMI_RENEW=1 it puts `content` there first. */
async function section(file: string, name: string, content: string): Promise<string> {
  const url = new URL(`../../${file}`, import.meta.url);
  const text = await readFile(url, "utf8");
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start) + start.length, text.indexOf(end)];
  expect(to, `${file} has the marks of ${name}`).toBeGreaterThan(from);
  if (process.env["LMI_RENEW"] !== "1") return text.slice(from, to);
  await writeFile(url, text.slice(0, from) + content + text.slice(to));
  return content;
}

test("the table of operations is what the services do and clients called", async () => {
  const exercised = committedExercised();
  const rows = (await servicesOfTheTarget()).flatMap(({ name, operations }) =>
    operationRows(name, Object.keys(operations), exercised),
  );
  const head = ["| service | called by | | operations |", "|---|---|---|---|"];
  const table = [...head, ...rows].join("\n");
  expect(await section("src/local/README.md", "operations", table)).toBe(table);
});

test("every service that the target starts with is in the table", async () => {
  const code = await readFile(new URL("../../src/local/local-target.ts", import.meta.url), "utf8");
  const loaded = [...code.matchAll(/import\("\.\/services\/(?<name>[a-z0-9]+)\/service\.ts"\)/g)];
  const names = new Set(loaded.map(({ groups }) => groups?.["name"]));
  expect(new Set((await servicesOfTheTarget()).map(({ name }) => name))).toEqual(names);
});

test("the list of resource types with behaviour is what the registry holds", async () => {
  const names = [...resourceTypes.keys()].toSorted().map((name) => `\`${name}\``);
  const list = names.join(", ");
  expect(await section("src/local/cloudformation/README.md", "resource-types", list)).toBe(list);
});
