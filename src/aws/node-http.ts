import { createRequire } from "node:module";
import type * as Http from "node:http";
import type * as Https from "node:https";

const require = createRequire(import.meta.url);

/**
 * Node's HTTP modules as CommonJS gets them. An `import` of node:http reads every export at once, and with
 * WebSocket and its like all of undici: 10 to 25 ms, where the module alone takes 5.
 */
export const nodeHttp = (): typeof Http => require("node:http") as typeof Http;
export const nodeHttps = (): typeof Https => require("node:https") as typeof Https;
