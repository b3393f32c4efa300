import { clientSettings, type Environment } from "./client-settings.ts";
import { explained } from "./explain.ts";
import type { AwsTarget } from "./target.ts";

/** Where bootstrapping writes its version, for the standard qualifier (AWS CDK developer guide, "Bootstrapping"). */
const bootstrapParameter = "/cdk-bootstrap/hnb659fds/version";

/** The version of the bootstrap stack in this account and region; undefined where there is none. */
export async function readBootstrapVersion(
  target: AwsTarget,
  environment: Environment,
): Promise<number | undefined> {
  const [{ SSMClient, GetParameterCommand }, settings] = await Promise.all([
    import("./sdk/ssm.ts"),
    clientSettings(target, environment),
  ]);
  const client = new SSMClient(settings);
  return explained(target, async () => {
    try {
      const { Parameter } = await client.send(
        new GetParameterCommand({ Name: bootstrapParameter }),
      );
      const version = Number(Parameter?.Value);
      return Number.isInteger(version) ? version : undefined;
    } catch (error) {
      if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
      throw error;
    } finally {
      client.destroy();
    }
  });
}
