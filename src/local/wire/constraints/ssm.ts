// Written by scripts/input-constraints.py from botocore's service model.
import type { Constraints } from "../input-constraints.ts";

export const ssm: Constraints = {
  "AddTagsToResourceRequest.ResourceType": {
    enum: [
      "Document",
      "ManagedInstance",
      "MaintenanceWindow",
      "Parameter",
      "PatchBaseline",
      "OpsItem",
      "OpsMetadata",
      "Automation",
      "Association",
      "CloudConnector",
    ],
  },
  "ListTagsForResourceRequest.ResourceType": {
    enum: [
      "Document",
      "ManagedInstance",
      "MaintenanceWindow",
      "Parameter",
      "PatchBaseline",
      "OpsItem",
      "OpsMetadata",
      "Automation",
      "Association",
      "CloudConnector",
    ],
  },
  "ParametersFilter.Key": { enum: ["Name", "Type", "KeyId"] },
  "PutParameterRequest.Tier": { enum: ["Standard", "Advanced", "Intelligent-Tiering"] },
  "PutParameterRequest.Type": { enum: ["String", "StringList", "SecureString"] },
  "RemoveTagsFromResourceRequest.ResourceType": {
    enum: [
      "Document",
      "ManagedInstance",
      "MaintenanceWindow",
      "Parameter",
      "PatchBaseline",
      "OpsItem",
      "OpsMetadata",
      "Automation",
      "Association",
      "CloudConnector",
    ],
  },
};
