import { assertEquals, assertRejects } from "@std/assert";
import { SocketClosed } from "../../lib/errors.ts";
import { MessageSocket } from "../../lib/socket.ts";
import { Thread } from "../../lib/threading.ts";
import { Peer } from "../support/peer.ts";
import { Stderr } from "../support/stderr.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

Deno.test("a thread begins at once, and start does not wait for it", async () => {
  const happened: string[] = [];
  const work = Promise.withResolvers<void>();
  new Thread(async () => {
    happened.push("begun");
    await work.promise;
    happened.push("done");
  }).start();
  happened.push("started");
  await turn();
  assertEquals(happened, ["begun", "started"]);
  work.resolve();
  await turn();
  assertEquals(happened, ["begun", "started", "done"]);
});

Deno.test("a subclass has its own run", async () => {
  class Greeter extends Thread {
    greeted = false;
    override run() {
      this.greeted = true;
      return Promise.resolve();
    }
  }
  const greeter = new Greeter();
  greeter.start();
  await turn();
  assertEquals(greeter.greeted, true);
});

Deno.test("a thread that fails costs its client and one line, whether it fails at once or later", async () => {
  class Broken extends Thread {
    constructor(readonly client: MessageSocket, readonly later: boolean) {
      super(client);
    }

    override async run() {
      if (this.later) await turn();
      this.client.send("good bye");
      throw new RangeError("no such seat");
    }
  }

  for (const later of [false, true]) {
    for (const subclass of [false, true]) {
      using stderr = new Stderr();
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      using peer = await Peer.connect(listener.addr.port);
      const client = new MessageSocket(await listener.accept(), { framing: "raw" });
      const broken = new Broken(client, later);
      const thread = subclass ? broken : new Thread(client, () => broken.run());
      thread.start();
      assertEquals(await peer.ended(), "good bye");
      assertEquals(stderr.lines, [`${peer.address} dropped: no such seat`]);
      peer.close();
      await client.close();
    }
  }
});

Deno.test("a thread without a client that fails, fails whoever waits for it", async () => {
  using stderr = new Stderr();
  const failing = new Thread(() => Promise.reject(new RangeError("no such seat")));
  await assertRejects(() => failing.start(), RangeError, "no such seat");
  // This program has closed the socket itself, as Python's daemon threads end.
  await new Thread(() => Promise.reject(new SocketClosed())).start();
  assertEquals(stderr.lines, []);
});
