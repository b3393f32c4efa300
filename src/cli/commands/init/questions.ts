import { ExitCode, LmiError } from "../../../errors.ts";
import type { ScaffoldAnswers } from "../../../templates/scaffold-answers.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import type { Choice, Prompter } from "../../prompter.ts";
import type { InitFlags } from "../init.ts";
import { askKind } from "./kind.ts";
import { networkCost } from "./settings.ts";

export interface Asked {
  readonly flags: InitFlags;
  /** Default name. */
  readonly name: string;
  readonly region: string | undefined;
  /** Wanted for one question, and perhaps not at hand before it. */
  readonly prices: () => Promise<PriceList>;
}

/** What init needs to know: flags first, questions for the rest, in the order in which they matter. */
export async function askAnswers(asked: Asked, prompter: Prompter): Promise<ScaffoldAnswers> {
  const { flags } = asked;
  const name = flags.name ?? (await askName(asked.name, prompter));
  const kind = await askKind(flags, prompter);
  const architecture = flags.arch ?? (await askArchitecture(prompter));
  const maxVCpu =
    wholeNumber(flags.maxVcpu, "--max-vcpu") ??
    (await prompter.number({
      message: "At most how many vCPUs?",
      flag: "--max-vcpu",
      default: 30,
      validate: (value) => (value >= 12 && value <= 15_000) || "It must be from 12 to 15000.",
    }));
  const memory = wholeNumber(flags.memory, "--memory") ?? (await askMemory(prompter));
  const azs = wholeNumber(flags.azs, "--azs") ?? 1;
  const draft = {
    name,
    ...kind,
    architecture,
    maxVCpu,
    memory,
    azs,
    egress: "nat" as const,
  };
  const egress = flags.egress ?? (await askNetwork(draft, asked, prompter));
  return { ...draft, egress, region: asked.region };
}

function askName(preset: string, prompter: Prompter): Promise<string> {
  return prompter.text({
    message: "Name of the project?",
    flag: "--name",
    default: preset,
    validate: (name) =>
      /^[a-zA-Z][a-zA-Z0-9-]*$/.test(name) ||
      "It takes letters, digits and dashes, a letter first.",
  });
}

function askArchitecture(prompter: Prompter): Promise<ScaffoldAnswers["architecture"]> {
  return prompter.select({
    message: "Architecture?",
    flag: "--arch",
    default: "x86_64",
    choices: [
      { value: "x86_64", name: "x86_64" },
      { value: "arm64", name: "arm64", hint: "Graviton, usually cheaper" },
    ],
  });
}

async function askMemory(prompter: Prompter): Promise<number> {
  const sizes = [2048, 4096, 8192, 16_384, 32_768];
  const chosen = await prompter.select({
    message: "Memory of one execution environment?",
    flag: "--memory",
    default: "2048",
    choices: sizes.map((size) => ({
      value: String(size),
      name: `${size} MB`,
      hint: `${size / 2048} vCPU${size === 2048 ? "" : "s"}`,
    })),
  });
  return Number(chosen);
}

/** Each kind of network with what it costs a month: the choice that costs most of a small project. */
async function askNetwork(
  draft: ScaffoldAnswers,
  asked: Asked,
  prompter: Prompter,
): Promise<ScaffoldAnswers["egress"]> {
  const prices = await asked.prices();
  const zones = draft.azs === 1 ? "one zone" : `${draft.azs} zones`;
  const offers: readonly { readonly value: ScaffoldAnswers["egress"]; readonly name: string }[] = [
    { value: "nat", name: `new VPC, ${zones}, NAT gateway` },
    { value: "public", name: `new VPC, ${zones}, public subnets` },
    { value: "endpoints", name: `new VPC, ${zones}, logs only, no internet` },
    { value: "none", name: `new VPC, ${zones}, nothing outside, no logs` },
  ];
  const choices: Choice<ScaffoldAnswers["egress"]>[] = await Promise.all(
    offers.map(async (offer) => ({
      ...offer,
      hint: await networkCost({ ...draft, egress: offer.value }, prices),
    })),
  );
  return prompter.select({ message: "Network?", flag: "--egress", default: "nat", choices });
}

function wholeNumber(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value)) return value;
  throw new LmiError("LMI_USAGE", `${flag} ${text} is not a whole number.`, {
    exitCode: ExitCode.usage,
  });
}
