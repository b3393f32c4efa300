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
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 84rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; overflow-wrap: anywhere }
pre { font: 13px/1.45 ui-monospace, monospace; overflow-x: auto; background: #8881; padding: 1rem }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); gap: 1rem }
figure { margin: 0; overflow-x: auto }
svg { width: 100%; min-width: 30rem; max-width: 46rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: 13px }
th, td { padding: 3px 8px; text-align: right; border-bottom: 1px solid #8884 }
td { white-space: nowrap }
</style>
<h1>${escape(title)}</h1>
<pre>${escape(summary)}</pre>
<div class="plots">
${plots.map((plot) => `<figure>${plotSvg(plot)}</figure>`).join("\n")}
</div>
<h2>Steps</h2>
<div class="wide"><table>
${cells("th", head)}
${rows.map((row) => cells("td", row)).join("\n")}
</table></div>
</html>
`;
}

function cells(tag: "th" | "td", row: readonly string[]): string {
  return `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
}
