import type { Distribution } from "./distribution.ts";
import { percentile } from "./distribution.ts";
import { invalidValue, notImplementedHere } from "./monitoring-errors.ts";

const simple: Readonly<Record<string, (values: Distribution) => number>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

export type Statistic = (values: Distribution) => number | undefined;

const percentilePattern = /^p(?<percent>\d{1,2}(?:\.\d{1,10})?|100)$/;
/** Trimmed and winsorized means, percentile ranks and the like (CloudWatch user guide, Statistics-definitions). */
const otherPattern = /^(?:IQM|(?:tm|wm|tc|ts)\d{1,2}(?:\.\d+)?|(?:TM|WM|PR|TC|TS)\(.*\))$/i;

export const isSimple = (name: string) => Object.hasOwn(simple, name);

/** A statistic by its name: `Average`, `p99.9`. Fails as CloudWatch does for names that it does not know. */
export function statistic(name: string, parameter: string): Statistic {
  const known = isSimple(name) ? simple[name] : undefined;
  if (known) return known;
  const percent = percentilePattern.exec(name)?.groups?.["percent"];
  if (percent !== undefined) return (values) => percentile(values, Number(percent));
  if (otherPattern.test(name)) throw notImplementedHere(`the statistic ${name}`);
  throw invalidValue(`The value ${name} for parameter ${parameter} is not supported.`);
}
