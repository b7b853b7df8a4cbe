// A chat client in Node, as somebody writes it who knows Node: `chat_client.mjs HOST PORT`. What end() does
// is an orderly close: the program ends when the server has closed, too.
// deno-lint-ignore-file no-console -- as one prints in Node
import net from "node:net";
import readline from "node:readline";

const [host, port] = process.argv.slice(2);
const server = net.connect(Number(port), host, () => console.log("chat client start"));
server.setNoDelay(true);
server.setEncoding("utf8");
server.on("data", (text) => console.log(`receive :  ${text}`));
server.on("close", () => process.exit());
const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => {
  server.write(line);
  if (line === "bye") lines.close();
});
lines.on("close", () => server.end());
