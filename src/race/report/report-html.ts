import type { Finding, Place } from "../finding.ts";
import { escapeHtml } from "./escape-html.ts";
import type { Lane } from "./timeline.ts";
import { timelineSvg } from "./timeline-svg.ts";

export interface Report {
  /** What was run, in one line. */
  readonly headline: string;
  readonly findings: readonly (Finding & { readonly timeline: readonly Lane[] })[];
  /** What was not looked at, a line each. */
  readonly untold?: readonly string[];
  /** The command that repeats a finding. */
  readonly repeat: (finding: Finding) => string;
}

/** The findings as a page of its own: no script, nothing loaded from anywhere. */
export function reportHtml({ headline, findings, untold = [], repeat }: Report): string {
  const counted = findings.filter(({ verdict }) => verdict === "unsafe").length;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>lmi race: ${counted} ${counted === 1 ? "finding" : "findings"}</title>
<style>${style}</style>
<h1>${counted} ${counted === 1 ? "finding" : "findings"}</h1>
<p>${escapeHtml(headline)}</p>
${untold.map((line) => `<p><b>${escapeHtml(line)}</b></p>`).join("\n")}
${findings.map((finding) => section(finding, repeat(finding))).join("\n")}
</html>
`;
}

function section(finding: Report["findings"][number], repeat: string): string {
  const { verdict, what, why, mend, place, further = [], evidence, timeline, by } = finding;
  const places = [...(place ? [place] : []), ...further];
  return `<section class="${verdict}">
<h2>${verdict === "unsafe" ? "✗" : "?"} ${escapeHtml(what)}</h2>
<p class="kind">${finding.kind} · ${verdict}, seen ${by === "run" ? "while running" : "in the source"}</p>
${places.length > 0 ? `<ul class="places">${places.map(placeItem).join("")}</ul>` : ""}
${evidence.length > 0 ? `<pre>${evidence.map(escapeHtml).join("\n")}</pre>` : ""}
${timeline.length > 0 ? `<figure>${timelineSvg(timeline)}<figcaption>Requests of one worker at the same time; a pale part waits at an await, and its place shows under the pointer. Those that show the finding are red, their names bold.</figcaption></figure>` : ""}
<p>${escapeHtml(why)}</p>
<p><b>Mend:</b> ${escapeHtml(mend)}</p>
${timeline.length > 0 ? `<p>Repeat: <code>${escapeHtml(repeat)}</code></p>` : ""}
</section>`;
}

function placeItem({ file, line, text = "" }: Place): string {
  return `<li><code>${escapeHtml(`${file}:${line}`)}</code> <code class="text">${escapeHtml(text)}</code></li>`;
}

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-bottom: 0; }
section { border-left: 4px solid #c33; padding: 0 1rem; margin: 2rem 0; }
section.suspicious { border-color: #b80; }
.kind { opacity: .7; margin-top: 0; }
pre, code { font: 13px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; background: #8881; padding: .5rem; }
.places { list-style: none; padding: 0; } .text { opacity: .7; }
figure { margin: 1rem 0; overflow-x: auto; } figcaption { font-size: 13px; opacity: .7; }
svg { font: 12px ui-monospace, monospace; } svg text { fill: currentColor; } .axis { opacity: .7; font-size: 11px; }
.tick { stroke: #8884; } .run { fill: #8ac; } .run.shown { fill: #c33; } .held { fill: Canvas; opacity: .65; } .shows { font-weight: bold; }
`.trim();
