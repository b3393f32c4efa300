import { apiName } from "../worker/instrument-api.ts";
import type { Draft } from "./instrument.ts";
import type { Placed } from "./nodes.ts";
import { dotOf, isNode } from "./nodes.ts";

/** `await x` → `await a(x)`, `x.then(f)` → `t(x).then(f)`; each turn of `for await` waits, too. */
export function holdAwaits(draft: Draft, placed: Placed): void {
  const { node } = placed;
  const { text, sites } = draft;
  if (node.type === "AwaitExpression" && placed.inFunction) {
    text.appendRight(node.start + "await".length, ` ${apiName}.a(`);
    text.prependLeft(node.end, `,${sites.at(node.start)})`);
  } else if (node.type === "ForOfStatement" && node["await"] === true && placed.inFunction) {
    const body = node["body"];
    if (!isNode(body) || body.type !== "BlockStatement") return;
    text.appendRight(body.start + 1, `await ${apiName}.a(0,${sites.at(node.start)});`);
  } else if (node.type === "CallExpression") {
    holdThen(draft, placed);
  }
}

function holdThen({ text, sites, code }: Draft, placed: Placed): void {
  const callee = placed.node["callee"];
  if (!isNode(callee) || callee.type !== "MemberExpression") return;
  const { object, property, computed, optional } = callee;
  if (!isNode(object) || !isNode(property) || property["name"] !== "then") return;
  if (object.type === "Super" || computed === true || optional === true) return;
  if (!placed.inFunction) return;
  text.appendRight(callee.start, `${apiName}.t(`);
  text.prependLeft(dotOf(code, property), `,${sites.at(property.start)})`);
}
