// Loaded with --import before AWS's runtime client: its native part (rapid-client.cc) over plain HTTP, one exchange for
// each request for work and each result. With LMI_NATIVE_CLIENT set to a compiled rapid-client.node, that one is taken.
import http from "node:http";
import Module, { createRequire } from "node:module";
import process from "node:process";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const base = "/2018-06-01/runtime/invocation/";
const agent = new http.Agent({ keepAlive: true });

function post(id, what, body) {
  // As rapid-client.cc checks its arguments.
  if (typeof id !== "string" || typeof body !== "string") {
    const error = new TypeError("Wrong arguments");
    // Native code leaves no frame.
    Error.captureStackTrace(error, what === "response" ? done : fail);
    throw error;
  }
  http
    .request({ host, port, agent, method: "POST", path: `${base}${id}/${what}` }, (response) =>
      response.resume(),
    )
    .end(body);
}

const next = () =>
  new Promise((resolve, reject) => {
    http
      .get({ host, port, agent, path: `${base}next` }, (response) => {
        let bodyJson = "";
        response.setEncoding("utf8").on("data", (chunk) => (bodyJson += chunk));
        response.on("end", () => resolve({ bodyJson, headers: response.headers }));
      })
      .on("error", reject);
  });

const done = (id, body) => post(id, "response", body);
const fail = (id, body) => post(id, "error", body);

const client = process.env.LMI_NATIVE_CLIENT
  ? createRequire(import.meta.url)(process.env.LMI_NATIVE_CLIENT)
  : { next, done, error: fail };

// oxlint-disable-next-line no-underscore-dangle -- Node's own name
const load = Module._load;
// oxlint-disable-next-line no-underscore-dangle -- Node's own name
Module._load = (request, ...rest) =>
  request === "./rapid-client.node" ? client : Reflect.apply(load, Module, [request, ...rest]);
