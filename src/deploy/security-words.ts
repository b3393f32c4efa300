/** An IAM statement as the toolkit library's difference renders it. */
export interface StatementWords {
  readonly resource: string;
  readonly effect: string;
  readonly action: string;
  readonly principal: string;
  readonly condition: string;
}

export interface SecurityWords {
  /** Whose permission it is: a logical id, an account, a service. */
  readonly subject: string;
  /** What it may do, for people. */
  readonly words: string;
  /** All of it, exactly. */
  readonly text: string;
}

export interface SecurityChange extends SecurityWords {
  readonly kind: "iam" | "network";
  readonly sign: "+" | "-";
}

/** With the same in other words, each more exact than those before: where `words` do not tell what changed. */
export interface ExactWords extends SecurityWords {
  readonly exact: readonly [plain: string, asInTemplate: string];
}

/** Everything that writing a function's log takes (Lambda developer guide, "Working with Lambda execution environment credentials and permissions"). */
const logActions = new Set(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]);

/** `throughUrls`: what everybody may invoke can be invoked through the function's URL alone, which statements do not tell. */
export function statementWords(statement: StatementWords, throughUrls = false): ExactWords {
  const words = statementInWords(statement, throughUrls);
  const raw = `${statement.action} on ${statement.resource}${ifAt(statement.condition)}`;
  return { ...words, exact: [words.text, raw.replaceAll(/\s*\n\s*/g, ", ")] };
}

const ifAt = (condition: string) => (condition === "" ? "" : ` if ${condition}`);

function statementInWords(statement: StatementWords, throughUrls: boolean): SecurityWords {
  const text = exactly(statement);
  const [who, what, on] = [
    plain(statement.principal),
    plain(statement.action),
    plain(statement.resource),
  ];
  const service = /^Service:(\S+)$/.exec(who)?.[1];
  const subject = whose(who);
  const only = statement.condition === "" ? "" : ` if ${inOneLine(statement.condition)}`;
  if (statement.effect !== "Allow")
    return { subject, words: `never ${what} on ${on}${only}`, text };
  if (what === "sts:AssumeRole" && service !== undefined)
    return { subject: on.replace(/\.Arn$/, ""), words: `taken by ${service}${only}`, text };
  if (only === "" && writesOwnLog(statement))
    return { subject, words: "write its own log group", text };
  const isOfUrl = throughUrls && subject === "everybody" && what === "lambda:InvokeFunction";
  const way = isOfUrl ? ", through its URL only" : only;
  return { subject, words: `${what} on ${on}${way}`, text };
}

function whose(principal: string): string {
  return /^(AWS:)?\*$/.test(principal) ? "everybody" : principal.replace(/^(AWS|Service):/, "");
}

/** JSON that the library has broken into lines, its outer braces left out. */
function inOneLine(text: string): string {
  return plain(text.replaceAll(/\s*\n\s*/g, " "));
}

/** Only log actions, and only on one log group of the same stack. */
function writesOwnLog({ action, resource }: StatementWords): boolean {
  const actions = action.split("\n");
  return actions.every((each) => logActions.has(each)) && /^\$\{\w+\.Arn\}(:\*)?$/.test(resource);
}

function exactly({ resource, effect, action, principal, condition }: StatementWords): string {
  const rule = `${plain(principal)} ${effect.toLowerCase()}s ${plain(action)} on ${plain(resource)}`;
  return condition === "" ? rule : `${rule} if ${inOneLine(condition)}`;
}

export function managedPolicyWords(identity: string, policy: string): ExactWords {
  const [who, arn] = [plain(identity), plain(policy)];
  const awsManaged = /^arn:[\w-]+:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  const words = awsManaged === undefined ? arn : `${awsManaged} (AWS managed)`;
  return { subject: who, words, text: `${who}  ${arn}`, exact: [arn, policy] };
}

/** `${OperatorRole.Arn}` and line breaks are the library's; people read names. */
export function plain(text: string): string {
  return text
    .replaceAll(/\$\{([^}]+)\}/g, "$1")
    .replaceAll(/\s*\n\s*/g, ", ")
    .replaceAll("arn:AWS::Partition:", "arn:aws:");
}
