import { statSync } from "node:fs";
import { setSourceMapsSupport } from "node:module";
import { pathToFileURL } from "node:url";
import { ExitCode, LmiError } from "../../errors.ts";
import type { StackHook } from "../../synth/settings.ts";
import { shareOwnPackages, stripTypesWithEsbuild } from "./config-hooks.ts";
import { moduleError } from "./module-error.ts";
import { plainSettings } from "./plain-settings.ts";
import type { System } from "../system.ts";
import { type UserCode, userCodeError } from "./user-code-error.ts";

export interface ConfigModule {
  readonly content: Readonly<Record<string, unknown>>;
  readonly stack: StackHook | undefined;
  /** By a function that knows `--env`, which says nothing of other environments. */
  readonly isMadeForEnvironment: boolean;
}

export interface ConfigModuleRequest {
  readonly file: string;
  /** Makes a path one that people read. */
  readonly shown: (file: string) => string;
  readonly environmentName: string | undefined;
  readonly runUserCode: System["runUserCode"];
}

/**
 * The settings of a lmi.config.ts (.mts, .js, .mjs): its default export, or what that function returns. Fails with
 * LMI_CONFIG_SYNTAX, LMI_CONFIG_FAILED or LMI_CONFIG_EXPORT.
 */
export async function loadConfigModule(request: ConfigModuleRequest): Promise<ConfigModule> {
  const { file, shown, environmentName, runUserCode } = request;
  shareOwnPackages();
  const about: UserCode = { code: "LMI_CONFIG_FAILED", subject: shown(file), shown };
  const exported = await runUserCode(shown(file), () => importModule(file)).catch(
    async (error: unknown) => {
      throw await moduleError(error, file, about);
    },
  );
  const given: unknown =
    typeof exported["default"] === "function"
      ? await settingsFrom(exported["default"] as ConfigFunction, environmentName, about, request)
      : exported["default"];
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw wrongExport(given, exported, shown(file));
  const { stack, ...content } = given as Record<string, unknown>;
  if (stack === undefined && typeof exported["stack"] === "function") throw strayStack(shown(file));
  return {
    content: plainSettings(content, shown(file)),
    stack: stackHook(stack, about, runUserCode),
    isMadeForEnvironment: typeof exported["default"] === "function" && !("environments" in content),
  };
}

type ConfigFunction = (context: { readonly env: string | undefined }) => unknown;
type Exports = Readonly<Record<string, unknown>>;

/** Node takes the types out by itself, unless it was told not to, or the file has more than types. */
async function importModule(file: string): Promise<Exports> {
  const url = urlOf(file);
  try {
    return (await import(url)) as Exports;
  } catch (error) {
    if (!needsEsbuild.has(codeOf(error))) throw error;
    await stripTypesWithEsbuild();
    setSourceMapsSupport(true);
    return (await import(url)) as Exports;
  }
}

/** When each file was written as it was loaded first, in milliseconds. */
const firstLoaded = new Map<string, number>();

/** Node keeps a module under its URL for good: a file that was written since has another one. */
function urlOf(file: string): string {
  const { href } = pathToFileURL(file);
  const written = Math.round(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const first = firstLoaded.get(file) ?? written;
  firstLoaded.set(file, first);
  return written === first ? href : `${href}?${written}`;
}

const needsEsbuild: ReadonlySet<string> = new Set([
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
]);

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

async function settingsFrom(
  config: ConfigFunction,
  env: string | undefined,
  about: UserCode,
  { runUserCode }: ConfigModuleRequest,
): Promise<unknown> {
  return runUserCode(about.subject, async () => config({ env })).catch((error: unknown) => {
    throw userCodeError(error, about);
  });
}

function stackHook(
  stack: unknown,
  { subject, shown }: UserCode,
  runUserCode: System["runUserCode"],
): StackHook | undefined {
  if (stack === undefined) return undefined;
  if (typeof stack !== "function") {
    throw new LmiError("LMI_CONFIG_EXPORT", `stack of ${subject} is no function.`, {
      why: "It is called with the CDK stack: stack(stack, { settings, env, resource }) { … }",
      exitCode: ExitCode.usage,
    });
  }
  const hook = stack as StackHook;
  const about: UserCode = {
    code: "LMI_STACK_HOOK_FAILED",
    subject: `The stack function of ${subject}`,
    shown,
  };
  return (cdkStack, context) =>
    runUserCode(about.subject, async () => hook(cdkStack, context)).catch((error: unknown) => {
      throw userCodeError(error, about);
    });
}

/** Beside the default export nobody would call it. */
function strayStack(name: string): LmiError {
  return new LmiError("LMI_CONFIG_EXPORT", `${name} exports a function stack by itself.`, {
    why: "It is called only as part of the settings.",
    next: "Put it into them: export default { name: …, stack }",
    exitCode: ExitCode.usage,
  });
}

function wrongExport(given: unknown, exported: Exports, name: string): LmiError {
  const others = Object.keys(exported).filter((key) => key !== "default");
  const what =
    typeof exported["default"] === "function"
      ? `gives ${kindOf(given)} from its function`
      : "default" in exported
        ? `exports ${kindOf(given)} by default`
        : "has no default export";
  return new LmiError("LMI_CONFIG_EXPORT", `${name} ${what}, where settings should be.`, {
    why: others.length === 0 ? "" : `It exports ${others.join(", ")}.`,
    next: 'Write: export default { name: "…", functions: { … } }',
    exitCode: ExitCode.usage,
  });
}

function kindOf(given: unknown): string {
  if (given === undefined || given === null) return String(given);
  return Array.isArray(given) ? "an array" : `a ${typeof given}`;
}
