/** The stack that bootstrapping makes, with the name that `cdk bootstrap` gives it: both tools share it. */
export const bootstrapStackName = "CDKToolkit";
