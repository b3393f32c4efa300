// What `lmi race` takes on the reference function, against the local target that serves the same requests.
import { invokeLoad } from "./invoke-load.mjs";
import { median, report, time } from "./measure.mjs";
import { reference } from "./reference-request.mjs";

/** The reference function's project has one event, which race makes two copies of. */
const events = 3;
const repeat = 334;
const requests = events * repeat;
const inFlight = 64;

/** The whole command, bundling and the runs alone included, beside serving alone. */
export async function raceClaim({ lmi, endpoint, rounds }) {
  const times = { race: [], serve: [] };
  for (let round = 0; round < Math.min(rounds, 5); round += 1) {
    times.race.push(
      await time(
        lmi("race", "--seed", "7311", "--repeat", `${repeat}`, "--concurrency", `${inFlight}`),
      ),
    );
    const rate = await invokeLoad({ endpoint, ...reference, inFlight, requests });
    times.serve.push((requests / rate) * 1000);
  }
  const [race, serve] = [median(times.race), median(times.serve)];
  return report(`lmi race, ${requests} requests at ${inFlight} / serving them`, race / serve, {
    limit: 20,
    detail: `${race.toFixed(0)} ms against ${serve.toFixed(0)} ms`,
  });
}
