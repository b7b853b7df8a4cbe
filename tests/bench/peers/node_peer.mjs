// The servers of the benchmark on node:net and node:dgram:
//   node node_peer.mjs room|line-room|json|udp
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import process from "node:process";

const members = new Set();

function join(socket) {
  members.add(socket);
  socket.on("close", () => members.delete(socket));
}

const clients = {
  "room": (socket) => {
    join(socket);
    socket.on("data", (data) => {
      for (const member of members) member.write(data);
    });
  },
  "line-room": (socket) => {
    join(socket);
    let held = "";
    socket.setEncoding("utf8");
    socket.on("data", (data) => {
      const lines = (held + data).split("\n");
      held = lines.pop();
      for (const line of lines) {
        const message = line + "\n";
        for (const member of members) member.write(message);
      }
    });
  },
  "json": (socket) => {
    socket.setEncoding("utf8");
    socket.on("data", (data) => {
      const received = JSON.parse(data);
      // deno-lint-ignore no-console -- this is a program of Node's
      console.log("r_data :", received);
      // With spaces, as Python's json.dumps has it.
      const pairs = Object.entries(received).map(([key, value]) =>
        `"${key}": ${JSON.stringify(value)}`
      );
      socket.write(`{${pairs.join(", ")}}`);
    });
  },
};

function listening({ port }) {
  process.stderr.write(`listening on 127.0.0.1:${port}\n`);
}

const [kind] = process.argv.slice(2);
if (kind === "udp") {
  const socket = createSocket("udp4");
  socket.on("message", (data, { address, port }) => {
    // deno-lint-ignore no-console -- this is a program of Node's
    console.log(`Message [${data}] from ${address}:${port}`);
    socket.send("Hello UDP Client", port, address);
  });
  socket.bind(0, "127.0.0.1", () => listening(socket.address()));
} else {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => {}); // the client has gone: "close" follows
    clients[kind](socket);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => listening(server.address()));
}
