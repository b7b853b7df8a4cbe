// Types for the parts of @std that this project uses. They stand here because the npm package that
// deno.json maps @std to carries none; signatures are those of JSR's packages, cut to what is used.
// Taking @std from JSR (see README) makes this file unnecessary.

declare module "@std/cli/parse-args" {
  export interface ParseOptions {
    "--"?: boolean;
    alias?: Record<string, string | string[]>;
    boolean?: boolean | string | readonly string[];
    default?: Record<string, unknown>;
    string?: string | readonly string[];
    collect?: string | readonly string[];
    negatable?: string | readonly string[];
    stopEarly?: boolean;
    unknown?: (arg: string, key?: string, value?: unknown) => unknown;
  }
  export function parseArgs(
    args: readonly string[],
    options?: ParseOptions,
  ): Record<string, unknown> & { _: (string | number)[] };
}

declare module "@std/cli/prompt-secret" {
  export interface PromptSecretOptions {
    mask?: string;
    clear?: boolean;
  }
  export function promptSecret(message?: string, options?: PromptSecretOptions): string | null;
}

declare module "@std/encoding/hex" {
  export function encodeHex(src: string | Uint8Array | ArrayBuffer): string;
  export function decodeHex(src: string): Uint8Array<ArrayBuffer>;
}

declare module "@std/fmt/colors" {
  export function bold(str: string): string;
  export function dim(str: string): string;
  export function red(str: string): string;
  export function green(str: string): string;
  export function yellow(str: string): string;
  export function cyan(str: string): string;
  export function setColorEnabled(value: boolean): void;
}

declare module "@std/assert" {
  export class AssertionError extends Error {
    constructor(message: string, options?: ErrorOptions);
  }
  export function assert(expr: unknown, msg?: string): asserts expr;
  export function equal(a: unknown, b: unknown): boolean;
  export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertMatch(actual: string, expected: RegExp, msg?: string): void;
  export function assertStringIncludes(actual: string, expected: string, msg?: string): void;
  export function assertThrows<E extends Error = Error>(
    fn: () => unknown,
    ErrorClass: new (...args: never[]) => E,
    msgIncludes?: string,
    msg?: string,
  ): E;
  export function assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    ErrorClass: new (...args: never[]) => E,
    msgIncludes?: string,
    msg?: string,
  ): Promise<E>;
  export function fail(msg?: string): never;
}
