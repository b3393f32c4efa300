// Nothing is made in an account before somebody has said that this account is meant and has seen the price.
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";

import { clean, leftovers, listed } from "./cleaning.mjs";
import { price } from "./price.mjs";

class Refused extends Error {
  exitCode = 4;
}

/** Answers the region. Throws where it is not allowed. */
export async function permission({ place, options, project, say, ask, cli }) {
  const { Account, Arn } = await identity(place);
  const region = await place.clients.lambda.config.region();
  say(
    `Account ${Account}, region ${region}, as ${Arn}${place.endpoint ? `, at ${place.endpoint}` : ""}`,
  );
  if (options.account !== undefined && options.account !== Account)
    throw new Refused(
      `These credentials belong to account ${Account}, not to ${options.account}. Nothing was done.`,
    );
  await offerCleaning({ place, options, say, ask });
  if (options.clean) return region;
  for (const line of await price(project, cli)) say(line);
  if (options.yes) return region;
  const typed = await ask(`Type the account id to go on: `);
  if (typed === undefined)
    throw new Refused("Nobody can be asked here. Add --yes --account <id>. Nothing was done.");
  if (typed.trim() !== Account) throw new Refused("That is not the account. Nothing was done.");
  return region;
}

async function identity({ clients }) {
  try {
    return await clients.sts.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    const refused = new Refused(
      `No AWS account answers (${error.name}: ${error.message}). Without one: npm run acceptance:aws -- --local`,
    );
    refused.exitCode = 5;
    throw refused;
  }
}

/** What an earlier run that was killed has left still costs money. */
async function offerCleaning({ place, options, say, ask }) {
  const found = listed(await leftovers(place));
  if (found.length === 0) {
    if (options.clean) say("Nothing of an earlier run is there.");
    return;
  }
  say(["An earlier run has left:", ...found.map((line) => `  ${line}`)].join("\n"));
  const wanted =
    options.yes || options.clean || /^y/i.test((await ask("Delete it now? [y/N] ")) ?? "");
  if (!wanted) throw new Refused("Delete it first: npm run acceptance:aws -- --clean");
  const left = await clean(place, { folder: place.folder, say });
  if (left.length > 0) throw new Error(`Still there: ${left.join(", ")}`);
  say("All of it is deleted.");
}
