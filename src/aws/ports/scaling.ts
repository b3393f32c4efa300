import type { VersionScaling } from "./versions.ts";

export interface Scaling {
  /**
   * Asks for other limits of a version's environments. Lambda answers at once and works on it
   * (PutFunctionScalingConfig answers 202).
   */
  put(functionName: string, qualifier: string, limits: Required<VersionScaling>): Promise<void>;
}
