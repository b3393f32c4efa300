/** One line of a log group. */
export interface TimelineEvent {
  readonly logGroup: string;
  readonly logStream: string;
  /** Milliseconds since 1970, as whoever wrote the line says. */
  readonly time: number;
  readonly message: string;
}

export interface TimelineQuery {
  readonly logGroups: readonly string[];
  readonly since: Date;
  /** CloudWatch Logs filter pattern, for all groups. */
  readonly filter?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A group that does not exist; it counts as one without lines. Called once for each. */
  readonly onMissing?: (logGroup: string) => void;
  /** AWS has to be asked again, after so many milliseconds. */
  readonly onTrouble?: (trouble: LogTrouble) => void;
}

export interface LogTrouble {
  readonly message: string;
  readonly waitMs: number;
}

export interface StoredQuery extends TimelineQuery {
  readonly until?: Date | undefined;
}

export interface FollowQuery extends TimelineQuery {
  /** False: by polling alone. Live tail costs by the minute (CloudWatch pricing), polling by the request. */
  readonly liveTail: boolean;
  /** Told which way new lines come from now on, and why not by live tail. */
  readonly onWay?: (way: "live" | "polling", why?: string) => void;
}

/**
 * Lines of several log groups on one timeline. Throttling, server errors and broken connections are tried again from
 * where reading stopped; what cannot be mended so is an LmiError.
 */
export interface LogTimeline {
  /** Stored lines in order of time, each once, in constant memory: the next page is asked for while one is read. */
  stored(query: StoredQuery): AsyncIterable<readonly TimelineEvent[]>;
  /**
   * Stored lines, then new ones until the signal aborts, each once, those of one stream in their order. An empty batch
   * says that nothing has come for a while.
   */
  followed(query: FollowQuery): AsyncIterable<readonly TimelineEvent[]>;
}
