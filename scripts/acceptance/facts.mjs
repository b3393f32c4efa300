// What was observed: named facts, comparable between two runs because everything random is taken out of them.

const replacements = [
  [/arn:aws[\w-]*:/g, "arn:aws:"],
  [/\b\d{12}\b/g, "<account>"],
  [/\b[a-z]{2}(-gov)?-[a-z]+-\d[a-z]?\b/g, "<region>"],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>"],
  [/\b(i|eni|vpc|subnet|sg)-[0-9a-f]{8,17}\b/g, "<$1>"],
  // The end of a name that CloudFormation made.
  [/-([A-Z]\w+)-[A-Z0-9a-z]{12}\b/g, "-$1-<random>"],
];

/** A value in which names, ids, accounts and regions of one run are placeholders. */
export function normalised(value, token) {
  if (typeof value === "string") {
    const text = token ? value.replaceAll(token, "<token>") : value;
    return replacements.reduce((left, [pattern, word]) => left.replace(pattern, word), text);
  }
  if (Array.isArray(value)) return value.map((item) => normalised(item, token));
  if (value && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, normalised(item, token)]),
    );
  return value;
}

export function createFacts(token) {
  const facts = new Map();
  const times = new Map();
  return {
    /** `documented`: what AWS says about it, with the source; nothing where nothing is known. */
    record: (id, value, documented) =>
      facts.set(id, {
        value: normalised(value ?? null, token),
        ...(documented === undefined ? {} : { documented }),
      }),
    time: (id, seconds) => times.set(id, Number(seconds.toFixed(1))),
    get: (id) => facts.get(id)?.value,
    toJSON: () => ({ facts: Object.fromEntries(facts), seconds: Object.fromEntries(times) }),
  };
}

/** What a call answered, as a fact: which error with which words, or that it was accepted. */
export async function attempt(call) {
  try {
    return { accepted: true, output: await call() };
  } catch (error) {
    return {
      accepted: false,
      error: error.name,
      status: error.$metadata?.httpStatusCode,
      message: error.message,
      ...(error.Reason === undefined ? {} : { reason: error.Reason }),
      ...(error.Type === undefined ? {} : { type: error.Type }),
    };
  }
}

/** Without the output of an accepted call, which is told fact by fact. */
export function verdict(answer) {
  const { output, ...rest } = answer;
  return output === undefined ? answer : rest;
}

/** One row for each fact of either run, differences first. */
export function compare(local, aws) {
  const ids = [...new Set([...Object.keys(local), ...Object.keys(aws)])];
  const rows = ids.map((id) => {
    const [here, there] = [local[id], aws[id]];
    const known = here !== undefined && there !== undefined;
    const same = known && JSON.stringify(here.value) === JSON.stringify(there.value);
    return {
      id,
      documented: here?.documented ?? there?.documented,
      local: here?.value,
      aws: there?.value,
      result: known ? (same ? "same" : "different") : "only one",
    };
  });
  const rank = { different: 0, "only one": 1, same: 2 };
  return rows.toSorted((one, other) => rank[one.result] - rank[other.result]);
}
