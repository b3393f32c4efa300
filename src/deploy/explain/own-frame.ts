/** The line of a stack that is the user's own: neither Node's, nor the runtime's, nor a package's. */
export function ownFrame(stack: readonly string[]): string | undefined {
  const own = stack.filter(
    (line) =>
      !/node:|\/var\/(?:runtime|lang)\/|runtime\/nodejs\/|node_modules|site-packages/.test(line),
  );
  const node = own.find((line) => /^\s*at /.test(line));
  if (node !== undefined) return placed(/(?<place>[^\s()]+:\d+:\d+)\)?$/.exec(node.trim()));
  // Python tells the innermost frame last.
  const python = own.findLast((line) => /^\s*File "/.test(line));
  const { file, line } =
    /File "(?<file>[^"]+)", line (?<line>\d+)/.exec(python ?? "")?.groups ?? {};
  return file === undefined ? undefined : withoutFolder(`${file}:${line}`);
}

function placed(found: RegExpExecArray | null): string | undefined {
  const place = found?.groups?.["place"];
  return place === undefined ? undefined : withoutFolder(place);
}

function withoutFolder(place: string): string {
  return place.replace(/^(?:file:\/\/)?(?:\/var\/task\/|.*\/lambda\/code\/[^/]+\/)/, "");
}
