// A case converter that can be broken on purpose: `case_server.ts PORT BUG` has that one bug, and without
// BUG it has none. Each bug is caught by the spec named beside it in conformance_test.ts.

const [port, bug] = Deno.args;

/** Milliseconds of silence after which what ends in a mode is whole, and what does not will get none. */
const MODE_QUIET = 300;
const QUIET = 3000;

/** All that a client sends until it ends or is silent; undefined where it ends or breaks off too early. */
async function receiveAll(conn: Deno.TcpConn): Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const buffer = new Uint8Array(1024);
  let text = "";
  while (true) {
    const reading = conn.read(buffer);
    const silence = Promise.withResolvers<"silence">();
    const quiet = /[12]$/.test(text) ? MODE_QUIET : QUIET;
    const timer = text === "" ? undefined : setTimeout(() => silence.resolve("silence"), quiet);
    const count = await Promise.race([reading, silence.promise]);
    clearTimeout(timer);
    reading.catch(() => {}); // after silence nobody waits for it
    if (count === "silence") return text;
    if (count === null) return bug === "forgets-half-closed" ? undefined : text;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

function convert(text: string): string | undefined {
  const at = bug === "first-digit" ? text.search(/\d/) : text.length - 1;
  const sentence = text.slice(0, at);
  if (text[at] === "1") return sentence.toUpperCase();
  if (text[at] === "2") return sentence.toLowerCase();
  return bug === "no-error" ? undefined : "Error";
}

async function serve(conn: Deno.TcpConn) {
  try {
    const answer = convert(await receiveAll(conn) ?? "");
    if (answer !== undefined) await conn.write(new TextEncoder().encode(answer));
  } catch {
    // Reset, or not UTF-8: this client gets no answer.
  }
  conn.close();
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(port) });
Deno.stdout.writeSync(new TextEncoder().encode("The server is ready to receive\n"));
while (true) {
  try {
    const served = serve(await listener.accept());
    if (bug === "one-at-a-time") await served;
  } catch {
    // A client that was reset before it was accepted.
  }
}
