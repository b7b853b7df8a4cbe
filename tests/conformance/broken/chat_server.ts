// A chat server that can be broken on purpose: `chat_server.ts PORT BUG` has that one bug, and without
// BUG it has none. Each bug is caught by the spec named beside it in conformance_test.ts.

const [port, bug] = Deno.args;

/** What may wait for a client that does not read, in bytes. */
const LIMIT = 1024 * 1024;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

class Client {
  #waiting = 0;
  #written = Promise.resolve();
  #allSent: Promise<unknown> = this.#written;
  readonly address: string;

  constructor(readonly conn: Deno.TcpConn) {
    this.address = `('${conn.remoteAddr.hostname}', ${conn.remoteAddr.port})`;
  }

  /** The promise settles when the bytes have gone out. */
  send(bytes: Uint8Array): Promise<void> {
    this.#waiting += bytes.length;
    if (this.#waiting > LIMIT && bug !== "waits-for-slow-reader") this.close();
    const sent = bug === "writes-twice" && bytes.length >= 8 && bytes.length < 100
      ? this.#writeTwice(bytes)
      : this.#queue(bytes);
    this.#allSent = Promise.all([this.#allSent, sent]);
    return sent;
  }

  /** Closes when all has gone out. */
  async finish() {
    await this.#allSent;
    this.close();
  }

  close() {
    try {
      this.conn.close();
    } catch {
      // Closed already.
    }
  }

  #queue(bytes: Uint8Array): Promise<void> {
    return this.#written = this.#written.then(() => this.#write(bytes));
  }

  async #writeTwice(bytes: Uint8Array) {
    await this.#queue(bytes.subarray(0, 1));
    await sleep(100);
    await this.#queue(bytes.subarray(1));
  }

  async #write(bytes: Uint8Array) {
    this.#waiting -= bytes.length;
    try {
      while (bytes.length > 0) bytes = bytes.subarray(await this.conn.write(bytes));
    } catch {
      // It has gone; its own loop sees that.
    }
  }
}

let clients: Client[] = [];

async function serve(client: Client) {
  const everyone = clients;
  const between = bug === "wrong-text" ? " " : "  ";
  log(`connection from :${between}${client.address}`);
  const buffer = new Uint8Array(64 * 1024);
  const strict = new TextDecoder("utf-8", { fatal: true });
  let bye = false;
  while (!bye) {
    let count = null;
    try {
      count = await client.conn.read(buffer);
    } catch (error) {
      if (bug === "dies-of-reset" && error instanceof Deno.errors.ConnectionReset) throw error;
    }
    if (count === null) {
      if (bug === "spins") {
        client.close();
        clients = clients.filter((each) => each !== client);
        for (const end = performance.now() + 5; performance.now() < end;);
        await sleep(0);
        continue;
      }
      break;
    }
    let bytes = buffer.slice(0, count);
    if (bug === "dies-of-invalid") strict.decode(bytes, { stream: true });
    if (bug === "cuts-characters") bytes = encoder.encode(decoder.decode(bytes));
    if (bug === "first-kilobyte") bytes = bytes.subarray(0, 1024);
    bye = decoder.decode(bytes) === "bye";
    if (bye && bug !== "relays-bye") break;
    for (const each of bug === "old-list" ? everyone : clients) {
      if (bye && each === client) continue;
      const sent = each.send(bytes);
      if (bug === "waits-for-slow-reader") await sent;
    }
  }
  log(`Client at  ${client.address}  disconnected...`);
  if (bug !== "forgets-to-remove") clients = clients.filter((each) => each !== client);
  if (bye || bug !== "keeps-half-closed") client.finish();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function log(line: string) {
  Deno.stdout.writeSync(encoder.encode(line + "\n"));
}

const listener = Deno.listen({ hostname: "0.0.0.0", port: Number(port) });
log("Chat Server start");
while (true) {
  const client = new Client(await listener.accept());
  client.conn.setNoDelay(true);
  clients.push(client);
  serve(client);
  log(`# of client: ${clients.length}`);
}
