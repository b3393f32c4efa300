// Loaded with `--import` into an execution environment of a race run, after the stand-in for the runtime client's
// native part; works in the worker threads. The function's bundle is instrumented to call what is installed here.
import { isMainThread } from "node:worker_threads";
import { Gate } from "./gate.ts";
import { apiName, instrumentApi } from "./instrument-api.ts";
import { readPlan } from "./plan.ts";
import { currentRequest } from "./request.ts";
import { Requests } from "./requests.ts";
import { setAhead } from "./set-ahead.ts";
import { tell } from "./tell.ts";
import { watchCalls } from "./watch-calls.ts";
import { CollectionWatch } from "./watch-collections.ts";
import { watchFiles } from "./watch-files.ts";
import { LeakWatch } from "./watch-leaks.ts";
import { watchOutput, watchProcess } from "./watch-process.ts";
import { SocketWatch } from "./watch-sockets.ts";
import { StateWatch } from "./watch-state.ts";

function install(): void {
  const plan = readPlan(import.meta.url);
  const names: Record<number, string> = {};
  const state = new StateWatch();
  const collections = new CollectionWatch();
  const leaks = new LeakWatch(plan.taskRoot);
  const sockets = new SocketWatch();
  const gate = new Gate({
    slowMs: plan.slowMs,
    onBlocked: (blocked) => tell({ type: "blocked", ...blocked }),
  });
  const requests = new Requests(gate, {
    ended: (request) => state.ended(request),
    answered: (request) => sockets.woke(request, request.ranAt),
    waveDone: (wave, spans) => {
      sockets.waveDone(wave);
      const holdings = leaks.holdings(plan.measuredWaves.includes(wave));
      const all = { ...holdings, collections: collections.sizes() };
      tell({ type: "wave", wave, requests: spans, holdings: all });
    },
  });
  const api = {
    ...instrumentApi({ gate, state, collections, sockets }, names),
    wrap: (handler: unknown) => requests.wrap(handler),
    names,
  };
  Object.defineProperty(globalThis, apiName, { value: api });
  if (plan.aheadMs !== undefined) setAhead(plan.aheadMs);
  const { random } = Math;
  Math.random = () => currentRequest.getStore()?.random() ?? random();
  watchProcess(plan.taskRoot, () => requests.running());
  watchFiles(plan.taskRoot);
  watchOutput(plan.taskRoot);
  watchCalls(plan);
  leaks.install();
  sockets.install();
  tell({ type: "hello" });
}

if (!isMainThread) install();
