import type { LiveProperties } from "./live-properties.ts";

/** A function, or a version of it, with what a change must know of it. */
export interface CodeState {
  readonly functionName: string;
  /** Base64 of the SHA-256 of the .zip. */
  readonly codeSha256: string;
  /** Bytes of the .zip. */
  readonly codeSize: number;
  /** Changes with everything that is changed; a change that brings another one is refused. */
  readonly revisionId: string | undefined;
  readonly lastModified: Date | undefined;
  /** What whoever published it says of it. */
  readonly description: string | undefined;
  readonly state: string | undefined;
  readonly lastUpdateStatus: string | undefined;
  readonly lastUpdateStatusReason: string | undefined;
  /** In the words of AWS::Lambda::Function. Environment variables are in the clear. */
  readonly properties: LiveProperties;
}

/** Where code comes from: bytes of a .zip, or an object in a bucket of the same region. */
export type CodeSource =
  | { readonly zip: Uint8Array }
  | { readonly bucket: string; readonly key: string };

/** Members of UpdateFunctionConfiguration; what is absent stays as it is. */
export type ConfigurationChange = Readonly<Record<string, unknown>>;

interface Revised {
  readonly functionName: string;
  /** Fails with LMI_OVERTAKEN where the function has another one by now. */
  readonly revisionId: string | undefined;
}

/**
 * Changes of a function without CloudFormation. Each fails with LMI_FUNCTION_BUSY while Lambda is at work on an earlier
 * change (ResourceConflictException), and with LMI_OVERTAKEN where somebody else was faster.
 */
export interface Code {
  /** undefined when the function, or that version of it, does not exist. */
  find(functionName: string, qualifier?: string): Promise<CodeState | undefined>;
  /** Puts code into `$LATEST`, which nobody calls. */
  update(request: Revised & { readonly source: CodeSource }): Promise<CodeState>;
  /** Changes the configuration of `$LATEST`. */
  configure(request: Revised & { readonly change: ConfigurationChange }): Promise<CodeState>;
  /** Makes `$LATEST`, if it has this code, what answers requests: `$LATEST.PUBLISHED`. */
  publish(
    request: Revised & { readonly codeSha256: string; readonly description: string },
  ): Promise<void>;
}
