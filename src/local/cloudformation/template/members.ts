import { isRecord } from "../../../is-record.ts";
import { validationError } from "./template.ts";
import type { JsonObject } from "./template.ts";

/** Attributes that a resource may have (CloudFormation user guide, "Resource attribute reference"). */
const resourceAttributes = new Set([
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "Metadata",
  "CreationPolicy",
  "UpdatePolicy",
]);

export function checkResource(id: string, resource: unknown): void {
  if (!isRecord(resource)) {
    throw validationError("Template format error: Any Resources member must be an object.");
  }
  if (typeof resource["Type"] !== "string") {
    throw validationError(
      `Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`,
    );
  }
  const unknown = Object.keys(resource).filter((name) => !resourceAttributes.has(name));
  if (unknown.length > 0) {
    throw validationError(`Invalid template resource property '${unknown[0]}'`);
  }
  if (resource["Properties"] !== undefined && !isRecord(resource["Properties"])) {
    throw validationError(
      `Template format error: [/Resources/${id}/Properties] must be an object.`,
    );
  }
  checkText(resource["Condition"], "Condition");
  checkDependsOn(resource["DependsOn"]);
  checkPolicy(id, resource, "DeletionPolicy");
  checkPolicy(id, resource, "UpdateReplacePolicy");
}

function checkText(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== "string") {
    throw validationError(`Template format error: Every ${name} member must be a string.`);
  }
}

function checkDependsOn(value: unknown): void {
  if ([value ?? []].flat().every((item) => typeof item === "string")) return;
  throw validationError("Template format error: DependsOn must be a string or list of strings.");
}

/** User guide, "DeletionPolicy attribute": the types whose snapshots CloudFormation takes. */
const withSnapshots = new Set([
  "AWS::DocDB::DBCluster",
  "AWS::EC2::Volume",
  "AWS::ElastiCache::CacheCluster",
  "AWS::ElastiCache::ReplicationGroup",
  "AWS::Neptune::DBCluster",
  "AWS::RDS::DBCluster",
  "AWS::RDS::DBInstance",
  "AWS::Redshift::Cluster",
]);

function checkPolicy(
  id: string,
  resource: JsonObject,
  name: "DeletionPolicy" | "UpdateReplacePolicy",
): void {
  const policy = resource[name];
  checkText(policy, name);
  if (typeof policy !== "string") return;
  const onlyForDeletion = policy === "RetainExceptOnCreate" && name === "DeletionPolicy";
  if (!onlyForDeletion && !["Delete", "Retain", "Snapshot"].includes(policy)) {
    throw validationError(
      `Template format error: Unrecognized ${name} ${policy} for resource ${id}`,
    );
  }
  if (policy === "Snapshot" && !withSnapshots.has(String(resource["Type"]))) {
    const words = name === "DeletionPolicy" ? "deletion policy" : "update replace policy";
    throw validationError(
      `Template error: resource type ${String(resource["Type"])} does not support ${words} Snapshot`,
    );
  }
}

/** Observed: localstack/localstack test_validations.snapshot.json. */
export function checkOutput(id: string, output: unknown): void {
  if (!isRecord(output) || output["Value"] === undefined) {
    throw validationError(
      "Template format error: Every Outputs member must contain a Value object",
    );
  }
  checkText(output["Condition"], "Condition");
  checkText(output["Description"], "Description");
  const exported = output["Export"];
  if (exported !== undefined && (!isRecord(exported) || exported["Name"] === undefined)) {
    throw validationError(
      `Template format error: Output ${id} is malformed. The Name field of every Export member must be specified.`,
    );
  }
}
