// The claim about code changes: `lmi push` against `cdk deploy`, every call to AWS taking 50 ms longer. cdk gets ready-made
// assemblies, so that it neither compiles nor synthesises; lmi bundles, synthesises and compares as it always does.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { median, report, time } from "./measure.mjs";

export async function push({ lmi, cdk, folder, project, rounds, endpoint }) {
  const file = join(project, "src", "handler.ts");
  const source = readFileSync(file, "utf8");
  const write = (words) => writeFileSync(file, source.replace("Hello from", words));
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "lmi-local",
    AWS_SECRET_ACCESS_KEY: "lmi-local",
    AWS_REGION: "us-east-1",
  };
  const assemblies = [];
  for (const words of ["One from", "Two from"]) {
    write(words);
    const made = join(folder, `push.${assemblies.length}`);
    await time(lmi("synth", "--output", made));
    // cdk writes into what it deploys.
    const theirs = `${made}.cdk`;
    mkdirSync(theirs);
    cpSync(made, theirs, { recursive: true });
    const given = ["deploy", "--app", theirs, "--require-approval", "never"];
    assemblies.push(cdk(given, environment));
  }
  await time(lmi("local", "fault", "add", "slow", "--delay", "50ms"));
  const times = { ours: [], theirs: [] };
  try {
    // The first round of each warms up.
    for (let round = 0; round <= Math.min(rounds, 5); round += 1) {
      write(`Pushed ${round}`);
      times.ours.push(await time(lmi("push", "--local")));
      times.theirs.push(await time(assemblies[round % 2]));
    }
  } finally {
    await time(lmi("local", "fault", "clear"));
    writeFileSync(file, source);
    await time(lmi("deploy", "--local", "--yes"));
  }
  const [ours, theirs] = [median(times.ours.slice(1)), median(times.theirs.slice(1))];
  return report("lmi push / cdk deploy of a code change, 50 ms away", ours / theirs, {
    limit: 1 / 4,
    detail: `${ours.toFixed(0)} ms against ${theirs.toFixed(0)} ms`,
  });
}
