export interface DeletedStack {
  readonly stackName: string;
  readonly stackId: string;
  readonly deletedAt: Date | undefined;
}

/** What taking a stack away needs beside reading it. */
export interface StackRemovals {
  /** Stacks of this name that CloudFormation has deleted and still knows (90 days), newest first. */
  deleted(stackName: string): Promise<readonly DeletedStack[]>;
  /** Name of the stack that a resource belongs to; undefined where none owns it. */
  owner(physicalId: string): Promise<string | undefined>;
  /**
   * Begins an update to another template, given itself or as the URL of an object in S3; parameters, tags and role stay as
   * they are.
   * @returns false where CloudFormation sees nothing to update
   */
  updateTemplate(
    stackId: string,
    template: { readonly body: string } | { readonly url: string },
    parameters: readonly string[],
  ): Promise<boolean>;
  /** Deletes what is left of a stack in DELETE_FAILED, and lets go of the named resources. */
  deleteKeeping(stackId: string, logicalIds: readonly string[]): Promise<void>;
}
