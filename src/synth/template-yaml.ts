/**
 * A template as YAML that every reader takes alike: the AWS CLI (PyYAML) and CloudFormation read YAML 1.1, where `yes`,
 * `0b11` and `12:30:00` without quotes are no texts. CDK quotes them as well.
 */
export async function templateYaml(template: object): Promise<string> {
  const { Document, Scalar, visit } = await import("yaml");
  const document = new Document(template, { compat: "yaml-1.1", aliasDuplicateObjects: false });
  // YAML 1.1's "value" type, which the library does not know.
  visit(document, {
    Scalar: (_, scalar) => {
      if (scalar.value === "=") scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}
