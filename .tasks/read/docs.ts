// What a script takes from lib: the doc comment of each name and method, and where its source stands.
// `deno doc` is asked; nothing about lib is written here.

import type { Code, Part } from "./code.ts";

/** A doc comment, and where what it describes stands. */
export interface Doc {
  /** As a reader knows it: `print`, or `MessageListener.accept`. */
  name: string;
  text: string;
  /** The file, as `lib/socket.ts`, and the line in it, from 1. */
  file: string;
  line: number;
}

/** A place in a script where something from lib is named. */
export interface Mention extends Part {
  doc: string;
}

/** The docs of what a script mentions, by their names, and where it does. */
export interface ScriptDocs {
  docs: Record<string, Doc>;
  mentions: Mention[];
}

/** What `deno doc --json` says, as far as it is used. */
interface DenoDoc {
  nodes: Record<string, { symbols: { name: string; declarations: Declaration[] }[] }>;
}

interface Documented {
  jsDoc?: { doc?: string };
  location: { filename: string; line: number };
}

interface Declaration extends Documented {
  def: {
    methods?: (Documented & { name: string; functionDef?: Returning; returnType?: Type })[];
  };
}

interface Returning {
  returnType?: Type;
}

interface Type {
  kind: string;
  repr?: string;
  value: unknown;
}

/** A class or an interface: the class that each of its methods gives, if it gives one, or a tuple of it. */
type Methods = Map<string, string | undefined>;

/** Of which class a variable is from some place on. */
interface Fact {
  variable: string;
  owner: string;
  at: number;
  /** It is a collection of such. */
  holds: boolean;
}

/** All that deno doc knows of the modules that were asked about. */
export class Library {
  readonly #docs = new Map<string, Doc>();
  readonly #classes = new Map<string, Methods>();

  /** Asks about these modules, named as in `lib/socket.ts`. Throws an Error with what deno doc says. */
  static async read(root: URL, modules: readonly string[]): Promise<Library> {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["doc", "--json", ...modules],
      cwd: root,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    if (!success) throw new Error(`deno doc: ${new TextDecoder().decode(stderr).trim()}`);
    // The shape is that of Deno's own tool; tests/read_test.ts would see it change.
    return new Library(root, JSON.parse(new TextDecoder().decode(stdout)) as DenoDoc);
  }

  private constructor(root: URL, { nodes }: DenoDoc) {
    const note = (name: string, { jsDoc, location }: Documented) => {
      if (!location.filename.startsWith(root.href)) return; // a type of Deno's own
      const file = location.filename.slice(root.href.length);
      this.#docs.set(name, { name, text: jsDoc?.doc ?? "", file, line: location.line + 1 });
    };
    for (const { symbols } of Object.values(nodes)) {
      for (const { name, declarations } of symbols) {
        for (const declaration of declarations) {
          note(name, declaration);
          const methods = declaration.def?.methods ?? [];
          if (methods.length === 0) continue;
          this.#classes.set(name, new Map());
          for (const method of methods) {
            note(`${name}.${method.name}`, method);
            const given = method.functionDef?.returnType ?? method.returnType;
            this.#classes.get(name)!.set(method.name, firstClass(given));
          }
        }
      }
    }
  }

  /** What the script mentions of all that. */
  of(script: Code): ScriptDocs {
    const mentions: Mention[] = [];
    const docs: Record<string, Doc> = {};
    const mention = (name: string, start: number, end: number) => {
      const doc = this.#docs.get(name);
      if (doc === undefined) return;
      docs[name] = doc;
      mentions.push({ start, end, doc: name });
    };
    const imported = new Set(importsOf(script).flatMap(({ names }) => names));
    for (const { 0: word, index } of script.bare.matchAll(/(?<![.\w])[A-Za-z_]\w*(?!\w|:)/g)) {
      if (imported.has(word)) mention(word, index, index + word.length);
    }
    const facts = this.#facts(script.bare);
    for (const match of script.bare.matchAll(/(\w+!?|\))\.(\w+)\(/gd)) {
      const [, receiver, method] = match;
      const [start, end] = match.indices![2]!;
      const known = facts.filter(({ variable, holds }) => variable === receiver && !holds);
      const nearest = known.findLast(({ at }) => at < start) ?? known[0];
      const owner = receiver === ")" // `new Thread(...).start()`
        ? [...imported].find((name) => this.#classes.get(name)?.has(method!))
        : this.#classes.has(receiver!)
        ? receiver
        : nearest?.owner;
      mention(`${owner}.${method}`, start, end);
    }
    return { docs, mentions: mentions.sort((a, b) => a.start - b.start) };
  }

  /** Of which class variables are, as far as the text shows. */
  #facts(bare: string): Fact[] {
    const facts: Fact[] = [];
    const parents = new Map(
      Array.from(bare.matchAll(/class (\w+) extends (\w+)/g), ([, name, parent]) => [name, parent]),
    );
    const learn = (
      variable: string | undefined,
      type: string | undefined,
      at: number,
      holds = false,
    ) => {
      const owner = parents.get(type) ?? type;
      if (variable && owner && this.#classes.has(owner)) facts.push({ variable, owner, at, holds });
    };
    const ownerOf = (variable: string | undefined) =>
      facts.findLast((fact) => fact.variable === variable)?.owner ?? variable ?? "";
    // name: Class | name = new Class( | name = new Set<Class>( | name of names |
    // const name = await other.method( | const [name, ...] = await other.method(
    const pattern =
      /(\w+)!?: (\w+)|(\w+) = new (\w+)(?:<(?:[^<>]*, *)?(\w+)>)?\(|(\w+) of (\w+)|(?:const|let) \[?(\w+)\b[^=\n]*? = (?:await )?(?:this\.)?(\w+)\.(\w+)\(/g;
    for (const match of bare.matchAll(pattern)) {
      const [, annotated, type, made, maker, content, each, all, given, giver, method] = match;
      learn(annotated, type, match.index);
      learn(made, content ?? maker, match.index, content !== undefined);
      learn(each, ownerOf(all), match.index);
      const owner = ownerOf(giver);
      const result = this.#classes.get(owner)?.get(method ?? "");
      learn(given, result ?? (method === "get" ? owner : undefined), match.index);
    }
    // `for (const client of clients)` may stand before `const clients = new Set<Client>()`.
    for (const { 1: each, 2: all, index } of bare.matchAll(/(\w+) of (\w+)/g)) {
      learn(each, ownerOf(all), index);
    }
    return facts;
  }
}

/** What a script imports from lib, module by module. */
export function importsOf(script: Code): { module: string; names: string[] }[] {
  const imports = script.source.matchAll(
    /^import (?:type )?\{([^}]*)\} from "\.\.\/(lib\/[^"]+)";$/gm,
  );
  return Array.from(imports, ([, names, module]) => ({
    module: module!,
    names: names!.split(",").map((name) => name.trim().replace(/^type /, "")).filter(Boolean),
  }));
}

/** The first class that a type names: of a promise what it promises, of a tuple its first item. */
function firstClass(type: Type | undefined): string | undefined {
  if (type === undefined) return undefined;
  if (type.kind === "tuple" && Array.isArray(type.value)) return firstClass(type.value[0]);
  if (type.kind !== "typeRef") return undefined;
  const { typeName, typeParams } = type.value as { typeName: string; typeParams?: Type[] };
  return typeName === "Promise" ? firstClass(typeParams?.[0]) : typeName;
}
