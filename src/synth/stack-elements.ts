import type {
  CfnElement as CfnElementType,
  CfnResource as Resource,
  Stack,
} from "aws-cdk-lib/core";
import { CfnElement, CfnResource } from "./cdk.ts";

/** Everything of the stack that has a logical id: resources, parameters, outputs, conditions. */
export function elementsOf(stack: Stack): CfnElementType[] {
  return stack.node.findAll().filter((node) => CfnElement.isCfnElement(node));
}

/** The resources of the stack by logical id, in the order in which they were made. */
export function resourcesOf(stack: Stack): ReadonlyMap<string, Resource> {
  const resources = elementsOf(stack).filter((element) => CfnResource.isCfnResource(element));
  return new Map(resources.map((resource) => [idOf(stack, resource), resource]));
}

/** As the template has it, where CDK hands out a token. */
export function idOf(stack: Stack, element: CfnElementType): string {
  return String(stack.resolve(element.logicalId));
}
