import { createServer } from "node:net";

/** Milliseconds that a query takes. */
const queryMs = 10;

function listen(serve) {
  const server = createServer((socket) => {
    serve(socket);
    socket.on("error", () => undefined);
  }).unref();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server.address().port));
  });
}

const later = (work) => setTimeout(() => work(), queryMs);

const message = (type, body) => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

/** A PostgreSQL that takes everybody and answers every simple query with no rows. */
export function postgres() {
  const ready = message("Z", Buffer.from("I"));
  return listen((socket) => {
    let started = false;
    socket.on("data", (data) => {
      if (!started) socket.write(Buffer.concat([message("R", Buffer.alloc(4)), ready]));
      else if (data.toString("latin1", 0, 1) === "Q")
        later(() => socket.write(Buffer.concat([message("C", Buffer.from("SELECT 0\0")), ready])));
      started = true;
    });
  });
}

const packet = (number, body) => Buffer.concat([Buffer.from([body.length, 0, 0, number]), body]);

/** A MySQL that takes everybody and answers every query with OK. */
export function mysql() {
  const ok = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
  const greeting = Buffer.concat([
    Buffer.from([10]),
    Buffer.from("8.0.0\0"),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from("saltsalt\0"),
    // Protocol 4.1, secure connections, methods of authentication.
    Buffer.from([0x00, 0x82, 33, 2, 0, 0x08, 0x00, 21]),
    Buffer.alloc(10),
    Buffer.from("saltsaltsalt\0"),
    Buffer.from("mysql_native_password\0"),
  ]);
  return listen((socket) => {
    let greeted = false;
    socket.write(packet(0, greeting));
    socket.on("data", () => {
      if (greeted) later(() => socket.write(packet(1, ok)));
      else socket.write(packet(2, ok));
      greeted = true;
    });
  });
}
