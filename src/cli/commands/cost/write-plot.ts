import { writeFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";
import { escape, plotSvg } from "./plot.ts";
import { type CostReport, renderReport } from "./report.ts";
import { pageNotWritable } from "../../page-not-writable.ts";
import { makeFolder, shared } from "../../../local/make-folder.ts";

/** @returns the file that was written */
export async function writePlot(
  name: string,
  report: CostReport,
  functionKey: string,
  cwd: string,
): Promise<string> {
  const file = resolve(cwd, name);
  const title = `${functionKey}: requests of ${report.breakEven.durationMs} ms`;
  const svg = plotSvg(report.breakEven, title);
  const content = extname(file) === ".svg" ? svg : page(title, svg, renderReport(report));
  if (![".svg", ".html"].includes(extname(file))) throw otherEnding(name);
  try {
    makeFolder(dirname(file), shared);
    await writeFile(file, `${content}\n`);
    return file;
  } catch (error) {
    throw pageNotWritable("plot", file, error, "Another place: --plot <file>");
  }
}

function page(title: string, svg: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; overflow-wrap: anywhere }
figure { margin: 1rem 0; overflow-x: auto }
svg { width: 100%; height: auto; min-width: 30rem; max-width: 46rem }
pre { font: 13px/1.4 ui-monospace, monospace; background: #8881; padding: 1rem; overflow-x: auto }
@media (min-width: 46rem) { pre { white-space: pre-wrap } }
</style>
<h1>${escape(title)}</h1>
<figure>${svg}</figure>
<pre>${escape(text)}</pre>
</html>`;
}

function otherEnding(name: string): LmiError {
  return new LmiError("LMI_USAGE", `--plot ${name} is neither .svg nor .html.`, {
    next: "Name a file with one of these endings",
    exitCode: ExitCode.usage,
  });
}
