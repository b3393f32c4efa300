// A server whose behaviour is known, as a process of its own, for what sends load.
//   node loaded-server.mjs trivial            answers whatever comes, as cheaply as Node can
//   node loaded-server.mjs queue <slots>      so many requests at once, 10 to 50 ms each in turn; others wait
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import process from "node:process";

const [kind, slots] = process.argv.slice(2);
const server = kind === "trivial" ? trivial() : queue(Number(slots));
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.once("disconnect", () => process.exit());

/** Requests of both generators come as one piece: one answer for each. */
function trivial() {
  const body = '{"ok":true}';
  const answer = Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`,
  );
  return createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("data", () => socket.write(answer));
    socket.on("error", () => socket.destroy());
  });
}

function queue(slots) {
  const times = [10, 20, 30, 40, 50];
  const waiting = [];
  let free = slots;
  let turn = 0;
  const serve = (response) => {
    free -= 1;
    turn = (turn + 1) % times.length;
    setTimeout(() => {
      response.end('{"ok":true}');
      free += 1;
      if (waiting.length > 0) serve(waiting.shift());
    }, times[turn]);
  };
  const http = createHttpServer((request, response) => {
    request.resume().on("end", () => {
      if (free > 0) serve(response);
      else waiting.push(response);
    });
  });
  http.keepAliveTimeout = 60_000;
  return http;
}
