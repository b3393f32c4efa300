// The claims about settings: how fast they are checked, and what many functions take against one.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { compare, median, report, time } from "./measure.mjs";

const milliseconds = (value) => `${value.toFixed(0)} ms`;

export async function validateClaim({ lmi, nothing, rounds }) {
  const { ours, theirs } = await compare(lmi("validate", "--no-template"), nothing, rounds * 3);
  return report("lmi validate --no-template / node -e 0", ours / theirs, {
    limit: 3,
    detail: `${milliseconds(ours)} against ${milliseconds(theirs)}`,
  });
}

/** Nothing is bundled yet on either side; each function has a source of its own. */
export async function manyFunctionsClaim({ lmi, folder, env, rounds }) {
  const synth = (project) => ({ ...lmi("synth"), cwd: project, env });
  const [one, hundred] = [1, 100].map((count) => projectOf(join(folder, `of-${count}`), count));
  const times = { one: [], hundred: [], again: [] };
  await time(synth(one));
  for (let round = 0; round < Math.max(3, Math.min(rounds, 5)); round += 1) {
    for (const project of [one, hundred]) forgetBundles(project);
    times.one.push(await time(synth(one)));
    times.hundred.push(await time(synth(hundred)));
    times.again.push(await time(synth(hundred)));
  }
  const [single, many, again] = Object.values(times).map(median);
  process.stdout.write(`  without changes: ${milliseconds(again)}\n`);
  return report("lmi synth of 100 functions / of one", many / single, {
    limit: 12,
    detail: `${milliseconds(many)} against ${milliseconds(single)}`,
  });
}

/** A folder for packages, so that bundles are kept in it. */
function projectOf(folder, count) {
  const names = Array.from({ length: count }, (_, index) => `function-${index}`);
  for (const part of ["src", "node_modules"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(
    join(folder, "src", "shared.ts"),
    "export const answer = (event: unknown, from: string) => ({ statusCode: 200, from, event });\n",
  );
  for (const name of names) {
    writeFileSync(
      join(folder, "src", `${name}.ts`),
      `import { answer } from "./shared.ts";\nexport const handler = async (event: unknown) => answer(event, "${name}");\n`,
    );
  }
  const functions = Object.fromEntries(
    names.map((name) => [
      name,
      { entry: `src/${name}.ts`, minEnvironments: 1, maxEnvironments: 2 },
    ]),
  );
  const settings = { name: `of-${count}`, capacity: { maxVCpu: 1000 }, functions };
  writeFileSync(join(folder, "lmi.json"), JSON.stringify(settings));
  return folder;
}

function forgetBundles(project) {
  rmSync(join(project, "node_modules", ".cache"), { recursive: true, force: true });
}
