// A program that solves nothing, and starts another that does nothing either: the checker has to end both.
// Each keeps a connection to the port that it is given, which ends when the process does.

const [port, child] = Deno.args;
const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
if (child === undefined) {
  new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", import.meta.filename!, port!, "child"], // a file, with an argument
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}
await connection.read(new Uint8Array(1)); // nobody sends anything
