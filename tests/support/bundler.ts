// Whether Deno's bundler (esbuild) is here: it gets it from npm when it is first used.

const { success } = await new Deno.Command(Deno.execPath(), {
  args: ["bundle", "--quiet", "scripts/soc1_server.ts"],
  stdin: "null",
  stdout: "null",
  stderr: "null",
}).output();

/** Why tests that bundle are skipped; undefined where they run. */
export const noBundler: string | undefined = success ? undefined : "needs esbuild, from npm";
