import { assertEquals } from "@std/assert";
import { MessageSocket } from "../../lib/message_socket.ts";
import { SocketClosed } from "../../lib/socket.ts";
import { Thread } from "../../lib/thread.ts";
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
  for (const later of [false, true]) {
    using stderr = new Stderr();
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using peer = await Peer.connect(listener.addr.port);
    const client = new MessageSocket(await listener.accept(), { framing: "raw" });
    new Thread(async () => {
      if (later) await turn();
      client.send("good bye");
      throw new RangeError("no such seat");
    }, client).start();
    assertEquals(await peer.ended(), "good bye");
    assertEquals(stderr.lines, [`${peer.address} dropped: no such seat`]);
    peer.close();
    await client.close();
  }
});

Deno.test("a thread without a client that fails is told, one whose socket was closed is not", async () => {
  using stderr = new Stderr();
  new Thread(() => Promise.reject(new RangeError("no such seat"))).start();
  new Thread(() => Promise.reject(new SocketClosed())).start();
  new Thread(() => Promise.reject("a text")).start();
  await turn();
  assertEquals(stderr.lines, ["a thread ended: no such seat", "a thread ended: a text"]);
});
