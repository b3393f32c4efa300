import type { Example, Language } from "./catalogue.ts";

/** What `lmi init` has found out. */
export interface ScaffoldAnswers {
  readonly name: string;
  readonly language: Language;
  /** Undefined: the plain function of the language. */
  readonly example?: Example | undefined;
  readonly runtime: string;
  readonly architecture: "x86_64" | "arm64";
  readonly maxVCpu: number;
  /** MB. */
  readonly memory: number;
  readonly azs: number;
  readonly egress: "nat" | "endpoints" | "public" | "none";
  readonly region?: string | undefined;
  /** Makes lmi a development dependency of this version; left out while developing lmi itself. */
  readonly lmiVersion?: string | undefined;
}
