import { execFile } from "node:child_process";
import { readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { CDK_VERSION } from "../../../src/synth/eject/project-files.ts";
import { eject, lmiTemplate } from "../../helpers/ejected-apps.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const project = {
  "lmi.json": JSON.stringify({
    name: "hello",
    region: "eu-west-1",
    functions: {
      fn: {
        entry: "src/handler.ts",
        environment: { API_TOKEN: "hunter2", DB_PASSWORD: { secret: "db" } },
      },
    },
    tags: { team: "it's ours" },
    environments: { prod: { functions: { fn: { memory: 4096 } } } },
  }),
  "src/handler.ts": 'import { answer } from "./answer.ts";\nexport const handler = answer;',
  "src/answer.ts": "export const answer = async () => 1;",
  "src/.env": "SECRET=1",
  "test/handler.test.ts": "",
  "package.json": JSON.stringify({
    name: "mine",
    type: "module",
    scripts: { test: "node --test", deploy: "lmi deploy", check: "lmi validate && tsc" },
    devDependencies: { lmi: "1.0.0", typescript: "5.0.0" },
  }),
};

const read = (...parts: string[]) => readFile(join(...parts), "utf8");

describe("lmi eject", () => {
  test("writes a project with its sources, without lmi, into the folder cdk", async () => {
    const cwd = await temporaryFolder(project);
    const { results, said } = await eject(cwd);
    const cdk = join(cwd, "cdk");
    expect(results).toMatchObject([{ stackName: "lmi-hello", directory: cdk }]);
    expect((await readdir(cdk, { recursive: true })).toSorted()).toEqual([
      ".gitignore",
      "README.md",
      "cdk.json",
      "infra",
      "infra/app.ts",
      "infra/capacity-provider.ts",
      "infra/code.ts",
      "infra/functions",
      "infra/functions/fn.ts",
      "infra/network.ts",
      "infra/stack.ts",
      "infra/tsconfig.json",
      "package.json",
      "src",
      "src/answer.ts",
      "src/handler.ts",
      "test",
      "test/handler.test.ts",
    ]);
    const manifest = JSON.parse(await read(cdk, "package.json")) as Record<string, object>;
    expect(manifest["scripts"]).toMatchObject({ test: "node --test", deploy: "cdk deploy" });
    expect(manifest["scripts"]).not.toHaveProperty("check");
    expect(manifest["devDependencies"]).not.toHaveProperty("lmi");
    expect(said).toContain("info Left out of package.json, because they call lmi: check.");
  });

  test("asks for the cdk command that the conformance tests run", async () => {
    const bench = JSON.parse(
      await read(import.meta.dirname, "../../../bench/package.json"),
    ) as Record<string, Record<string, string>>;
    expect(bench["dependencies"]?.["aws-cdk"]).toBe(CDK_VERSION);
  });

  test("tells in the README what it needs, and which variables look like secrets", async () => {
    const cwd = await temporaryFolder(project);
    await eject(cwd, { env: "prod" });
    const readme = await read(cwd, "cdk", "README.md");
    for (const part of ["lmi-hello-prod", "eu-west-1", "`API_TOKEN`", "--function-name fn-prod"]) {
      expect(readme).toContain(part);
    }
    expect(readme).not.toContain("hunter2");
    expect(readme).not.toContain("DB_PASSWORD");
    expect(await read(cwd, "cdk", "infra", "app.ts")).toContain('region !== "eu-west-1"');
  });

  test("writes over nothing unless it is told to", async () => {
    const cwd = await temporaryFolder({ ...project, "cdk/README.md": "mine", "cdk/other": "too" });
    await expect(eject(cwd)).rejects.toMatchObject({
      code: "LMI_FILES_IN_THE_WAY",
      exitCode: 2,
      details: { files: ["README.md"] },
    });
    expect(await readdir(join(cwd, "cdk"))).toEqual(["README.md", "other"]);
    await eject(cwd, { force: true });
    expect(await read(cwd, "cdk", "README.md")).toContain("# hello");
    expect(await read(cwd, "cdk", "other")).toBe("too");
  });

  test("a second time it leaves out what it wrote the first time", async () => {
    const entry = { entry: "handler.ts" };
    const cwd = await temporaryFolder({
      "lmi.json": JSON.stringify({ name: "hello", functions: { fn: entry } }),
      "handler.ts": "export const handler = async () => 1;",
    });
    await eject(cwd);
    await eject(cwd, { force: true });
    expect(await readdir(join(cwd, "cdk"))).not.toContain("cdk");
  });

  test("takes the bundle where sources lie outside of the project", async () => {
    const cwd = await temporaryFolder({
      "shared/answer.ts": "export const answer = async () => 1;",
      "app/lmi.json": JSON.stringify({ name: "hello", functions: { fn: { entry: "handler.ts" } } }),
      "app/handler.ts": 'export { answer as handler } from "../shared/answer.ts";',
    });
    const { said } = await eject(join(cwd, "app"));
    const code = await readdir(join(cwd, "app", "cdk", "code", "fn"));
    expect(code.toSorted()).toEqual(["handler.mjs", "handler.mjs.map"]);
    expect(said.join("\n")).toContain("../shared/answer.ts");
  });

  test("adds packages that a package.json further up has, in the installed version", async () => {
    const cwd = await temporaryFolder({
      "node_modules/greet/package.json": JSON.stringify({ version: "3.1.4", main: "index.js" }),
      "node_modules/greet/index.js": "export const greet = async () => 1;",
      "app/lmi.json": JSON.stringify({ name: "hello", functions: { fn: { entry: "handler.ts" } } }),
      "app/handler.ts": 'export { greet as handler } from "greet";',
    });
    await eject(join(cwd, "app"));
    const manifest = JSON.parse(await read(cwd, "app", "cdk", "package.json")) as object;
    expect(manifest).toMatchObject({ dependencies: { greet: "3.1.4" } });
  });

  test("names the folder of the app otherwise where sources have it", async () => {
    const cwd = await temporaryFolder({
      "lmi.json": JSON.stringify({ name: "hello", functions: { fn: { entry: "infra/fn.ts" } } }),
      "infra/fn.ts": "export const handler = async () => 1;",
    });
    await eject(cwd);
    expect(JSON.parse(await read(cwd, "cdk", "cdk.json"))).toMatchObject({
      app: "node app/app.ts",
    });
  });

  test("brings along what builds read, and lets cdk run them", async () => {
    const cwd = await temporaryFolder({
      "lmi.json": JSON.stringify({
        name: "hello",
        functions: {
          fn: {
            entry: "build",
            handler: "app.handler",
            runtime: "python3.13",
            build: `"${process.execPath}" build.mjs`,
          },
        },
      }),
      "build.mjs":
        'import { cpSync, mkdirSync } from "node:fs"; mkdirSync("build"); cpSync("src/app.py", "build/app.py");',
      "src/app.py": "def handler(event, context):\n    return event\n",
      ".gitignore": "build/\n.lmi/\nbig/\n",
      "big/file": "",
    });
    await eject(cwd);
    const names = await readdir(join(cwd, "cdk"), { recursive: true });
    expect(names).toEqual(expect.arrayContaining(["build.mjs", "src/app.py", "build/app.py"]));
    expect(names).not.toContain("big");
    expect(JSON.parse(await read(cwd, "cdk", "cdk.json"))).toMatchObject({
      build: "node infra/build.ts",
    });
    expect(await read(cwd, "cdk", ".gitignore")).toBe("build/\nbig/\nnode_modules/\ncdk.out/\n");
  });

  test.each(["in a repository", "outside of one"])(
    "brings along no keys, nothing by links from outside, and what is ignored as little (%s)",
    async (how) => {
      const outside = await temporaryFolder({ "secret.txt": "" });
      const cwd = await temporaryFolder({
        "app/lmi.json": JSON.stringify({
          name: "hello",
          functions: {
            fn: { entry: "out", handler: "a.b", runtime: "python3.13", build: "echo built" },
          },
        }),
        "app/out/a.py": "",
        "app/src/a.py": "",
        "app/src/server.pem": "",
        "app/src/.env": "",
        "app/id_ed25519": "",
        "app/deploy.key": "",
        "app/made/file": "",
        "app/.gitignore": "/made/\nsrc/*.log\n",
        "app/src/a.log": "",
        "app/deep/.gitignore": "*.tmp\n",
        "app/deep/a.tmp.py": "",
        "app/deep/a.tmp": "",
      });
      const app = join(cwd, "app");
      await symlink("..", join(app, "src", "up"));
      await symlink(outside, join(app, "src", "outside"));
      await symlink(join(outside, "secret.txt"), join(app, "src", "secret.txt"));
      await symlink("a.py", join(app, "src", "b.py"));
      if (how === "in a repository") await promisify(execFile)("git", ["init", "-q"], { cwd: app });
      await eject(app);
      const names = await readdir(join(app, "cdk"), { recursive: true, withFileTypes: true });
      const files = names
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(app, "cdk"), join(entry.parentPath, entry.name)));
      expect(files.filter((name) => !/^(infra|[^/]*\.json|README)/.test(name)).toSorted()).toEqual([
        ".gitignore",
        "deep/a.tmp.py",
        "out/a.py",
        "src/a.py",
        "src/b.py",
      ]);
    },
  );

  test("runs each build in the project's folder with variables of its own", async () => {
    const code = "require('fs').writeFileSync('out.py', '# ' + process.env.LMI_RUNTIME)";
    const build = (folder: string) => `cd ${folder} && "${process.execPath}" -e "${code}"`;
    const fn = { handler: "out.handler" };
    const cwd = await temporaryFolder({
      "lmi.json": JSON.stringify({
        name: "hello",
        functions: {
          one: { ...fn, entry: "api", runtime: "python3.13", build: build("api") },
          two: { ...fn, entry: "worker", runtime: "python3.14", build: build("worker") },
        },
      }),
      "api/a.py": "",
      "worker/a.py": "",
    });
    await eject(cwd);
    const cdk = join(cwd, "cdk");
    await rm(join(cdk, "api", "out.py"));
    await rm(join(cdk, "worker", "out.py"));
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [join(cdk, "infra", "build.ts")], { cwd });
    expect(stdout).toBe("");
    expect(await read(cdk, "api", "out.py")).toBe("# python3.13");
    expect(await read(cdk, "worker", "out.py")).toBe("# python3.14");

    await rm(join(cdk, "api"), { recursive: true });
    await expect(run(process.execPath, [join(cdk, "infra", "build.ts")])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Failed: cd api"),
    });
  });

  // In the second, making folders recursively would have Node try without end.
  test.each(["file/below", "/proc/none/below"])(
    "says what a folder that cannot be written is: %s",
    async (output) => {
      const cwd = await temporaryFolder({ ...project, file: "" });
      await expect(eject(cwd, { output })).rejects.toMatchObject({
        code: "LMI_OUTPUT_NOT_WRITABLE",
        exitCode: 2,
      });
    },
  );
});

