import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundledPackages } from "../../../src/race/source/bundled-packages.ts";
import { libraryFindings } from "../../../src/race/source/library-findings.ts";
import { isManifest, manifestFindings } from "../../../src/race/source/manifests.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

test.each([
  ["@aws-sdk/client-s3", "3.932.9", "unsafe"],
  ["@aws-sdk/client-s3", "3.933.0", undefined],
  ["@smithy/core", "3.0.0", undefined],
  ["aws-xray-sdk-core", "3.11.0", "unsafe"],
  // It, too, keeps one active segment for all.
  ["aws-xray-sdk-core", "3.12.0", "suspicious"],
  ["aws-xray-sdk", "3.12.0", undefined],
  ["@aws-lambda-powertools/metrics", "2.28.1", "unsafe"],
  ["@aws-lambda-powertools/metrics", "2.29.0", undefined],
  ["@aws-lambda-powertools/batch", "2.28.1", "unsafe"],
  ["@aws-lambda-powertools/parser", "2.28.1", "suspicious"],
  ["@aws-lambda-powertools/parser", "2.29.0", undefined],
  ["@aws-lambda-powertools/logger", "2.33.0", "unsafe"],
  // Only its buffer and its sampling are mixed up: who uses neither is safe.
  ["@aws-lambda-powertools/logger", "2.34.0", "suspicious"],
  ["@aws-lambda-powertools/logger", "2.35.0", undefined],
  ["@aws-lambda-powertools/tracer", "2.33.0", "unsafe"],
  ["@aws-lambda-powertools/tracer", "2.34.0", undefined],
])("%s %s", (name, version, verdict) => {
  expect(libraryFindings([{ name, version }])[0]?.verdict).toBe(verdict);
});

test("a finding says where it is written, and what a version without a successor needs", () => {
  const [old] = libraryFindings([{ name: "@aws-lambda-powertools/logger", version: "2.33.1" }]);
  expect(old?.evidence).toEqual([
    "@aws-lambda-powertools/logger 2.33.1",
    "https://github.com/aws-powertools/powertools-lambda-typescript/pull/5430",
  ]);
  const [newest] = libraryFindings([{ name: "aws-xray-sdk-core", version: "99.0.0" }]);
  expect(newest).toMatchObject({
    what: "aws-xray-sdk-core may mix up requests in every version so far",
    mend: "Trace with ADOT, or with Tracer of Powertools from 2.34.0 on.",
  });
});

test("clients of one SDK are one finding", () => {
  const names = ["s3", "sqs", "sns", "ssm"].map((service) => `@aws-sdk/client-${service}`);
  const findings = libraryFindings(names.map((name) => ({ name, version: "3.900.0" })));
  expect(findings).toHaveLength(1);
  expect(findings[0]?.what).toBe(
    "@aws-sdk/client-s3, @aws-sdk/client-sqs, @aws-sdk/client-sns and 1 more are older than 3.933.0",
  );
});

test.each([
  ["requirements.txt", "boto3==1.40\naws-lambda-powertools[tracer]==3.22.0\n", 2, "unsafe"],
  ["requirements-dev.txt", "aws_lambda_powertools>=3.1\n", 1, "suspicious"],
  ["requirements.txt", "aws-lambda-powertools==3.23.0\n", undefined, undefined],
  ["pyproject.toml", 'dependencies = [\n  "aws-lambda-powertools==3.2.0",\n]\n', 2, "unsafe"],
  [
    "pyproject.toml",
    '[tool.poetry.dependencies]\naws-lambda-powertools = "^3.2"\n',
    2,
    "suspicious",
  ],
  [
    "pom.xml",
    "<properties><sdk>2.33.1</sdk></properties>\n<dependency>\n<groupId>software.amazon.awssdk</groupId>\n<artifactId>s3</artifactId>\n<version>${sdk}</version>\n</dependency>",
    2,
    "unsafe",
  ],
  ["src/App.csproj", '<PackageReference Include="AWSSDK.Core" Version="4.0.0.31" />', 1, "unsafe"],
  [
    "App.csproj",
    '<PackageReference Include="AWSSDK.Core" Version="4.0.0.32" />',
    undefined,
    undefined,
  ],
  ["Cargo.toml", '[dependencies]\nlambda_runtime = "=1.1.0"\n', 2, "unsafe"],
  ["Cargo.toml", '[dependencies]\nlambda_runtime = "1.1.1"\n', 2, "suspicious"],
  [
    "Cargo.toml",
    'lambda_runtime = { version = "1.1.1", features = ["concurrency-tokio"] }\n',
    undefined,
    undefined,
  ],
])("%s: %j", (file, text, line, verdict) => {
  expect(isManifest(file)).toBe(true);
  const [finding] = manifestFindings([{ file, text }]);
  expect(finding?.verdict).toBe(verdict);
  expect(finding?.place?.line).toBe(line);
});

test("a map names the packages in a bundle, their package.json the versions", async () => {
  const folder = await temporaryFolder();
  const inside = join(folder, "node_modules/a/node_modules/@b/c");
  await mkdir(inside, { recursive: true });
  await writeFile(join(folder, "node_modules/a/package.json"), '{"version":"1.2.3"}');
  await writeFile(join(inside, "package.json"), '{"version":"4.5.6"}');
  const sources = [
    "src/handler.ts",
    "node_modules/a/dist/index.js",
    "node_modules/a/dist/more.js",
    "node_modules/a/node_modules/@b/c/index.js",
    "node_modules/gone/index.js",
  ];
  expect(
    await bundledPackages(JSON.stringify({ version: 3, sources, mappings: "" }), folder),
  ).toEqual([
    { name: "a", version: "1.2.3" },
    { name: "@b/c", version: "4.5.6" },
  ]);
});
