/** One thing that is wrong with settings that were right. */
export interface Fault {
  /** Faults of different areas do not hide each other. `<f>` stands for the first function. */
  readonly area: string;
  /** Kind of fault; the area unless it says so. */
  readonly family?: string;
  /** What is put where; undefined removes. */
  readonly puts: readonly (readonly [path: string, value: unknown])[];
  /** Where it must be told. */
  readonly at: string;
}

/** A fault of one value, told where it stands. */
export const value = (area: string, at: string, ...wrong: readonly unknown[]): Fault[] =>
  wrong.map((each) => ({ area, puts: [[at, each]], at }));
