import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadSettings } from "../../../src/cli/config/load-settings.ts";
import { failure, load, type LoadingRequest, problems } from "./loading.ts";
import { projectFolder } from "./project-folder.ts";

const FUNCTION = "my-managed-instance-function";

describe("where settings come from", () => {
  it("is the default without any file", async () => {
    const cwd = path.join(await projectFolder({ "My Shop/x": "" }), "My Shop");
    const loaded = await loadSettings({ cwd, env: {}, flags: { entry: "handler.ts" } });
    expect(loaded.settings).toMatchObject({
      name: "my-shop",
      environment: undefined,
      region: undefined,
    });
    expect(loaded.settings.functions).toMatchObject({
      [FUNCTION]: {
        entry: "handler.ts",
        handler: "handler.handler",
        runtime: "nodejs24.x",
        memory: 2048,
        timeout: 30,
      },
    });
    expect(loaded.settings.capacity).toMatchObject({ architecture: "x86_64", maxVCpu: 30 });
    expect(loaded).toMatchObject({ projectDir: cwd, configFile: undefined, warnings: [] });
  });

  it("is flag over variable over overlay over file over default", async () => {
    const file = {
      capacity: { maxVCpu: 20, architecture: "arm64" },
      network: { azs: 2, cidr: "10.1.0.0/16" },
      functions: { api: { memory: 4096, timeout: 10 } },
      environments: { prod: { network: { azs: 3 }, functions: { api: { timeout: 20 } } } },
    };
    const { settings, origins } = await load(file, {
      environmentName: "prod",
      env: { LMI_MAX_VCPU: "40", LMI_MEMORY: "6144", LMI_ARCH: "" },
      flags: { memory: "8192" },
    });
    expect(settings.environment).toBe("prod");
    expect(settings.network).toMatchObject({ azs: 3, cidr: "10.1.0.0/16", egress: "nat" });
    expect(settings.capacity).toMatchObject({ maxVCpu: 40, architecture: "arm64" });
    expect(settings.functions["api"]).toMatchObject({ memory: 8192, timeout: 20 });
    expect(origins).toMatchObject({
      environment: "--env",
      "network.azs": "lmi.json (prod)",
      "network.cidr": "lmi.json",
      "network.egress": "default",
      "capacity.maxVCpu": "LMI_MAX_VCPU",
      "functions.api.memory": "--memory",
      "functions.api.timeout": "lmi.json (prod)",
    });
  });

  it("is the nearest lmi.json upwards, or the one of --config", async () => {
    const top = await projectFolder({
      "lmi.json": { name: "top" },
      "other.json": { name: "other" },
      "a/b/x": "",
    });
    const cwd = path.join(top, "a", "b");
    expect(await loadSettings({ cwd, env: {} })).toMatchObject({
      settings: { name: "top" },
      projectDir: top,
    });
    const other = await loadSettings({ cwd, env: {}, configFile: "../../other.json" });
    expect(other).toMatchObject({
      settings: { name: "other" },
      configFile: path.join(top, "other.json"),
    });
  });

  it("is --region, AWS_REGION, AWS_DEFAULT_REGION, then the file, for the region", async () => {
    const file = { region: "eu-west-1" };
    const env = { AWS_REGION: "us-east-2", AWS_DEFAULT_REGION: "us-west-2" };
    const region = async (request: LoadingRequest) => (await load(file, request)).settings.region;
    expect(await region({ env, region: "eu-north-1" })).toBe("eu-north-1");
    expect(await region({ env })).toBe("us-east-2");
    expect(await region({ env: { AWS_DEFAULT_REGION: "us-west-2" } })).toBe("us-west-2");
    expect(await region({})).toBe("eu-west-1");
  });

  it("takes lists, entries and switches from flags", async () => {
    const { settings } = await load(
      {},
      {
        flags: {
          instanceTypes: ["m7i.large, m7i.xlarge", "c7i.xlarge"],
          tag: ["team=shop", "note=a=b"],
          functionEnv: ["EMPTY=", "URL=https://x/?a=b"],
          runtime: "nodejs20.x",
          allowUnsupportedRuntime: true,
        },
      },
    );
    expect(settings.capacity.instanceTypes?.allow).toEqual([
      "m7i.large",
      "m7i.xlarge",
      "c7i.xlarge",
    ]);
    expect(settings.tags).toEqual({ team: "shop", note: "a=b" });
    expect(settings.functions[FUNCTION]?.environment).toEqual({ EMPTY: "", URL: "https://x/?a=b" });
    expect(settings.functions[FUNCTION]?.runtime).toBe("nodejs20.x");
  });

  it("allows comments and trailing commas", async () => {
    const loaded = await load('{\n  // the shop\n  "name": "shop", /* here */\n}');
    expect(loaded.settings.name).toBe("shop");
  });
});

