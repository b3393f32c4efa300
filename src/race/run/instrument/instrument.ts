import type MagicString from "magic-string";
import { holdAwaits } from "./awaits.ts";
import { nodesOf } from "./nodes.ts";
import { watchProperties } from "./properties.ts";
import { Sites } from "./sites.ts";
import { type ModuleVariables, moduleVariables, noteWrapper, watchVariables } from "./variables.ts";

export interface Instrumented {
  readonly code: string;
  /** The bundle's own text, to which sites refer. */
  readonly original: string;
  readonly sites: Sites;
  /** Names of watched variables, by the number that stands in the code. */
  readonly names: Readonly<Record<number, string>>;
  /** Where they are declared: sites, by the same number. */
  readonly declared: Readonly<Record<number, number>>;
  /** From the instrumented code to the bundle; made when somebody asks. */
  readonly map: () => ReturnType<MagicString["generateDecodedMap"]>;
}

export interface InstrumentInput {
  readonly code: string;
  readonly format: "esm" | "cjs";
  /** Whether what stands there is the project's own code, and not a package's. */
  readonly isOwn: (offset: number) => boolean;
}

/** What instrument passes on to those who look for one kind of thing. */
export interface Draft {
  readonly text: MagicString;
  readonly code: string;
  readonly sites: Sites;
  readonly isOwn: (offset: number) => boolean;
  readonly names: Record<number, string>;
  readonly declared: Record<number, number>;
  readonly variables: ModuleVariables;
}

/**
 * Writes into a bundle that every await waits for its turn, and that shared state says who reads and who writes it.
 * Awaits are held in packages, too, since a package's state is shared as well; what reads and writes is followed in the
 * project's own code alone. Fails with a SyntaxError for what is no JavaScript.
 */
export async function instrument(input: InstrumentInput): Promise<Instrumented> {
  const [{ parse }, { default: Text }, scopes] = await Promise.all([
    import("acorn"),
    import("magic-string"),
    import("eslint-scope"),
  ]);
  const sourceType = input.format === "esm" ? "module" : "script";
  const program = parse(input.code, {
    ecmaVersion: "latest",
    sourceType,
    allowHashBang: true,
    allowReturnOutsideFunction: input.format === "cjs",
    ranges: true,
  });
  const placed = [...nodesOf(program)];
  for (const each of placed) noteWrapper(each);
  const found: Pick<Draft, "names" | "declared" | "sites"> = {
    names: {},
    declared: {},
    sites: new Sites(),
  };
  const scopeManager = scopes.analyze(program as never, {
    ecmaVersion: 2022,
    sourceType,
    nodejsScope: input.format === "cjs",
    ignoreEval: true,
  });
  const draft: Draft = {
    ...input,
    text: new Text(input.code),
    ...found,
    variables: moduleVariables(scopeManager, found),
  };
  // Parents before children: what is written around a child then stands inside of what is written around its parent.
  for (const each of placed) {
    holdAwaits(draft, each);
    watchProperties(draft, each);
    watchVariables(draft, each);
  }
  return {
    code: draft.text.toString(),
    original: input.code,
    sites: draft.sites,
    names: draft.names,
    declared: draft.declared,
    map: () => draft.text.generateDecodedMap({ hires: "boundary" }),
  };
}
