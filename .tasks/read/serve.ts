// Serves the pages on this machine, until Ctrl+C.

import { print } from "../../lib/console.ts";
import { Failure } from "../../lib/errors.ts";

const FIRST_PORT = 8000;
/** How many ports are tried before it gives up. */
const PORTS = 100;

/** Serves the pages at the first free port, and prints the address after what was `made`. */
export async function serve(pages: ReadonlyMap<string, string>, made: string): Promise<void> {
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
    try {
      const server = Deno.serve({
        hostname: "127.0.0.1",
        port,
        onListen: () => print(`${made}: http://127.0.0.1:${port}/ (Ctrl+C ends it)`),
      }, ({ url }) => answer(pages, url));
      return await server.finished;
    } catch (error) {
      const { AddrInUse, PermissionDenied } = Deno.errors; // Windows keeps some ports for itself
      if (!(error instanceof AddrInUse || error instanceof PermissionDenied)) throw error;
    }
  }
  throw new Failure(
    `ports ${FIRST_PORT} to ${
      FIRST_PORT + PORTS - 1
    } are in use: end the programs there, or write the ` +
      "pages with --output FOLDER",
  );
}

function answer(pages: ReadonlyMap<string, string>, url: string): Response {
  const name = decodeURIComponent(new URL(url).pathname.slice(1)) || "index.html";
  const html = pages.get(name);
  return html === undefined
    ? new Response("There is no such page. The first one is /\n", { status: 404 })
    : new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}
