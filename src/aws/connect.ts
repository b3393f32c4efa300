import { createAssets } from "./assets.ts";
import { createCapacityProviders } from "./capacity-providers.ts";
import { createChangeSets } from "./change-sets.ts";
import type { Environment } from "./client-settings.ts";
import { createCode } from "./code.ts";
import { createConnection, once } from "./connection.ts";
import { cloudFormationClient } from "./cloudformation-client.ts";
import { createCredentials, stsClient } from "./credentials.ts";
import { createDrifts } from "./drifts.ts";
import { createEgress } from "./egress.ts";
import { ec2Client } from "./ec2-client.ts";
import { createFunctions } from "./functions.ts";
import { createIdentity } from "./identity.ts";
import { createInstances } from "./instances.ts";
import { createKeptCodes } from "./kept-codes.ts";
import { createInventory } from "./inventory.ts";
import { createInvocationRoutes } from "./invocation-routes.ts";
import { lambdaClient } from "./lambda-client.ts";
import { createLogGroups } from "./log-groups.ts";
import { createLogTimeline } from "./log-timeline.ts";
import { logsClient } from "./logs-client.ts";
import { createLogs } from "./logs.ts";
import { createMetrics } from "./metrics.ts";
import type { Aws } from "./ports.ts";
import { createNetworkInterfaces } from "./network-interfaces.ts";
import { createNetworks } from "./networks.ts";
import { createPriceLists } from "./price-lists.ts";
import { createScaling } from "./scaling.ts";
import { createQuotas } from "./quotas.ts";
import { createRoles } from "./roles.ts";
import { createServerClock } from "./server-clock.ts";
import { createStackRemovals } from "./stack-removals.ts";
import { createRunningVersions } from "./running-versions.ts";
import { createStacks } from "./stacks.ts";
import type { AwsTarget } from "./target.ts";
import { createVersions } from "./versions.ts";
import { createZones } from "./zones.ts";

/**
 * All ports for one target. Nothing is loaded or connected before a port's first call.
 * @param environment for proxies and certificates: HTTPS_PROXY, NO_PROXY, AWS_CA_BUNDLE
 */
export function connectAws(target: AwsTarget, environment: Environment): Aws {
  const connection = createConnection(target, environment);
  const lambda = once(() => lambdaClient(connection));
  const cloudFormation = once(() => cloudFormationClient(connection));
  const ec2 = once(() => ec2Client(connection));
  const logs = once(() => logsClient(connection));
  const sts = once(() => stsClient(connection));
  return {
    target,
    metrics: createMetrics(connection),
    runningVersions: createRunningVersions(connection, lambda),
    inventory: createInventory(connection, { cloudFormation, ec2, lambda }),
    identity: createIdentity(target, sts),
    credentials: createCredentials(sts),
    functions: createFunctions(connection, lambda),
    invocationRoutes: createInvocationRoutes(connection, lambda, environment),
    code: createCode(connection, lambda),
    keptCodes: createKeptCodes(connection),
    assets: createAssets(connection),
    capacityProviders: createCapacityProviders(connection, lambda),
    instances: createInstances(connection, ec2),
    networks: createNetworks(connection, ec2),
    networkInterfaces: createNetworkInterfaces(connection, ec2),
    priceLists: createPriceLists(connection),
    changeSets: createChangeSets(connection, cloudFormation),
    drifts: createDrifts(connection, cloudFormation),
    scaling: createScaling(connection, lambda),
    egress: createEgress(connection, ec2),
    quotas: createQuotas(connection, ec2, lambda),
    roles: createRoles(connection),
    serverClock: createServerClock(connection),
    zones: createZones(connection, ec2),
    stacks: createStacks(connection, cloudFormation),
    stackRemovals: createStackRemovals(connection, cloudFormation),
    versions: createVersions(connection, lambda),
    logs: createLogs(target, logs),
    logGroups: createLogGroups(target, logs),
    logTimeline: createLogTimeline(target, logs),
  };
}
