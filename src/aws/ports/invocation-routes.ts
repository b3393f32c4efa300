/** Where and how the requests of one function go, found once: plain data, with which a thread can send by itself. */
export interface InvocationRoute {
  /** `https://lambda.us-east-1.amazonaws.com` */
  readonly origin: string;
  /** As it goes out, encoded, without query. */
  readonly path: string;
  /** Several values: the name comes as often, in this order. */
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly contentType: string;
  readonly region: string;
  /** Certificates of AWS_CA_BUNDLE, PEM. */
  readonly ca: string | undefined;
  /** The proxy that the environment names for it; undefined where none stands in between. */
  readonly proxy: string | undefined;
  /** Of a function URL; undefined: Invoke. `none`: everybody may call it, and nothing is signed. */
  readonly url?: { readonly auth: "iam" | "none" };
}

export interface InvocationRoutes {
  /** Asks nobody; fails as the SDK does where region or endpoint are wrong. */
  find(functionName: string, qualifier?: string): Promise<InvocationRoute>;
  /** Asks Lambda for the function's URL; undefined where it has none. The qualifier is an alias. */
  findUrl(
    functionName: string,
    path: string,
    qualifier?: string,
  ): Promise<InvocationRoute | undefined>;
}
