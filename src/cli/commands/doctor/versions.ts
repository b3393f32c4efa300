/** `2.1148.1` of any text that has a version in it; undefined where there is none. */
export function versionIn(text: string): string | undefined {
  return /\d+\.\d+\.\d+/.exec(text)?.[0];
}

/** Whether a version is older than another one, by its three numbers. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [version, than].map((each) => each.split(".").map(Number));
  for (let index = 0; index < 3; index += 1) {
    const [own = 0, wanted = 0] = [one?.[index], other?.[index]];
    if (own !== wanted) return own < wanted;
  }
  return false;
}
