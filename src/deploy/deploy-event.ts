/** What a deployment tells while it works. Who listens decides how it looks. */
export type DeployEvent = ResourceEvent | AssetEvent | NoteEvent | PauseEvent | ExecutionEvent;

export interface ResourceEvent {
  readonly type: "resource";
  readonly time: Date;
  readonly logicalId: string;
  /** undefined until the service has made it. */
  readonly physicalId: string | undefined;
  readonly resourceType: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** `12 of 27`; undefined where the total is not known. */
  readonly progress: string | undefined;
}

export interface AssetEvent {
  readonly type: "asset";
  readonly message: string;
}

export interface NoteEvent {
  readonly type: "note";
  readonly level: "warning" | "detail";
  readonly message: string;
}

/** CloudFormation was told to execute the change set. */
export interface ExecutionEvent {
  readonly type: "execution";
}

/** Something is tried again after a while. */
export interface PauseEvent {
  readonly type: "pause";
  readonly milliseconds: number;
  readonly message: string;
}

export type DeployListener = (event: DeployEvent) => void;
