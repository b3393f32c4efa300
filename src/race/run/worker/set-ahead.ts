/** Makes Date tell another time from here on. @param milliseconds by which it is ahead */
export function setAhead(milliseconds: number): void {
  const { Date } = globalThis;
  const now = () => Date.now() + milliseconds;
  const ahead = new Proxy(Date, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
    apply: () => new Date(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
  Object.defineProperty(Date.prototype, "constructor", { value: ahead, configurable: true });
  globalThis.Date = ahead;
}
