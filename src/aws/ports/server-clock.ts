export interface ServerClock {
  /**
   * What AWS's clock says, in whole seconds, from the Date header of an answer, and the milliseconds that the answer
   * took. undefined: the answer has no date.
   */
  read(): Promise<{ readonly time: Date; readonly took: number } | undefined>;
}
