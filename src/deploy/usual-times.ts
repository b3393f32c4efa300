/**
 * How long the stages of a deploy usually take on AWS, for whoever waits. AWS publishes hardly any figure; each says
 * here what it comes from, and `npm run acceptance:aws` measures them in an account.
 */
export const usualTimes = {
  /** A rough reading, no measurement: bundling and synthesis on two cores, with room for six calls to AWS. */
  preflight: "0:02–0:10",
  /** A rough reading, no measurement: loading the toolkit library and comparing templates on two cores. */
  plan: "0:01–0:05",
  /** No figure is published; users report one to three minutes for a NAT gateway, which all else is faster than. */
  networkWithNat: "1–3 min",
  /** No figure is published; a provider launches nothing by itself. */
  provider: "under 1 min",
  /** Instances appear one to two minutes after a deploy (AWS samples serverless-patterns, lambda-managed-instances READMEs). */
  instances: "1–2 min",
  /** An init may take 130 s, or as long as the function's timeout (Lambda developer guide, lambda-managed-instances-execution-environment). */
  environments: "under 2:10",
  /** A first deployment takes 3–5 min in all (github.com/singledigit/lambda-managed-instances-sam, README). */
  version: "1–5 min",
  /** Capacity can lag behind an Active version; the request is sent again for 90 s. */
  firstAnswer: "under 0:10",
} as const;
