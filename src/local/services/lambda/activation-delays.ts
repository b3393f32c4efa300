/** Milliseconds that a change of state takes: moments, or as long as seen on AWS (several minutes until Active). */
export const activationDelays = {
  fast: { function: 1, activate: 1, scale: 1, deactivate: 1, delete: 1 },
  realistic: {
    function: 3000,
    activate: 150_000,
    scale: 3000,
    deactivate: 60_000,
    delete: 120_000,
  },
} as const;

export type ActivationStep = keyof (typeof activationDelays)["fast"];
