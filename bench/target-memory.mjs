// Loaded with --import into the local target that the benchmark starts: tells its processor time (ms) and its
// memory (bytes, garbage left out) when asked.
import process from "node:process";

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  const cpu = (user + system) / 1000;
  for (let round = 0; round < 3; round += 1) globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send({ live: heapUsed + external, rss, cpu });
});
// The channel alone keeps nothing running.
process.channel?.unref();
