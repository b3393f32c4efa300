/** One entry of docs/troubleshooting.md. */
export interface Entry {
  /** `LMI_…`, a status of CloudFormation, or an error class of AWS. */
  readonly code: string;
  /** What AWS calls the same; empty where it has no word of its own. */
  readonly names: readonly string[];
  /** The heading under which it stands. */
  readonly section: string;
  /** What stands in brackets: exit codes, in a few entries with a word to each; undefined where it is no error of lmi. */
  readonly exitCodes: string | undefined;
  /** Markdown. */
  readonly text: string;
}

const named = /AWS calls it (?<names>`[^`]+`(?:(?:, (?:or )?| or )`[^`]+`)*)/;

/** Reads the entries of docs/troubleshooting.md: every `###` is one, of the `##` above it. */
export function readEntries(markdown: string): Entry[] {
  return markdown.split(/^## /m).flatMap((part) => {
    const [section = "", ...entries] = part.split(/^### /m);
    return entries.map((entry) => readEntry(entry, section.split("\n")[0] ?? ""));
  });
}

function readEntry(entry: string, section: string): Entry {
  const [code = "", ...lines] = entry.split("\n");
  const body = lines.join("\n").trim();
  const { exitCodes, text = body } = /^\[(?<exitCodes>[^\]]*\d[^\]]*)\] (?<text>[\s\S]*)$/.exec(
    body,
  )?.groups ?? { text: body };
  const list = named.exec(text)?.groups?.["names"] ?? "";
  const names = [...list.matchAll(/`(?<name>[^`]+)`/g)].flatMap(
    ({ groups }) => groups?.["name"] ?? [],
  );
  return { code, names, section, exitCodes, text };
}

/** The entry of a code, by its own name or AWS's; upper and lower case and `FunctionError.` do not matter. */
export function findEntry(word: string, entries: readonly Entry[]): Entry | undefined {
  const wanted = plain(word);
  return (
    entries.find(({ code }) => plain(code) === wanted) ??
    entries.find(({ names }) => names.some((name) => plain(name) === wanted))
  );
}

/** Every word that `findEntry` knows. */
export function knownWords(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ code, names }) => [code, ...names]);
}

function plain(word: string): string {
  return word.toLowerCase().replace(/^functionerror\./, "");
}
