import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";

import { DevProject, until } from "./dev-project.ts";
import { Inspector } from "./inspector.ts";

const stopping = `
export const handler = async () => {
  debugger;
  return "went on";
};
`;

test("a debugger stops workers for longer than the timeout, and finds new code at the same port", async () => {
  const project = await DevProject.create({ "src/handler.ts": stopping });
  await project.writeSettings({ functions: { hello: { entry: "src/handler.ts", timeout: 1 } } });
  const dev = project.start({ inspect: 0 });
  await dev.ready();
  const debugPort = dev.debugPort();

  const inspector = await Inspector.attach(debugPort);
  await inspector.send("NodeWorker.enable", { waitForDebuggerOnStart: false });
  await until(() => expect(inspector.workers).toBeGreaterThanOrEqual(2));
  await inspector.sendToWorkers("Debugger.enable");
  const scripts = () => JSON.stringify(inspector.ofWorkers("Debugger.scriptParsed"));
  await until(() => expect(scripts()).toContain("handler.mjs"));

  const answer = dev.invoke();
  await until(() => expect(inspector.ofWorkers("Debugger.paused")).toHaveLength(1));
  await pause(1500);
  await inspector.sendToWorkers("Debugger.resume");
  expect(await answer).toBe("went on");
  inspector.close();

  await project.write("src/handler.ts", 'export const handler = async () => "new";\n');
  await until(() => expect(dev.told("reloaded")).toHaveLength(1));
  expect(await dev.invoke()).toBe("new");
  const again = await Inspector.attach(debugPort);
  again.close();
  // The inspector's own lines are none of the function's.
  expect(dev.reporter.stdout).not.toMatch(/debugger/i);
});

test("without a debugger requests time out as always", async () => {
  const hanging = "export const handler = () => new Promise((r) => setTimeout(r, 60_000));\n";
  const project = await DevProject.create({ "src/handler.ts": hanging });
  await project.writeSettings({ functions: { hello: { entry: "src/handler.ts", timeout: 1 } } });
  const dev = project.start({ inspect: 0 });
  await expect(dev.invoke()).resolves.toMatchObject({ errorType: "Sandbox.Timedout" });
});
