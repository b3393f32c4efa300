/** A function's code, ready to upload. */
export interface BuiltFunction {
  /** Its key in the settings. */
  readonly name: string;
  /** The .zip file to upload, absolute. */
  readonly assetPath: string;
  /** Hash of the content alone: the same on every machine, in every folder, at any time. */
  readonly assetHash: string;
  /** `file.export`, as Lambda takes it. */
  readonly handler: string;
  readonly hasSourceMap: boolean;
  /** Bytes of the .zip. */
  readonly zipSize: number;
  /** Bytes of the unpacked files; undefined for a ready-made .zip. */
  readonly unpackedSize: number | undefined;
}
