// What may be typed after `npm run acceptance:aws --`.
import { parseArgs } from "node:util";

export const usage = `npm run acceptance:aws -- [options]

Deploys, invokes, updates, breaks and destroys one Lambda Managed Instances function, first on the local target (free),
then on AWS (prints what it costs and asks), probes what no documentation says, and writes down where the two differ.

  --local               only on the local target: costs nothing, touches no account
  --region <region>     AWS region (default: AWS_REGION, the profile's region)
  --profile <name>      AWS profile
  --yes                 do not ask; needs --account, so that no wrong account is billed
  --account <id>        the account that may be used; any other is refused
  --report <folder>     where acceptance.md and acceptance.json go (default: acceptance-report)
  --against <file>      compare with the acceptance.json of an earlier run on AWS; with --local
  --clean               only delete what earlier runs have left
  --no-build            use node_modules/ and dist/ as they are
  --help
`;

/** Throws a TypeError for what it does not know. */
export function parseOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      local: { type: "boolean", default: false },
      region: { type: "string" },
      profile: { type: "string" },
      yes: { type: "boolean", default: false },
      account: { type: "string" },
      report: { type: "string", default: "acceptance-report" },
      against: { type: "string" },
      clean: { type: "boolean", default: false },
      build: { type: "boolean", default: true },
      help: { type: "boolean", default: false },
    },
    allowNegative: true,
  });
  if (values.against !== undefined && !values.local)
    throw new TypeError("--against compares a run with --local; a run on AWS is compared anyway");
  if (values.local && (values.region ?? values.profile ?? values.account) !== undefined)
    throw new TypeError("--local touches no account: leave out --region, --profile and --account");
  if (values.yes && !values.local && values.account === undefined)
    throw new TypeError("--yes needs --account <id>: the account that may be billed");
  return values;
}
