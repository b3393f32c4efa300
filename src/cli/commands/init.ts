import { basename, relative, resolve } from "node:path";

import { Command, Option } from "commander";

import type { CostItem } from "../../synth/cost/cost-item.ts";
import { defaultProjectName } from "../../synth/default-names.ts";
import { type Example, examples, languages } from "../../templates/catalogue.ts";
import type { ScaffoldAnswers } from "../../templates/scaffold-answers.ts";
import { projectFiles } from "../config/project-file.ts";
import type { Deps } from "../deps.ts";
import { examples as exampleLines, sharedOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { installedVersion } from "../version.ts";

export interface InitOptions extends SharedOptions {
  readonly dir: string | undefined;
  readonly force: boolean;
  readonly answers: InitFlags;
}

/** Answers given as flags, as typed; what is absent is asked for. */
export interface InitFlags {
  readonly name?: string;
  readonly language?: ScaffoldAnswers["language"];
  readonly template?: Example;
  readonly runtime?: string;
  readonly arch?: ScaffoldAnswers["architecture"];
  readonly maxVcpu?: string;
  readonly memory?: string;
  readonly azs?: string;
  readonly egress?: ScaffoldAnswers["egress"];
}

export interface InitResult {
  readonly directory: string;
  readonly files: readonly string[];
  /** US dollars a month. */
  readonly cost: {
    readonly minimum: number;
    readonly cap: number;
    readonly items: readonly CostItem[];
  };
}

const runtimes = [...new Set(Object.values(languages).flatMap((each) => each.runtimes))];

export function initCommand(deps: Deps, run: typeof runInit = runInit): Command {
  return new Command("init")
    .description("Write a new project: settings, handler, sample event, test")
    .argument("[dir]", "folder of the project (default: this one)")
    .option("--name <name>", "name of the project (default: the folder's)")
    .addOption(
      new Option("--language <language>", "language of the function (default typescript)").choices(
        Object.keys(languages),
      ),
    )
    .option("--runtime <id>", `Lambda runtime: ${runtimes.join(", ")} (default nodejs24.x)`)
    .addOption(
      new Option("--template <name>", "example to begin with, in TypeScript").choices(
        Object.keys(examples),
      ),
    )
    .addOption(
      new Option("--arch <architecture>", "processor architecture").choices(["x86_64", "arm64"]),
    )
    .option("--max-vcpu <count>", "cap of the capacity provider, 12 to 15000 vCPUs (default 30)")
    .option("--memory <mb>", "memory of one execution environment (default 2048)")
    .option("--azs <count>", "availability zones, 1 to 3 (default 1)")
    .addOption(
      new Option("--egress <kind>", "how the function reaches the outside (default nat)").choices([
        "nat",
        "endpoints",
        "public",
        "none",
      ]),
    )
    .option("--force", "write over files that are already there")
    .addHelpText(
      "after",
      exampleLines([
        ["lmi init hello", "asks what it needs to know"],
        ["lmi init hello --yes", "takes every default"],
        ["lmi init shop --template http-api", "begins with an example"],
        ["lmi init --yes --arch arm64 --max-vcpu 16", "into this folder, some answers given"],
      ]),
    )
    .action((dir: string | undefined, flags: InitFlags & { force?: true }, command: Command) => {
      const { force = false, ...answers } = flags;
      return run({ ...sharedOptions(command, deps.system), dir, force, answers }, deps);
    });
}

export async function runInit(
  options: InitOptions,
  deps: Pick<Deps, "system" | "reporter" | "prompter" | "aws">,
): Promise<void> {
  const { system, reporter, prompter } = deps;
  const directory = resolve(system.cwd, options.dir ?? ".");
  const [
    { askAnswers },
    { checkedSettings },
    { filesInTheWay, writeFiles },
    { scaffold },
    { initPrices },
    own,
  ] = await Promise.all([
    import("./init/questions.ts"),
    import("./init/settings.ts"),
    import("./init/files.ts"),
    import("../../templates/scaffold.ts"),
    import("./init/prices.ts"),
    import("./init/templates-folder.ts"),
  ]);
  const force = options.force;
  // Before the questions: nobody wants to answer six of them and then hear that a file is in the way.
  if (!force)
    await filesInTheWay(directory, [...(await likelyFiles(options.answers)), ...projectFiles]);
  const pricing = initPrices(options, system.cwd, deps);
  const answers = await askAnswers(
    {
      prices: () => pricing,
      flags: options.answers,
      name: defaultProjectName(basename(directory)),
      region: options.region,
    },
    prompter,
  );
  const settings = await checkedSettings(answers);
  const files = await scaffold({ ...answers, lmiVersion: installedVersion() }, own.templatesFolder);
  if (!force) await filesInTheWay(directory, Object.keys(files));
  await writeFiles(directory, files, { force });

  const { monthlyCost } = await import("../../synth/cost/monthly-cost.ts");
  const { minimum, cap, items, notes } = monthlyCost(settings, { prices: await pricing });
  const result: InitResult = {
    directory,
    files: Object.keys(files),
    cost: { minimum, cap, items },
  };
  reporter.result(result, () => "");
  for (const line of await describe(result, notes, answers, system.cwd)) reporter.info(line);
}

/** As far as flags tell. */
async function likelyFiles({ language, runtime, template }: InitFlags): Promise<string[]> {
  const [{ scaffold }, { languageOf }, { templatesFolder }] = await Promise.all([
    import("../../templates/scaffold.ts"),
    import("./init/kind.ts"),
    import("./init/templates-folder.ts"),
  ]);
  const answers = { name: "", runtime: "", architecture: "x86_64", maxVCpu: 0, memory: 0 } as const;
  const likely = language ?? (runtime === undefined ? "typescript" : languageOf(runtime));
  const files = await scaffold(
    { ...answers, language: likely, example: template, azs: 1, egress: "nat" },
    templatesFolder,
  );
  return Object.keys(files);
}

async function describe(
  { directory, files, cost }: InitResult,
  notes: readonly string[],
  answers: ScaffoldAnswers,
  cwd: string,
): Promise<string[]> {
  const [{ approximately }, { wrap }, { nextSteps }] = await Promise.all([
    import("../../synth/cost/monthly-cost.ts"),
    import("../output/wrap.ts"),
    import("./init/next-steps.ts"),
  ]);
  const folder = relative(cwd, directory);
  const lmi = installedVersion() === undefined ? "lmi" : "npx lmi";
  const items = cost.items.map(({ label, monthly }) => `${label} ${approximately(monthly)}`);
  return [
    "",
    wrap(`${folder === "" ? "The project" : `${folder}/`} is ready: ${files.join(" · ")}`, 2),
    wrap(
      `On AWS ${approximately(cost.minimum)} a month at the minimum, ${approximately(cost.cap)} at the cap of ${answers.maxVCpu} vCPUs:`,
      2,
    ),
    wrap(`  ${items.join(" · ")}`, 2),
    ...notes.map((note) => wrap(`  ${note}`, 2)),
    ...nextSteps(answers, folder, lmi),
  ];
}
