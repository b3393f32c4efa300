/**
 * Milliseconds that a change of state takes: moments, or about as long as on AWS, where instances appear one to two
 * minutes after a deploy (AWS samples serverless-patterns, lambda-managed-instances READMEs) and a version is Active
 * after several (Lambda developer guide): `activate` until instances are asked for, `launch` until they run, `start`
 * until the environments on them are ready.
 */
export const activationDelays = {
  fast: { function: 1, activate: 1, launch: 1, start: 1, scale: 1, deactivate: 1, delete: 1 },
  realistic: {
    function: 3000,
    activate: 10_000,
    launch: 80_000,
    start: 60_000,
    scale: 3000,
    deactivate: 60_000,
    delete: 120_000,
  },
} as const;

export type ActivationStep = keyof (typeof activationDelays)["fast"];
