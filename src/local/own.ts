/**
 * What a record itself holds under a key that came from outside. A plain look-up would also find what every object
 * inherits: `constructor` and `toString` are good names for resources, parameters and tokens.
 */
export function own<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
