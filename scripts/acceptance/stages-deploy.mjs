// From nothing to a function that answers, and what can be seen of it.
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import {
  GetCapacityProviderCommand,
  GetFunctionConfigurationCommand,
  GetFunctionScalingConfigCommand,
  ListFunctionVersionsByCapacityProviderCommand,
} from "@aws-sdk/client-lambda";

import { functionName, stackName } from "./project.mjs";
import { sorted, succeed } from "./steps.mjs";

export async function synth(context) {
  const { stdout } = await succeed(context, ["synth"]);
  const template = JSON.parse(stdout);
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  context.facts.record("synth.types", sorted(new Set(types)));
}

export async function deploy(context) {
  const file = "outputs.json";
  const { code } = await succeed(context, ["deploy", "--yes", "--outputs-file", file]);
  context.facts.record("deploy.exitCode", code);
  const { stdout } = await succeed(context, ["status", "--json"], { quiet: true });
  context.status = JSON.parse(stdout);
  context.provider = context.status.capacityProvider?.name;
}

export async function status(context) {
  const { stack, capacityProvider, functions } = context.status;
  const { facts } = context;
  facts.record("status.stack", stack.status, "CREATE_COMPLETE");
  facts.record(
    "status.provider",
    capacityProvider.state,
    "Active (API reference, GetCapacityProvider)",
  );
  const published = functions[0]?.published ?? {};
  facts.record("status.version", published.version, "$LATEST.PUBLISHED");
  facts.record("status.state", [published.state, published.lastUpdateStatus]);
}

/** Which members a response has, and the short words among them. */
const shape = (value) =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => key !== "$metadata" && item !== undefined)
      .map(([key, item]) => [
        key,
        item && typeof item === "object" ? sorted(Object.keys(item)) : typeof item,
      ])
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

export async function describe(context) {
  const { clients } = context.place;
  const { facts, token } = context;
  const FunctionName = functionName(token);
  for (const [id, Qualifier] of Object.entries({
    latest: "$LATEST",
    published: "$LATEST.PUBLISHED",
  })) {
    const found = await clients.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName, Qualifier }),
    );
    facts.record(`function.${id}.state`, [found.State, found.LastUpdateStatus]);
    facts.record(`function.${id}.members`, shape(found));
    facts.record(`function.${id}.config`, found.CapacityProviderConfig);
  }
  const scaling = await clients.lambda.send(
    new GetFunctionScalingConfigCommand({ FunctionName, Qualifier: "$LATEST.PUBLISHED" }),
  );
  facts.record("scaling.default", [
    scaling.RequestedFunctionScalingConfig,
    scaling.AppliedFunctionScalingConfig,
  ]);
  const { CapacityProvider } = await clients.lambda.send(
    new GetCapacityProviderCommand({ CapacityProviderName: context.provider }),
  );
  context.capacityProvider = CapacityProvider;
  facts.record("provider.members", shape(CapacityProvider));
  facts.record("provider.scaling", CapacityProvider.CapacityProviderScalingConfig);
  const { FunctionVersions } = await clients.lambda.send(
    new ListFunctionVersionsByCapacityProviderCommand({ CapacityProviderName: context.provider }),
  );
  facts.record(
    "provider.versions",
    sorted(FunctionVersions.map(({ FunctionArn, State }) => [FunctionArn, State])),
  );
  facts.record("provider.instances", await instances(context));
}

/** Those that Lambda started for the provider, without their ids. */
export async function instances(context) {
  const { Reservations = [] } = await context.place.clients.ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        {
          Name: "tag:aws:lambda:capacity-provider",
          Values: [context.capacityProvider.CapacityProviderArn],
        },
        {
          Name: "instance-state-name",
          Values: ["pending", "running", "stopping", "shutting-down"],
        },
      ],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances).map((instance) => ({
    type: instance.InstanceType,
    operator: instance.Operator,
    tags: sorted((instance.Tags ?? []).map(({ Key }) => Key)),
  }));
}

export const stackOf = (context) => stackName(context.token);
