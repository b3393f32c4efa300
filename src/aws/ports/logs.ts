export interface LogEvent {
  readonly eventId: string;
  readonly logStream: string;
  readonly time: Date;
  readonly message: string;
}

export interface LogQuery {
  readonly logGroup: string;
  readonly since?: Date;
  readonly until?: Date;
  /** CloudWatch Logs filter pattern. */
  readonly filter?: string;
  readonly signal?: AbortSignal;
  /** Most pages that are read of it, each of up to 1 MB (FilterLogEvents); all where nothing is said. */
  readonly pages?: number;
}

export interface Logs {
  /** Stored events in order of time. A group that does not exist is an LmiError LMI_LOG_GROUP_NOT_FOUND. */
  events(query: LogQuery): AsyncIterable<LogEvent>;
}
