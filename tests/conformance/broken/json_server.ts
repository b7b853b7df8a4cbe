// A JSON echo server that can be broken on purpose: `json_server.ts PORT BUG` has that one bug, and
// without BUG it has none. Each bug is caught by the spec named beside it in conformance_test.ts.

const [port, bug] = Deno.args;

const encoder = new TextEncoder();

function log(line: string) {
  Deno.stdout.writeSync(encoder.encode(line + "\n"));
}

/** Where the first JSON object in a text ends; undefined while it is not whole. */
function end(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === "\\") at++;
    else if (character === '"') inString = !inString;
    else if (!inString && character === "{") depth++;
    else if (!inString && character === "}" && --depth === 0) return at + 1;
  }
}

async function serve(conn: Deno.TcpConn) {
  const address = `('${conn.remoteAddr.hostname}', ${conn.remoteAddr.port})`;
  log(`Got connection from ${address}`);
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(2048);
  let text = "";
  try {
    for (let i = 0; i < 10; i++) {
      while (end(text) === undefined) {
        const count = await conn.read(buffer);
        if (count === null || text.length > 65536) throw new Error("no whole text");
        const stream = bug !== "decodes-pieces";
        text += decoder.decode(buffer.subarray(0, count), { stream });
      }
      const value = JSON.parse(text.slice(0, end(text)));
      text = bug === "forgets-the-rest" ? "" : text.slice(end(text));
      log(`r_data : {'name': '${value.name}', 'count': ${value.count}}`);
      await conn.write(encoder.encode(JSON.stringify(value)));
    }
  } catch {
    // Gone, or no JSON: this client is let go.
  }
  log(`client at ${address} disconnected...`);
  conn.close();
}

const listener = Deno.listen({ hostname: "0.0.0.0", port: Number(port) });
while (true) {
  try {
    serve(await listener.accept());
  } catch {
    // A client that was reset before it was accepted.
  }
}
