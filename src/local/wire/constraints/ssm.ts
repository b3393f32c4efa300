// Written by scripts/input-constraints.py from botocore's service model.
import type { Constraints } from "../input-constraints.ts";

export const ssm: Constraints = {
  rules: {
    ParameterTier: { enum: ["Standard", "Advanced", "Intelligent-Tiering"] },
    ParameterType: { enum: ["String", "StringList", "SecureString"] },
    ParametersFilterKey: { enum: ["Name", "Type", "KeyId"] },
    ResourceTypeForTagging: {
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
  },
  members: {
    "AddTagsToResourceRequest.ResourceType": "ResourceTypeForTagging",
    "ListTagsForResourceRequest.ResourceType": "ResourceTypeForTagging",
    "ParametersFilter.Key": "ParametersFilterKey",
    "PutParameterRequest.Tier": "ParameterTier",
    "PutParameterRequest.Type": "ParameterType",
    "RemoveTagsFromResourceRequest.ResourceType": "ResourceTypeForTagging",
  },
};
