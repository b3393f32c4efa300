import { parse, type ParseError, printParseErrorCode } from "jsonc-parser";
import { ExitCode, LmiError } from "../../errors.ts";

/** JSON with comments and trailing commas. Fails with LMI_CONFIG_SYNTAX at line and column. */
export function parseJsonc(text: string, shownName: string): unknown {
  const errors: ParseError[] = [];
  const content: unknown = parse(text, errors, {
    allowTrailingComma: true,
    disallowComments: false,
  });
  const [first] = errors;
  if (!first) return content;
  const before = text.slice(0, first.offset).split("\n");
  const line = before.length;
  const column = (before.at(-1) ?? "").length + 1;
  const source = text.split("\n")[line - 1] ?? "";
  throw new LmiError(
    "LMI_CONFIG_SYNTAX",
    `${shownName}:${line}:${column} is not valid JSON: ${explain(first)}`,
    {
      why: `${source.replaceAll("\t", " ").trimEnd()}\n${" ".repeat(column - 1)}^`,
      exitCode: ExitCode.usage,
      details: { file: shownName, line, column },
    },
  );
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
