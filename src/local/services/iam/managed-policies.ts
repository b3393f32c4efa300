/**
 * AWS managed policies with their paths, as IAM lists them (AWS managed policy reference, 2026): those that functions
 * and their operators use. Policies that are not listed here are accepted by their form.
 */
const names = [
  "AWSCloudFormationFullAccess",
  "AWSCloudFormationReadOnlyAccess",
  "AWSLambdaExecute",
  "AWSLambdaInvocation-DynamoDB",
  "AWSLambdaManagedEC2ResourceOperator",
  "AWSLambda_FullAccess",
  "AWSLambda_ReadOnlyAccess",
  "AWSXRayDaemonWriteAccess",
  "AdministratorAccess",
  "AmazonDynamoDBFullAccess",
  "AmazonDynamoDBReadOnlyAccess",
  "AmazonEC2ContainerRegistryFullAccess",
  "AmazonEC2ContainerRegistryPowerUser",
  "AmazonEC2ContainerRegistryReadOnly",
  "AmazonEC2FullAccess",
  "AmazonEC2ReadOnlyAccess",
  "AmazonKinesisFullAccess",
  "AmazonKinesisReadOnlyAccess",
  "AmazonS3FullAccess",
  "AmazonS3ReadOnlyAccess",
  "AmazonSNSFullAccess",
  "AmazonSNSReadOnlyAccess",
  "AmazonSQSFullAccess",
  "AmazonSQSReadOnlyAccess",
  "AmazonSSMManagedInstanceCore",
  "AmazonSSMReadOnlyAccess",
  "AmazonVPCFullAccess",
  "AmazonVPCReadOnlyAccess",
  "CloudWatchAgentServerPolicy",
  "CloudWatchFullAccess",
  "CloudWatchLambdaApplicationSignalsExecutionRolePolicy",
  "CloudWatchLambdaInsightsExecutionRolePolicy",
  "CloudWatchLogsFullAccess",
  "CloudWatchLogsReadOnlyAccess",
  "CloudWatchReadOnlyAccess",
  "IAMFullAccess",
  "IAMReadOnlyAccess",
  "PowerUserAccess",
  "ReadOnlyAccess",
  "SecretsManagerReadWrite",
  "SecurityAudit",
  "aws-service-role/AWSLambdaServiceRolePolicy",
  "service-role/AWSLambdaBasicDurableExecutionRolePolicy",
  "service-role/AWSLambdaBasicExecutionRole",
  "service-role/AWSLambdaDynamoDBExecutionRole",
  "service-role/AWSLambdaENIManagementAccess",
  "service-role/AWSLambdaKinesisExecutionRole",
  "service-role/AWSLambdaMSKExecutionRole",
  "service-role/AWSLambdaRole",
  "service-role/AWSLambdaSQSQueueExecutionRole",
  "service-role/AWSLambdaVPCAccessExecutionRole",
] as const;

const prefix = "arn:aws:iam::aws:policy/";
const arnByName = new Map<string, string>(
  names.map((name) => [name.slice(name.lastIndexOf("/") + 1), prefix + name]),
);
const wellFormed = /^arn:aws:iam::aws:policy\/(?:[\w-]+\/)*([\w+=,.@-]{1,128})$/;

/** The policies that ListPolicies shows for scope AWS. */
export const awsManagedPolicyArns: readonly string[] = names.map((name) => prefix + name);

/**
 * Whether AWS has this managed policy. A listed one must have its right path: the operator policy of LMI
 * under `service-role/` is a common mistake, and IAM refuses it.
 */
export function isAwsManagedPolicy(arn: string): boolean {
  const name = wellFormed.exec(arn)?.[1];
  if (name === undefined) return false;
  const known = arnByName.get(name);
  return known === undefined || known === arn;
}
