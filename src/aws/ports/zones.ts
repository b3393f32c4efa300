export interface Zones {
  /** Names of the region's availability zones that are available, in the order of Fn::GetAZs. */
  names(): Promise<readonly string[]>;
  /** Which of the instance types, or patterns of them such as `m7g.*`, each zone offers. */
  offered(types: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}
