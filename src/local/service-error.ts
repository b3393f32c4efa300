/**
 * A failure that a service answers. `code` is the error shape's name in AWS's model
 * (`ResourceConflictException`, `ValidationError`); the wire layer finds status and form by it.
 */
export class ServiceError extends Error {
  readonly code: string;
  /** HTTP status where the model does not give one. */
  readonly status: number | undefined;
  /** Further members of the error shape, e.g. `Type`, `Reason`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { readonly status?: number; readonly members?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}
