// What a run costs, said before it starts.

/** Minutes that a run takes on AWS: an estimate, since nobody has measured one (deploys, a rollback, scaling, deletion). */
const expectedMinutes = 75;
/** After this long at the cap of vCPUs somebody should have looked. */
const worstHours = 3;

const dollars = (amount) => `$${amount.toFixed(2)}`;

/** Lines for a person; prices are those that `lmi deploy` shows. */
export async function price(project, cli) {
  const { loadSettings } = await cli("cli/config/load-settings.js");
  const { monthlyCost } = await cli("synth/cost/monthly-cost.js");
  const { hoursPerMonth } = await cli("synth/cost/prices.js");
  const { settings } = await loadSettings({ cwd: project, env: {} });
  const cost = monthlyCost(settings);
  const hourly = (monthly) => monthly / hoursPerMonth;
  const expected = hourly(cost.minimum) * (expectedMinutes / 60);
  return [
    `It takes about ${expectedMinutes} minutes and costs about ${dollars(expected)}:`,
    ...cost.items.map(({ label, monthly }) => `  ${label}: ${dollars(hourly(monthly))} an hour`),
    `At most about ${dollars(hourly(cost.cap) * worstHours)}, if Lambda scales to ${cost.capVCpus} vCPUs and ${worstHours} hours pass.`,
    "Requests, logs and the traffic of the NAT gateway are a few cents. Probes are not published and cost nothing.",
    "Where account and region have no CDK bootstrap (stack CDKToolkit), it is made and stays.",
    ...cost.notes.map((note) => `  ${note}`),
  ];
}
