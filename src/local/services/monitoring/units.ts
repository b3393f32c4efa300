/** botocore service model: StandardUnit. */
const sizes = ["Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"];
const bits = ["Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"];
const rates = [...sizes, ...bits, "Count"].map((unit) => `${unit}/Second`);

export const units: ReadonlySet<string> = new Set([
  "Seconds",
  "Microseconds",
  "Milliseconds",
  ...sizes,
  ...bits,
  "Percent",
  "Count",
  ...rates,
  "None",
]);
