// Only what lmi uses, by name: the build leaves the rest of the client out.
export { paginateGetProducts, PricingClient } from "@aws-sdk/client-pricing";