describe("lmi eject --format cloudformation", () => {
  test("writes the template, the code and the commands that deploy them", async () => {
    const cwd = await temporaryFolder(project);
    await eject(cwd, { format: "cloudformation", output: "out" });
    const { Metadata: _lmi, ...expected } = await lmiTemplate(cwd);
    const out = join(cwd, "out");
    expect(parse(await read(out, "template.yaml"))).toEqual(expected);
    const archive = await readFile(join(out, "code", "fn.zip"));
    expect(archive.subarray(0, 2).toString()).toBe("PK");
    const { Code } = (expected.Resources["FnLambda"]?.Properties ?? {}) as {
      Code: { S3Key: string };
    };
    const readme = await read(out, "README.md");
    expect(readme).toContain(`aws s3 cp code/fn.zip "s3://$BUCKET/${Code.S3Key}"`);
    expect(readme).toContain('export AWS_REGION="eu-west-1"');
    expect(readme).toContain("--capabilities CAPABILITY_IAM");
    expect(readme).toContain("--tags 'team=it'\\''s ours' lmi:project=hello");
  });

  test("says that a version needs another id with new code", async () => {
    const cwd = await temporaryFolder({
      "lmi.json": JSON.stringify({
        name: "hello",
        functions: { fn: { entry: "handler.ts", aliases: { live: "version" } } },
      }),
      "handler.ts": "export const handler = async () => 1;",
    });
    await eject(cwd, { format: "cloudformation" });
    expect(await read(cwd, "cloudformation", "README.md")).toMatch(
      /rename `FnLambdaVersion\w{10}`/,
    );
  });

  test("sends a large template through the bucket", async () => {
    const functions = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`fn${index}`, { entry: "handler.ts" }]),
    );
    const cwd = await temporaryFolder({
      "lmi.json": JSON.stringify({ name: "hello", capacity: { maxVCpu: 200 }, functions }),
    });
    await writeFile(join(cwd, "handler.ts"), "export const handler = async () => 1;");
    await eject(cwd, { format: "cloudformation" });
    expect(await read(cwd, "cloudformation", "README.md")).toContain('--s3-bucket "$BUCKET"');
  });
});
