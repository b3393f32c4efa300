// Written by scripts/input-constraints.py from botocore's service model.
import type { Constraints } from "../input-constraints.ts";

export const apigateway: Constraints = {
  "CreateApiRequest.IpAddressType": { enum: ["ipv4", "dualstack"] },
  "CreateApiRequest.ProtocolType": { enum: ["WEBSOCKET", "HTTP"] },
  "CreateIntegrationRequest.ConnectionType": { enum: ["INTERNET", "VPC_LINK"] },
  "CreateIntegrationRequest.ContentHandlingStrategy": {
    enum: ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"],
  },
  "CreateIntegrationRequest.IntegrationType": {
    enum: ["AWS", "HTTP", "MOCK", "HTTP_PROXY", "AWS_PROXY"],
  },
  "CreateIntegrationRequest.PassthroughBehavior": {
    enum: ["WHEN_NO_MATCH", "NEVER", "WHEN_NO_TEMPLATES"],
  },
  "CreateRouteRequest.AuthorizationType": { enum: ["NONE", "AWS_IAM", "CUSTOM", "JWT"] },
  "RouteSettings.LoggingLevel": { enum: ["ERROR", "INFO", "OFF"] },
  "UpdateApiRequest.IpAddressType": { enum: ["ipv4", "dualstack"] },
  "UpdateIntegrationRequest.ConnectionType": { enum: ["INTERNET", "VPC_LINK"] },
  "UpdateIntegrationRequest.ContentHandlingStrategy": {
    enum: ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"],
  },
  "UpdateIntegrationRequest.IntegrationType": {
    enum: ["AWS", "HTTP", "MOCK", "HTTP_PROXY", "AWS_PROXY"],
  },
  "UpdateIntegrationRequest.PassthroughBehavior": {
    enum: ["WHEN_NO_MATCH", "NEVER", "WHEN_NO_TEMPLATES"],
  },
  "UpdateRouteRequest.AuthorizationType": { enum: ["NONE", "AWS_IAM", "CUSTOM", "JWT"] },
};
