/** Where prices come from: `auto` is AWS where credentials are, and the table in lmi otherwise. */
export type PriceSource = "auto" | "aws" | "table";

export const priceSources: readonly PriceSource[] = ["auto", "aws", "table"];
