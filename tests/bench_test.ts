import { assert, assertEquals, assertMatch } from "@std/assert";
import { noProc, testUnless } from "./support/needs.ts";

testUnless(
  noProc,
  "the benchmark runs, prints a table, and writes its results and a plot",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const json = `${folder}/results.json`;
      const svg = `${folder}/plot.svg`;
      const bench = ".tasks/bench.ts";
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--allow-all", bench, "--quick", "--json", json, "--plot", svg],
      }).output();
      const table = new TextDecoder().decode(stdout);
      assert(success, new TextDecoder().decode(stderr));
      assertMatch(table, /raw room, 10 clients\n {2}deliveries a second +[1-9][\d,]*/);
      const results = JSON.parse(await Deno.readTextFile(json));
      assertEquals(results.rows.map(({ name }: { name: string }) => name), ["raw10"]);
      assert(results.rows[0].results.Deno.rate > 0);
      assertMatch(await Deno.readTextFile(svg), /^<svg[^]*raw room, 10 clients[^]*<\/svg>\n$/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
