import { deployedFunctionName } from "../../../synth/names.ts";
import { environmentVCpus } from "../../../synth/environments.ts";
import { concurrencyPerVCpu } from "../../../synth/runtimes.ts";
import type { FunctionSettings, Settings } from "../../../synth/settings.ts";
import { awsExports } from "../../aws-exports.ts";
import type { StackOutputs } from "./bring-stack.ts";

export interface Ready {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly region: string;
  readonly settings: Settings;
  readonly outputs: StackOutputs;
  /** Where debuggers come in, by function. */
  readonly debugPorts: ReadonlyMap<string, number>;
}

/** What a person needs to know, and to copy, when functions answer. */
export function readyText(ready: Ready): string[] {
  const { endpoint, region, settings, outputs, debugPorts } = ready;
  const { environment } = settings;
  const functions = Object.entries(settings.functions).map(([key, own]) => {
    const name = deployedFunctionName(key, environment);
    const port = debugPorts.get(name);
    const debug = port === undefined ? "" : ` · debugger at 127.0.0.1:${port}`;
    return `  ${name}  ${aboutFunction(own)}${debug}`;
  });
  const urls = urlsOf(outputs).map(([key, url]) => `  ${key}  ${url}`);
  const several = functions.length > 1 ? " <function>" : "";
  const flags = environment === undefined ? "" : ` --env ${environment}`;
  return [
    `${settings.name} answers at ${endpoint} · ${region} · Ctrl-C ends it`,
    ...functions,
    ...urls,
    `Invoke it from another terminal: lmi invoke${several} --local${flags} --payload '{}'`,
    "AWS CLI and SDKs find it with:",
    ...awsExports(ready).map((line) => `  ${line}`),
  ];
}

/** The same for machines. */
export function readyData(ready: Ready): Readonly<Record<string, unknown>> {
  const { endpoint, region, settings, outputs, debugPorts } = ready;
  return {
    endpoint,
    region,
    functions: Object.entries(settings.functions).map(([key, own]) => {
      const name = deployedFunctionName(key, settings.environment);
      return {
        name,
        runtime: own.runtime,
        memory: own.memory,
        timeout: own.timeout,
        concurrency: concurrencyOf(own),
        debugPort: debugPorts.get(name) ?? null,
      };
    }),
    urls: Object.fromEntries(urlsOf(outputs)),
    outputs,
  };
}

function aboutFunction(own: FunctionSettings): string {
  return `${own.runtime} · ${own.memory} MB · ${concurrencyOf(own)} at once · ${own.timeout} s`;
}

/** Requests that one environment takes at once. */
function concurrencyOf(own: FunctionSettings): number {
  const { concurrency, runtime } = own;
  return concurrency ?? Math.floor(concurrencyPerVCpu(runtime) * environmentVCpus(own));
}

function urlsOf(outputs: StackOutputs): [key: string, url: string][] {
  return Object.entries(outputs).filter(([, value]) => /^https?:\/\//.test(value));
}
