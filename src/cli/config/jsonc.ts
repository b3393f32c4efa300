import { parse, type ParseError, printParseErrorCode, visit } from "jsonc-parser";
import { ExitCode, LmiError } from "../../errors.ts";

/** JSON with comments and trailing commas. Fails with LMI_CONFIG_SYNTAX at line and column, also of a key that comes twice or is `__proto__`. */
export function parseJsonc(text: string, shownName: string): unknown {
  const errors: ParseError[] = [];
  const content: unknown = parse(text, errors, {
    allowTrailingComma: true,
    disallowComments: false,
  });
  const [first] = errors;
  if (first) throw wrong(text, shownName, first.offset, `is not valid JSON: ${explain(first)}`);
  refuseKeys(text, shownName);
  return content;
}

/**
 * JSON takes the last of several equal keys in silence; here one of them is a mistake, and nobody knows which. What stands
 * under `__proto__` would be lost as well: it is no key of the object that is read.
 */
function refuseKeys(text: string, shownName: string): void {
  const objects: Map<string, number>[] = [];
  visit(text, {
    onObjectBegin: () => void objects.push(new Map()),
    onObjectEnd: () => void objects.pop(),
    onObjectProperty: (key, offset, _length, line) => {
      if (key === "__proto__")
        throw wrong(text, shownName, offset, `has the key "${key}", which is lost`);
      const keys = objects.at(-1);
      const earlier = keys?.get(key);
      if (earlier !== undefined) {
        const what = `has the key "${key}" a second time: the first is in line ${earlier}`;
        throw wrong(text, shownName, offset, what);
      }
      keys?.set(key, line + 1);
    },
  });
}

function wrong(text: string, shownName: string, offset: number, what: string): LmiError {
  const before = text.slice(0, offset).split("\n");
  const line = before.length;
  const column = (before.at(-1) ?? "").length + 1;
  const source = text.split("\n")[line - 1] ?? "";
  return new LmiError("LMI_CONFIG_SYNTAX", `${shownName}:${line}:${column} ${what}`, {
    why: `${source.replaceAll("\t", " ").trimEnd()}\n${" ".repeat(column - 1)}^`,
    exitCode: ExitCode.usage,
    details: { file: shownName, line, column },
  });
}

const explanations: Readonly<Record<string, string>> = {
  InvalidSymbol: "this is no JSON value",
  InvalidNumberFormat: "this is no JSON number",
  PropertyNameExpected: "a key in double quotes is expected",
  ValueExpected: "a value is expected",
  ColonExpected: "a colon is expected",
  CommaExpected: "a comma is expected",
  CloseBraceExpected: "a closing } is expected",
  CloseBracketExpected: "a closing ] is expected",
  EndOfFileExpected: "nothing may follow here",
  UnexpectedEndOfComment: "the comment does not end",
  UnexpectedEndOfString: "the text does not end",
  UnexpectedEndOfNumber: "the number does not end",
  InvalidEscapeCharacter: "this escape is unknown",
  InvalidUnicode: "this \\u escape is incomplete",
  InvalidCharacter: "this character is not allowed here",
};

function explain(error: ParseError): string {
  const code = printParseErrorCode(error.error);
  return explanations[code] ?? code;
}
