// Loaded with --import: appends the process's peak memory, in MB, to the file that LMI_BENCH_MEMORY names.
import { appendFileSync } from "node:fs";
import process from "node:process";

process.on("exit", () =>
  appendFileSync(process.env.LMI_BENCH_MEMORY, `${process.resourceUsage().maxRSS / 1024}\n`),
);
