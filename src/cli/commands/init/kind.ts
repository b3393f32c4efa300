import { ExitCode, LmiError } from "../../../errors.ts";
import {
  type Example,
  examples,
  type Language,
  languages,
  runtimeTitle,
} from "../../../templates/catalogue.ts";
import type { Choice, Prompter } from "../../prompter.ts";
import type { InitFlags } from "../init.ts";

/** What will run: a language on a runtime, and whether the project begins as one of the examples. */
export interface Kind {
  readonly language: Language;
  readonly runtime: string;
  readonly example: Example | undefined;
}

/** Typed flags decide without a question; what they leave open is asked in one. */
export async function askKind(flags: InitFlags, prompter: Prompter): Promise<Kind> {
  refuseContradictions(flags);
  const { language, runtime, template } = flags;
  if (runtime !== undefined)
    return { language: language ?? languageOf(runtime), runtime, example: template };
  const offered = kinds().filter(
    (kind) =>
      (language === undefined || kind.language === language) &&
      (template === undefined || kind.example === template),
  );
  const [first] = offered;
  if (offered.length === 1 && first) return first;
  const chosen = await prompter.select({
    message: "What will run here?",
    flag: template === undefined ? "--runtime or --template" : "--runtime",
    default: first ? key(first) : "",
    choices: offered.map((kind): Choice<string> => ({ value: key(kind), name: title(kind) })),
  });
  const found = offered.find((kind) => key(kind) === chosen);
  if (!found) throw new TypeError(`${chosen} was not offered`);
  return found;
}

/** The language of a runtime that is taken as it is; a version that is not supported is refused with the settings. */
export function languageOf(runtime: string): Language {
  const named = /^[a-z]+/.exec(runtime)?.[0] ?? runtime;
  const found = allLanguages().find((language) =>
    languages[language].runtimes.some((offered) => offered.startsWith(named)),
  );
  if (found) return found;
  throw usage(
    `lmi init writes no functions for ${runtime}.`,
    `It writes them for ${[...new Set(kinds().map((kind) => kind.runtime))].join(", ")}.`,
    "Name one of these with --runtime, or write lmi.json with the runtime and entry by hand",
  );
}

function refuseContradictions({ language, runtime, template }: InitFlags): void {
  if (template !== undefined) {
    const needed = language ?? (runtime === undefined ? "typescript" : languageOf(runtime));
    if (needed !== "typescript")
      throw usage(
        `The template ${template} is written in TypeScript, not in ${languages[needed].title}.`,
        "Examples run on Node.js 22 and 24.",
        `lmi init --template ${template}`,
      );
  }
  if (language === undefined || runtime === undefined) return;
  if (sharesRuntimes(language, languageOf(runtime))) return;
  throw usage(
    `${languages[language].title} does not run on ${runtime}.`,
    `It runs on ${languages[language].runtimes.join(" and ")}.`,
    `lmi init --language ${language} --runtime ${languages[language].runtimes[0]}`,
  );
}

function sharesRuntimes(one: Language, other: Language): boolean {
  return languages[one].runtimes[0] === languages[other].runtimes[0];
}

function usage(what: string, why: string, next: string): LmiError {
  return new LmiError("LMI_USAGE", what, { why, next, exitCode: ExitCode.usage });
}

function allLanguages(): Language[] {
  return Object.keys(languages) as Language[];
}

/** Plain functions first, then the examples, each on the newest runtime first. */
function kinds(): Kind[] {
  const plain = allLanguages().flatMap((language) =>
    languages[language].runtimes.map((runtime): Kind => ({
      language,
      runtime,
      example: undefined,
    })),
  );
  const [runtime] = languages.typescript.runtimes;
  const whole = (Object.keys(examples) as Example[]).map((example): Kind => ({
    language: "typescript",
    runtime,
    example,
  }));
  return [...plain, ...whole];
}

function key({ language, runtime, example }: Kind): string {
  return [language, runtime, ...(example === undefined ? [] : [example])].join(" ");
}

function title({ language, runtime, example }: Kind): string {
  const on = `${languages[language].title} function (${runtimeTitle(runtime)})`;
  return example === undefined ? on : `Example: ${examples[example].title}`;
}
