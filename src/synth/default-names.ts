/** The function of a project that names none: the one of AWS's own sample. */
export const defaultFunctionName = "my-managed-instance-function";

/** A folder's name, made fit for a project: `My Shop.v2` becomes `my-shop-v2`. */
export function defaultProjectName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 50)
    .replace(/-+$/, "");
  return name === "" ? "app" : name;
}

/** Of the new VPC, where nobody says another one. */
export const defaultCidr = "10.0.0.0/16";
