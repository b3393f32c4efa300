import { processUsage } from "../../runtime/process-usage.ts";
import type { Service, TargetContext } from "../../service.ts";
import { Activation } from "./activation.ts";
import { Autoscaler } from "./autoscaler.ts";
import { CapacityProviderLifecycle } from "./capacity-provider-lifecycle.ts";
import { accountOperations } from "./account-operations.ts";
import { aliasOperations } from "./alias-operations.ts";
import { EnvironmentMetrics } from "./environment-metrics.ts";
import { FunctionMetrics } from "./function-metrics.ts";
import { MappingLifecycle } from "./mapping-lifecycle.ts";
import { mappingOperations } from "./mapping-operations.ts";
import { metricWriter } from "./metric-writer.ts";
import { EnvironmentCount } from "./environment-count.ts";
import { eventInvokeOperations } from "./event-invoke-operations.ts";
import { EventQueue } from "./event-queue.ts";
import { layerOperations } from "./layer-operations.ts";
import { policyOperations } from "./policy-operations.ts";
import { tagOperations } from "./tag-operations.ts";
import { urlOperations } from "./url-operations.ts";
import { capacityProviderOperations } from "./capacity-provider-operations.ts";
import { functionChangeOperations } from "./function-change-operations.ts";
import { functionOperations } from "./function-operations.ts";
import { withFaults } from "../../faults/failing-launches.ts";
import { FunctionUrls } from "./function-url.ts";
import { launchFromEc2 } from "./instance-launch.ts";
import { invokeOperations } from "./invoke-operations.ts";
import { Routes } from "./invoke-route.ts";
import type { LambdaContext, LambdaOptions, Operations } from "./lambda-context.ts";
import { Placement } from "./placement.ts";
import { ProviderLog } from "./provider-log.ts";
import { RunningFleets } from "./running-fleets.ts";
import { scalingOperations } from "./scaling-operations.ts";
import { openLambdaStore } from "./store.ts";
import { VersionRuntime } from "./version-runtime.ts";

/** Lambda on managed instances, with functions that run for real. */
export function createLambdaService(target: TargetContext, options: LambdaOptions = {}): Service {
  const store = openLambdaStore(target.state);
  const providerLog = new ProviderLog(target);
  const placement = new Placement(target, {
    store,
    log: providerLog,
    launch: withFaults(target, options.launch ?? launchFromEc2(target)),
    vCpuLimit: options.vCpuLimit,
  });
  const runtime = options.runtime ?? new VersionRuntime(target, store, options);
  const count = new EnvironmentCount(target, { store, placement });
  const writer = metricWriter(target);
  const metrics = new FunctionMetrics(target, writer);
  const environmentMetrics = new EnvironmentMetrics(target, { store, placement, writer });
  const autoscaler = new Autoscaler(target, {
    store,
    count,
    active: options.autoscaling,
    usage: processUsage,
    onRound: (samples) => environmentMetrics.record(samples),
  });
  const fleets = new RunningFleets({ store, runtime, autoscaler });
  const activation = new Activation(target, { store, runtime, placement, count, fleets });
  const providers = new CapacityProviderLifecycle(target, { store, placement, log: providerLog });
  const closing = new AbortController();
  const lambda: LambdaContext = { target, store, activation, metrics };
  const routes = new Routes(lambda);
  const events = new EventQueue(lambda, routes, closing.signal);
  const mappings = new MappingLifecycle(lambda, routes);
  const urls = new FunctionUrls(lambda, routes);
  return {
    name: "lambda",
    operations: {
      ...keptOperations(lambda),
      ...capacityProviderOperations(lambda, providers),
      ...mappingOperations(lambda, mappings),
      ...invokeOperations(routes, events),
    },
    serveUrl: (request) => urls.serve(request),
    resume: async () => {
      providers.resume();
      activation.resume();
      events.resume();
      mappings.resume();
    },
    close: async () => {
      closing.abort();
      mappings.stop();
      await autoscaler.close();
      await Promise.all([activation.close(), providers.close()]);
      await Promise.all([events.close(), mappings.close()]);
      await Promise.all([runtime.close(), providerLog.close(), metrics.close()]);
    },
  };
}

/** Of what has no work of its own. */
function keptOperations(lambda: LambdaContext): Operations {
  return {
    ...functionOperations(lambda),
    ...functionChangeOperations(lambda),
    ...scalingOperations(lambda),
    ...urlOperations(lambda),
    ...tagOperations(lambda),
    ...policyOperations(lambda),
    ...layerOperations(lambda),
    ...eventInvokeOperations(lambda),
    ...aliasOperations(lambda),
    ...accountOperations(lambda),
  };
}
