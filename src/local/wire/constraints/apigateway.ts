// Written by scripts/input-constraints.py from botocore's service model.
import type { Constraints } from "../input-constraints.ts";

export const apigateway: Constraints = {
  rules: {
    AuthorizationType: { enum: ["NONE", "AWS_IAM", "CUSTOM", "JWT"] },
    ConnectionType: { enum: ["INTERNET", "VPC_LINK"] },
    ContentHandlingStrategy: { enum: ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"] },
    IntegrationType: { enum: ["AWS", "HTTP", "MOCK", "HTTP_PROXY", "AWS_PROXY"] },
    IpAddressType: { enum: ["ipv4", "dualstack"] },
    LoggingLevel: { enum: ["ERROR", "INFO", "OFF"] },
    PassthroughBehavior: { enum: ["WHEN_NO_MATCH", "NEVER", "WHEN_NO_TEMPLATES"] },
    ProtocolType: { enum: ["WEBSOCKET", "HTTP"] },
  },
  members: {
    "CreateApiRequest.IpAddressType": "IpAddressType",
    "CreateApiRequest.ProtocolType": "ProtocolType",
    "CreateIntegrationRequest.ConnectionType": "ConnectionType",
    "CreateIntegrationRequest.ContentHandlingStrategy": "ContentHandlingStrategy",
    "CreateIntegrationRequest.IntegrationType": "IntegrationType",
    "CreateIntegrationRequest.PassthroughBehavior": "PassthroughBehavior",
    "CreateRouteRequest.AuthorizationType": "AuthorizationType",
    "RouteSettings.LoggingLevel": "LoggingLevel",
    "UpdateApiRequest.IpAddressType": "IpAddressType",
    "UpdateIntegrationRequest.ConnectionType": "ConnectionType",
    "UpdateIntegrationRequest.ContentHandlingStrategy": "ContentHandlingStrategy",
    "UpdateIntegrationRequest.IntegrationType": "IntegrationType",
    "UpdateIntegrationRequest.PassthroughBehavior": "PassthroughBehavior",
    "UpdateRouteRequest.AuthorizationType": "AuthorizationType",
  },
};