describe("the function that a flag means", () => {
  const two = { functions: { api: {}, jobs: {} } };

  it("is the one that --function names", async () => {
    const { settings } = await load(two, { flags: { function: "jobs", memory: "4096" } });
    expect([settings.functions["api"]?.memory, settings.functions["jobs"]?.memory]).toEqual([
      2048, 4096,
    ]);
  });

  it("must be named when there are several", async () => {
    const [problem] = await problems(two, { flags: { memory: "4096" } });
    expect(problem?.message).toBe("--memory could mean any of: api, jobs");
    expect(problem?.hint).toContain("--function api");
  });

  it("must exist, but for a project without a file", async () => {
    expect((await problems(two, { flags: { function: "job" } }))[0]?.hint).toBe(
      "did you mean jobs?",
    );
    const loaded = await loadSettings({
      cwd: await projectFolder(),
      env: {},
      flags: { function: "hello" },
    });
    expect(Object.keys(loaded.settings.functions)).toEqual(["hello"]);
  });
});

describe("wrong settings", () => {
  it("are all reported together, laid out with path, value and origin", async () => {
    const error = await failure({}, { flags: { memory: "2100", maxVcpu: "5" } });
    expect(error.message).toBe("flags have 2 problems");
    expect(error.why?.split("\n")).toEqual([
      "capacity.maxVCpu  5 (from --max-vcpu)",
      "    must be from 12 to 15000",
      `functions.${FUNCTION}.memory  2100 (from --memory)`,
      "    must be a multiple of 2048 MB at 2 GiB per vCPU, from 2048 to 32768; nearest: 2048",
    ]);
  });

  it("name every source that has some", async () => {
    const error = await failure(
      { network: { azs: 9 } },
      { flags: { maxVcpu: "5" }, env: { LMI_TIMEOUT: "soon" } },
    );
    expect(error.message).toBe("lmi.json, environment variables and flags have 3 problems");
    expect((await failure({ network: { azs: 9 } })).message).toBe("lmi.json has 1 problem");
  });

  it.each<[string, unknown, string, RegExp]>([
    ["maximum too low", { capacity: { maxVCpu: 11 } }, "capacity.maxVCpu", /12 to 15000/],
    ["maximum too high", { capacity: { maxVCpu: 15_001 } }, "capacity.maxVCpu", /12 to 15000/],
    [
      "memory too low",
      { functions: { f: { memory: 128 } } },
      "functions.f.memory",
      /2048 to 32768/,
    ],
    [
      "memory too high",
      { functions: { f: { memory: 34_816 } } },
      "functions.f.memory",
      /2048 to 32768/,
    ],
    ["text for a number", { network: { azs: "two" } }, "network.azs", /whole number from 1 to 3/],
    ["half a number", { network: { azs: 1.5 } }, "network.azs", /whole number from 1 to 3/],
    [
      "unknown choice",
      { capacity: { architecture: "arm" } },
      "capacity.architecture",
      /x86_64 or arm64/,
    ],
    ["wrong type", { network: [] }, "network", /must be an object/],
    [
      "retention",
      { functions: { f: { logRetention: 8 } } },
      "functions.f.logRetention",
      /must be one of 1, 3, 5/,
    ],
    ["function name", { functions: { "no spaces": {} } }, "functions.no spaces", /letters, digits/],
    ["no function", { functions: {} }, "functions", /at least one function/],
    ["project name", { name: "1x" }, "name", /begin with a letter/],
    ["region", { region: "Frankfurt" }, "region", /such as us-east-1/],
    [
      "unchosen overlay",
      { environments: { dev: { network: { azs: 7 } } } },
      "environments.dev.network.azs",
      /from 1 to 3/,
    ],
    [
      "subnets",
      { network: { vpcId: "vpc-12345678", securityGroupIds: ["sg-12345678"], subnetIds: ["x"] } },
      "network.subnetIds.0",
      /subnet id/,
    ],
  ])("are refused: %s", async (_, file, where, message) => {
    const found = await problems(file);
    expect(found.map((problem) => problem.path)).toEqual([where]);
    expect(found[0]?.message).toMatch(message);
  });

  it.each([
    [{ nmae: "x" }, "nmae", "did you mean name?"],
    [{ capacity: { maxVcpu: 20 } }, "capacity.maxVcpu", "did you mean maxVCpu?"],
    [{ functions: { f: { memroy: 2048 } } }, "functions.f.memroy", "did you mean memory?"],
    [
      { functions: { f: { bundle: { minfy: true } } } },
      "functions.f.bundle.minfy",
      "did you mean minify?",
    ],
    [
      { environments: { dev: { network: { az: 2 } } } },
      "environments.dev.network.az",
      "did you mean azs?",
    ],
    [{ zzzzzzzz: 1 }, "zzzzzzzz", undefined],
  ])("suggest a key for %j", async (file, where, hint) => {
    const [problem] = await problems(file);
    expect(problem).toMatchObject({ path: where, message: "is not a setting", hint });
  });

  it("tell those of every item of a list, and the rules of the rest", async () => {
    const found = await problems({
      functions: {
        f: {
          events: [
            { type: "sqs", batchSize: 0, batchWindw: 3 },
            { type: "sqs", arn: "arn:aws:sqs:us-east-1:123456789012:a", batchSize: 11 },
          ],
        },
      },
    });
    expect(found).toMatchObject([
      { path: "functions.f.events.0.batchSize", message: "must be from 1 to 10000" },
      { path: "functions.f.events.0.batchWindw", hint: "did you mean batchWindow?" },
      { path: "functions.f.events.1.batchSize", code: "event-batch-window" },
    ]);
  });

  it("name the kinds of event sources where there is another", async () => {
    expect(await problems({ functions: { f: { events: [{ type: "sqss" }, {}] } } })).toMatchObject([
      {
        path: "functions.f.events.0.type",
        message: expect.stringContaining("type: sqs") as string,
      },
      { path: "functions.f.events.1.type" },
    ]);
  });

  it("do not hide rules about other settings, and make no rule up", async () => {
    const found = await problems({
      functions: { f: { memoryPerVCpu: 3, memory: 6144, runtime: "nodejs20.x" } },
    });
    expect(found.map(({ path: where }) => where)).toEqual([
      "functions.f.memoryPerVCpu",
      "functions.f.runtime",
    ]);
  });

  it("never show the value of an environment variable", async () => {
    const error = await failure(
      { functions: { f: { environment: { TOKEN: 12_345, AWS_SESSION_TOKEN: "hush" } } } },
      { flags: { functionEnv: ["=hush", "A=hush"] } },
    );
    expect(JSON.stringify([error.message, error.why, error.details])).not.toMatch(/hush|12345/);
    expect(error.why).toContain("must be KEY=VALUE");
  });

  it("include an environment that is not defined", async () => {
    const file = { environments: { prod: {} } };
    expect(await problems(file, { environmentName: "pord" })).toMatchObject([
      { origin: "--env", value: "pord", hint: "did you mean prod?" },
    ]);
    expect((await load(file, { environmentName: "prod" })).settings.environment).toBe("prod");
  });
});

describe("warnings", () => {
  it("tell what has no effect and what is risky", async () => {
    const { warnings } = await load({
      network: {
        vpcId: "vpc-12345678",
        subnetIds: ["subnet-12345678"],
        securityGroupIds: ["sg-12345678"],
        azs: 2,
      },
      capacity: { maxVCpu: 12 },
      functions: { f: { memory: 8192 } },
    });
    expect(warnings).toHaveLength(2);
    expect(warnings.join("\n")).toMatch(/capacity\.maxVCpu is less.*\nnetwork\.azs has no effect/);
  });
});
