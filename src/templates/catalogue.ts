/**
 * What `lmi init` can write. The files themselves are in the folder templates/ of the package, one folder for each
 * language and each example, as they will read in the project.
 */

export type Language = keyof typeof languages;
export type Example = keyof typeof examples;

export interface LanguageOffer {
  readonly title: string;
  /** Runtimes that Managed Instances support, newest first (Lambda developer guide, lambda-managed-instances-runtimes). */
  readonly runtimes: readonly string[];
}

export const languages = {
  typescript: { title: "TypeScript", runtimes: ["nodejs24.x", "nodejs22.x"] },
  javascript: { title: "JavaScript", runtimes: ["nodejs24.x", "nodejs22.x"] },
} as const satisfies Readonly<Record<string, LanguageOffer>>;

export interface ExampleOffer {
  readonly title: string;
}

/** Whole functions to begin from, in TypeScript. */
export const examples = {
  "http-api": { title: "HTTP API behind a function URL" },
} as const satisfies Readonly<Record<string, ExampleOffer>>;

/** `nodejs24.x` reads `Node.js 24`. */
export function runtimeTitle(runtime: string): string {
  const [, name = "", version = ""] = /^([a-z]+)([\d.]*\d)?/.exec(runtime) ?? [];
  const titles: Readonly<Record<string, string>> = {
    nodejs: "Node.js",
    python: "Python",
    java: "Java",
    dotnet: ".NET",
    provided: "Amazon Linux 2023",
  };
  return [titles[name] ?? name, version].filter((part) => part !== "").join(" ");
}
