import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createCloudFormationService } from "../../src/local/services/cloudformation/service.ts";
import { createEc2Service } from "../../src/local/services/ec2/service.ts";
import { createEcrService } from "../../src/local/services/ecr/service.ts";
import { createIamService } from "../../src/local/services/iam/service.ts";
import { createKmsService } from "../../src/local/services/kms/service.ts";
import { createLambdaService } from "../../src/local/services/lambda/service.ts";
import { createLogsService } from "../../src/local/services/logs/service.ts";
import { createS3Service } from "../../src/local/services/s3/service.ts";
import { createSsmService } from "../../src/local/services/ssm/service.ts";
import { createStsService } from "../../src/local/services/sts/service.ts";
import { resourceTypes } from "../../src/local/cloudformation/resource-types/registry.ts";
import type { Service, TargetContext } from "../../src/local/service.ts";
import { inProcessTarget } from "../local/services/in-process-target.ts";

type Create = (target: TargetContext) => Service;

async function servicesOfTheTarget(): Promise<Service[]> {
  const workFolder = await mkdtemp(join(tmpdir(), "lmi-docs-"));
  const { target } = inProcessTarget([]);
  const creates: readonly Create[] = [
    (context) => createCloudFormationService(context),
    createEc2Service,
    createEcrService,
    createIamService,
    createKmsService,
    (context) => createLambdaService(context, { workFolder }),
    (context) => createLogsService(context),
    createS3Service,
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

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
async function section(file: string, name: string): Promise<string> {
  const text = await readFile(new URL(`../../${file}`, import.meta.url), "utf8");
  const marked = new RegExp(`<!-- ${name} -->\n(?<rows>[\\s\\S]*?)\n<!-- /${name} -->`).exec(text);
  expect(marked, `${file} has the marks of ${name}`).not.toBeNull();
  return marked?.groups?.["rows"] ?? "";
}

test("the table of operations is what the services do; renew it with the rows that this test shows", async () => {
  const rows = (await servicesOfTheTarget()).map(({ name, operations }) => {
    const names = Object.keys(operations).toSorted();
    return `| \`${name}\` | ${names.length} | ${names.join(", ")} |`;
  });
  const table = ["| service | | operations |", "|---|---|---|", ...rows].join("\n");
  expect(await section("src/local/README.md", "operations")).toBe(table);
});

test("every service that the target starts with is in the table", async () => {
  const code = await readFile(new URL("../../src/local/local-target.ts", import.meta.url), "utf8");
  const loaded = [...code.matchAll(/import\("\.\/services\/(?<name>[a-z0-9]+)\/service\.ts"\)/g)];
  const names = new Set(loaded.map(({ groups }) => groups?.["name"]));
  expect(new Set((await servicesOfTheTarget()).map(({ name }) => name))).toEqual(names);
});

test("the list of resource types with behaviour is what the registry holds", async () => {
  const names = [...resourceTypes.keys()].toSorted().map((name) => `\`${name}\``);
  expect(await section("src/local/cloudformation/README.md", "resource-types")).toBe(
    names.join(", "),
  );
});
