import { escape, type Plot, plotSvg } from "./plot.ts";

export interface Page {
  readonly title: string;
  /** What the command says as text. */
  readonly summary: string;
  readonly plots: readonly Plot[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One HTML file that needs nothing else: no script, no network. */
export function pageOf({ title, summary, plots, head, rows }: Page): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>
body { font: 15px/1.45 sans-serif; max-width: 1340px; margin: 2em auto; padding: 0 1em; color: #222; background: #fff }
pre { font-size: 13px; overflow-x: auto; background: #f6f6f6; padding: 1em }
table { border-collapse: collapse; font-size: 13px }
th, td { padding: 3px 10px; text-align: right; border-bottom: 1px solid #ddd }
svg { max-width: 100%; height: auto }
</style>
<h1>${escape(title)}</h1>
<pre>${escape(summary)}</pre>
${plots.map(plotSvg).join("\n")}
<h2>Steps</h2>
<div style="overflow-x: auto"><table>
${cells("th", head)}
${rows.map((row) => cells("td", row)).join("\n")}
</table></div>
</html>
`;
}

function cells(tag: "th" | "td", row: readonly string[]): string {
  return `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
}
