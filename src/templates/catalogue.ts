/**
 * What `lmi init` can write. The files themselves are in the folder templates/ of the package, one folder for each
 * language and each example, as they will read in the project.
 */

export type Language = keyof typeof languages;
export type Example = keyof typeof examples;

interface LanguageOffer {
  readonly title: string;
  /** Runtimes that Managed Instances support, newest first (Lambda developer guide, lambda-managed-instances-runtimes). */
  readonly runtimes: readonly string[];
  /** The command that runs the project's own test. */
  readonly test: string;
  /** Whether the local target runs it. */
  readonly local: boolean;
}

export const languages = {
  typescript: {
    title: "TypeScript",
    runtimes: ["nodejs24.x", "nodejs22.x"],
    test: "npm test",
    local: true,
  },
  javascript: {
    title: "JavaScript",
    runtimes: ["nodejs24.x", "nodejs22.x"],
    test: "npm test",
    local: true,
  },
  python: {
    title: "Python",
    runtimes: ["python3.14", "python3.13"],
    test: "python3 -m unittest discover tests",
    local: false,
  },
  java: { title: "Java", runtimes: ["java25", "java21"], test: "mvn test", local: false },
  csharp: {
    title: "C#",
    runtimes: ["dotnet10", "dotnet8"],
    test: "dotnet test test/Function.Tests",
    local: false,
  },
  rust: { title: "Rust", runtimes: ["provided.al2023"], test: "cargo test", local: true },
} as const satisfies Readonly<Record<string, LanguageOffer>>;

interface ExampleOffer {
  readonly title: string;
  /** Whether it needs packages beside what Lambda brings: `npm install` comes first. */
  readonly packages: boolean;
}

/** Whole functions to begin from, in TypeScript. */
export const examples = {
  "http-api": { title: "HTTP API behind a function URL", packages: false },
  "sqs-worker": { title: "worker behind an SQS queue", packages: false },
  streaming: { title: "answer that is streamed", packages: false },
  powertools: { title: "logs and metrics with Powertools", packages: true },
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
