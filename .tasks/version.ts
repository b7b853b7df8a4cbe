// `deno task lint` begins with this: where Deno is too old, a line says so before its formatter and its
// type checker say things that nobody understands.

import { run } from "../lib/script.ts";

await run(() => Promise.resolve());
