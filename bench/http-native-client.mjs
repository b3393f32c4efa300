// Loaded with --import before AWS's runtime client: its native part over plain HTTP, one exchange for each `next` and
// each result, as the Runtime API has them.
import http from "node:http";
import Module from "node:module";
import process from "node:process";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const base = "/2018-06-01/runtime/invocation/";
const agents = {
  next: new http.Agent({ keepAlive: true, maxSockets: 1 }),
  result: new http.Agent({ keepAlive: true, maxSockets: 8 }),
};

const next = () =>
  new Promise((resolve, reject) => {
    http
      .get({ host, port, path: `${base}next`, agent: agents.next }, (response) => {
        let bodyJson = "";
        response.setEncoding("utf8").on("data", (chunk) => (bodyJson += chunk));
        response.on("end", () => resolve({ bodyJson, headers: response.headers }));
      })
      .on("error", reject);
  });

const post = (path, body) =>
  http
    .request({ host, port, path: base + path, method: "POST", agent: agents.result }, (response) =>
      response.resume(),
    )
    .end(body);

const client = {
  initializeClient: () => undefined,
  next,
  done: (id, body) => post(`${id}/response`, body),
  error: (id, body) => post(`${id}/error`, body),
};

const load = Module._load;
Module._load = (request, ...rest) =>
  request === "./rapid-client.node" ? client : load.call(Module, request, ...rest);
