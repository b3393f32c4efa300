import type { ResourceType } from "../resource-type.ts";

/** What the CDK tells AWS about the libraries that made a template. Nothing is made of it, on AWS either. */
export const cdkMetadata: ResourceType = {
  type: "AWS::CDK::Metadata",
  create: async (_properties, context) => ({
    physicalId: context.generateName(64),
    attributes: {},
  }),
  update: async (physicalId) => ({ physicalId, attributes: {} }),
  delete: async () => {},
};
