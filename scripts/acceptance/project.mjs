// The project that is deployed: `lmi init`'s, with names that can be told from everybody else's and a handler that obeys.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What everything of every run begins with: stacks, functions, providers, log groups. */
export const prefix = "lmi-acceptance-";
export const tag = "lmi-acceptance";

/** Requests that one environment serves at once: few, so that three environments are soon saturated. */
export const concurrency = 2;
/** Environments that AWS starts where nothing is said (developer guide, lambda-managed-instances-execution-environment). */
export const environments = 3;

/** Month to minute, and something random; short, since CloudFormation cuts the names that it makes at 64 characters. */
export function newToken(now = new Date(), random = Math.random) {
  const time = now.toISOString().slice(5, 16).replaceAll(/\D/g, "");
  return `${time}-${Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, "0")}`;
}

/** The project's name; its stack is `lmi-` and this, and so begins with `prefix`. */
export const projectName = (token) => `acceptance-${token}`;
export const stackName = (token) => `${prefix}${token}`;
export const functionName = (token) => `${prefix}${token}`;

export function settings(token) {
  return {
    name: projectName(token),
    network: { azs: 1, egress: "nat" },
    capacity: { architecture: "x86_64", maxVCpu: 30 },
    functions: {
      [functionName(token)]: {
        entry: "src/handler.js",
        runtime: "nodejs24.x",
        memory: 2048,
        concurrency,
        timeout: 60,
      },
    },
    tags: { [tag]: token },
  };
}

export function handlerSource(word) {
  const loading =
    word === "broken" ? 'throw new Error("acceptance: broken while it is loaded");\n' : "";
  return `${loading}export const handler = async (event) => {
  if (event.sleep) await new Promise((done) => setTimeout(done, event.sleep));
  if (event.fail) throw new Error("acceptance: asked to fail");
  console.info("acceptance: answering");
  return { word: "${word}", event };
};
`;
}

export function writeHandler(folder, word) {
  writeFileSync(join(folder, "src", "handler.js"), handlerSource(word));
}

/** Gives the project of `lmi init` the names of this run. */
export function adaptProject(folder, token) {
  const file = join(folder, "lmi.json");
  const { $schema } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ $schema, ...settings(token) }, null, 2));
  writeHandler(folder, "first");
}
