import { createRequire } from "node:module";
import type * as ApiGateway from "aws-cdk-lib/aws-apigatewayv2";
import type * as Events from "aws-cdk-lib/aws-events";
import type * as S3 from "aws-cdk-lib/aws-s3";
import type * as Scheduler from "aws-cdk-lib/aws-scheduler";
import type * as Sns from "aws-cdk-lib/aws-sns";

/** CDK's modules of event sources, each loaded when the first of its kind is made; see ../cdk.ts. */
const require = createRequire(import.meta.url);

export const apiGateway = () => require("aws-cdk-lib/aws-apigatewayv2") as typeof ApiGateway;
export const eventBridge = () => require("aws-cdk-lib/aws-events") as typeof Events;
export const s3 = () => require("aws-cdk-lib/aws-s3") as typeof S3;
export const scheduler = () => require("aws-cdk-lib/aws-scheduler") as typeof Scheduler;
export const sns = () => require("aws-cdk-lib/aws-sns") as typeof Sns;
