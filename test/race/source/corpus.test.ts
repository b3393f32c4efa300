import { dirname } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import type { Finding } from "../../../src/race/finding.ts";
import { readSource } from "../../../src/race/source/read-source.ts";
import { type CorpusCase, raceCorpus } from "../../helpers/race-corpus.ts";

const cases = raceCorpus();

async function read({ entry }: CorpusCase): Promise<Finding[]> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: dirname(entry),
    outdir: dirname(entry),
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: "external",
    write: false,
  });
  const [map, code] = [/\.map$/, /\.js$/].map(
    (name) => outputFiles.find(({ path }) => name.test(path))?.text ?? "",
  );
  return readSource({
    code: code ?? "",
    map: map ?? "",
    file: "bundle.mjs",
    handler: "handler",
    packages: [],
  });
}

test("the corpus is large enough to tell something", () => {
  expect(cases.filter(({ unsafe }) => unsafe).length).toBeGreaterThanOrEqual(30);
  expect(cases.filter(({ unsafe }) => !unsafe).length).toBeGreaterThanOrEqual(30);
});

test.each(cases.filter(({ source }) => source === "certain"))("$name is certain", async (given) => {
  const unsafe = (await read(given)).filter(({ verdict }) => verdict === "unsafe");
  expect(unsafe.map(({ kind }) => kind)).toSatisfy((kinds: string[]) =>
    kinds.some((kind) => given.expected.includes(kind)),
  );
  // The line is one of its own, and says why by what stands there.
  for (const { place } of unsafe) expect(place?.file).toMatch(/^\d\d-|session\.mjs$/);
});

const allowed = {
  hint: [["suspicious"]],
  nothing: [[]],
  any: [[], ["suspicious"]],
  certain: [],
} satisfies Record<CorpusCase["source"], string[][]>;

test.each(cases.filter(({ source }) => source !== "certain"))(
  "$name is not accused from its source ($source)",
  async (given) => {
    const verdicts = new Set((await read(given)).map(({ verdict }) => verdict));
    expect(allowed[given.source]).toContainEqual([...verdicts]);
  },
);
