import { validationError } from "./template.ts";

/**
 * What each function says of wrong arguments. Equals and Split observed in localstack/localstack
 * test_conditions and test_change_set_fn_split; those that are not listed have a text of ours.
 */
const required: Readonly<Record<string, string>> = {
  "Fn::Equals": "a list of 2 string parameters.",
  "Fn::And": "a list of at least 2 and at most 10 boolean parameters.",
  "Fn::Or": "a list of at least 2 and at most 10 boolean parameters.",
  "Fn::Not": "a list with exactly 1 boolean parameter.",
  "Fn::Split":
    "two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.",
  "Fn::FindInMap": "three parameters, the map name, map key and the attribute for return value",
};

export function argumentError(name: string): Error {
  if (name === "Fn::Select") {
    return validationError(
      "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
    );
  }
  return validationError(
    `Template error: every ${name} object requires ${required[name] ?? "a list argument"}`,
  );
}
