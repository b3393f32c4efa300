import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { connectAws } from "../../src/aws/connect.ts";
import type { Aws } from "../../src/aws/ports.ts";
import { runDeploy } from "../../src/cli/commands/deploy.ts";
import { startTestTarget, type TestTarget } from "../helpers/local-target.ts";
import { deployOptions } from "./deploy-fixture.ts";
import { fakeAccount } from "./fake-aws.ts";
import { recordingDeps, type RecordedDeps } from "./recording-deps.ts";

const handler = (answer: string) =>
  `export const handler = async () => ({ answer: ${JSON.stringify(answer)} });\n`;

/** A project that is deployed to a local target in this process, for the tests of one file. Call `dispose` in the end. */
export class LocalProject {
  readonly target: TestTarget;
  readonly aws: Aws;
  readonly folder: string;
  readonly #before = new Map<string, string | undefined>();

  private constructor(target: TestTarget, folder: string) {
    this.target = target;
    this.folder = folder;
    this.aws = this.connect();
  }

  /** Not deployed yet: a folder and a target. */
  static async create(settings: Readonly<Record<string, unknown>> = {}): Promise<LocalProject> {
    const target = await startTestTarget({ manual: true });
    const folder = await mkdtemp(join(tmpdir(), "lmi-test-"));
    const project = new LocalProject(target, folder);
    project.setVariables({ CDK_HOME: join(folder, ".cdk-home") });
    await mkdir(join(folder, "src"));
    await project.writeHandler("one");
    await project.writeSettings(settings);
    return project;
  }

  static async deployed(settings: Readonly<Record<string, unknown>> = {}): Promise<LocalProject> {
    const project = await LocalProject.create(settings);
    await project.deploy();
    return project;
  }

  async dispose(): Promise<void> {
    await this.target.close();
    for (const [name, value] of this.#before) setVariable(name, value);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** Ports with a client of their own, as another machine has. */
  connect(): Aws {
    const { endpoint } = this.target;
    const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
    const target = { region: "us-east-1", profile: undefined, endpoint, credentials, local: true };
    return connectAws(target, {});
  }

  /** Dependencies of one command that really waits, and that nobody has to answer. */
  deps(answer: "yes" | "no" | "nobody" = "yes", cwd: string = this.folder): RecordedDeps {
    const deps = recordingDeps({ account: fakeAccount(), cwd, answer, local: true });
    const sleep = (milliseconds: number, signal?: AbortSignal) =>
      milliseconds < 60_000 ? pause(milliseconds, signal) : deps.system.sleep(milliseconds, signal);
    const own: Partial<RecordedDeps["system"]> = {
      sleep,
      now: () => new Date(),
      setEnv: (values) => this.setVariables(values),
    };
    // Not spread: what interrupted a command is read when it is asked for.
    Object.defineProperties(own, { interruptedBy: { get: () => deps.system.interruptedBy } });
    const system = Object.create(deps.system, Object.getOwnPropertyDescriptors(own));
    return { ...deps, system, aws: async () => this.connect() };
  }

  async deploy(answer: "yes" | "no" | "nobody" = "yes"): Promise<RecordedDeps> {
    const deps = this.deps(answer);
    await runDeploy(deployOptions({ local: true, requireApproval: "any-change" }), deps);
    return deps;
  }

  writeHandler(answer: string, name = "handler"): Promise<void> {
    return this.write(`src/${name}.ts`, handler(answer));
  }

  /** A copy of the project, as on another machine; the caller removes it. */
  async copied(answer: string): Promise<string> {
    const folder = `${this.folder}-copy`;
    await cp(this.folder, folder, { recursive: true });
    await writeFile(join(folder, "src/handler.ts"), handler(answer));
    return folder;
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  writeSettings(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const functions = { hello: { entry: "src/handler.ts" } };
    return this.write("lmi.json", JSON.stringify({ name: "hello", functions, ...settings }));
  }

  read(file: string): Promise<string> {
    return readFile(join(this.folder, file), "utf8");
  }

  async invoke(functionName = "hello"): Promise<unknown> {
    const payload = new TextEncoder().encode("{}");
    const answer = await this.aws.functions.invoke({ functionName, payload });
    return JSON.parse(new TextDecoder().decode(answer.payload));
  }

  /** Lets the toolkit library, which reads nothing else, find the target. */
  setVariables(values: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (!this.#before.has(name)) this.#before.set(name, process.env[name]); // eslint-disable-line node/no-process-env
      setVariable(name, value);
    }
  }
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]; // eslint-disable-line node/no-process-env
  else process.env[name] = value; // eslint-disable-line node/no-process-env
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
