// The pages of `deno task read` in a real browser: Chromium, driven by Playwright. Skipped where there is
// none. `deno task test` runs it; by itself:
// deno test --config .tasks/read/tests/deno.json --allow-all .tasks/read/tests

import { Buffer } from "node:buffer"; // in which Playwright takes a file
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
// deno-lint-ignore no-import-prefix -- whatever a deno.lock lists is downloaded at a first start
import { type Browser, type BrowserContext, chromium, type Page } from "npm:playwright-core@1.65.1";
import { isInstalled } from "../../../tests/support/needs.ts";
import { noOriginals, originalFile, ORIGINALS } from "../../../tests/support/originals.ts";
import { Program } from "../../../tests/support/program.ts";
import { PYTHON } from "../../../tests/support/python.ts";

const CHROMIUM = "/usr/bin/chromium";
const ignore = !await isInstalled(CHROMIUM, "--version");
const why = ignore ? ` (skipped: there is no ${CHROMIUM})` : "";

/** A program of our own in the manner of the course's, with what the script has, and what it lacks. */
const LISTENER = `import socket
host = "0.0.0.0"
u = socket.socket(family=socket.AF_INET, type=socket.SOCK_DGRAM)
u.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
u.bind((host, 20001))
print("UDP server up and listening")
print("this line is not in the script")
while True:
    c, addr = u.recvfrom(1024)
    u.sendto(b"Hello UDP Client", addr)
`;

interface Options {
  /** The originals: `name.py` and its text. */
  originals?: Record<string, string>;
  /** A folder of originals. */
  folder?: string;
  width?: number;
  colorScheme?: "light" | "dark";
  touch?: boolean;
}

/** What a test is given: the folder of the pages, a page in the browser, and what that has asked for. */
interface Reading {
  url: (page: string) => string;
  page: Page;
  context: BrowserContext;
  requests: string[];
  errors: string[];
}

let browser: Promise<Browser> | undefined;

/** Makes the pages, opens a browser, and sees that nothing was asked for but these pages. */
async function reading(options: Options, work: (reading: Reading) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  browser ??= chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
      .concat(["--disable-background-networking", "--disable-component-update", "--disable-sync"]),
  });
  const context = await (await browser).newContext({
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.colorScheme ?? "light",
    hasTouch: options.touch ?? false,
  });
  try {
    await makePages(options, folder);
    const page = await context.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    context.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    const url = (page: string) => `file://${folder}/pages/${page}`;
    await work({ url, page, context, requests, errors });
    const left = requests.filter((request) =>
      !request.startsWith(url("")) && !request.startsWith("data:")
    );
    assertEquals(left, [], "requests that left the pages");
    assertEquals(errors, [], "errors in the pages");
  } finally {
    await context.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function makePages({ originals, folder }: Options, into: string) {
  let from = folder;
  if (originals) {
    from = `${into}/originals`;
    await Deno.mkdir(from);
    for (const [name, text] of Object.entries(originals)) {
      await Deno.writeTextFile(`${from}/${name}`, text);
    }
  }
  const given = from === undefined ? [] : ["--originals", from];
  await using task = new Program("deno task read", Deno.execPath(), [
    ...["task", "--quiet", "read", ...given, "--output", `${into}/pages`],
  ], { limit: 120_000 });
  assertEquals(await task.ended().then(({ code }) => code), 0);
}

/** Goes on with Tab until the focus is on what the selector says. */
async function tabTo(page: Page, selector: string) {
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) {
      return;
    }
  }
  throw new Error(`200 times Tab did not lead to ${selector}`);
}

const top = (page: Page, selector: string) =>
  page.locator(selector).first().evaluate((element) => element.getClientRects()[0]!.top);

const options = { ignore };

Deno.test(`read: every page opens, and none asks for anything${why}`, options, async () => {
  await reading({ originals: { "listener.py": LISTENER } }, async ({ page, url }) => {
    await page.goto(url("index.html"));
    const links = await page.locator(".exercises h3 a").evaluateAll((all) =>
      all.map((link) => link.getAttribute("href")!)
    );
    assert(links.length >= 15, `${links.length} exercises`);
    for (const link of links) {
      await page.goto(url(link));
      assert(await page.locator(".pair .code .line").count() > 10, link);
      if (!link.startsWith("json_types")) {
        assert(await page.locator("#protocol svg >> visible=true").count() === 1, link);
      }
      assert(await page.locator("#run .command").count() > 0, link);
    }
  });
});

Deno.test(
  `read: pointing at a name shows its partner, the difference and the doc${why}`,
  options,
  async () => {
    await reading({ originals: { "listener.py": LISTENER } }, async ({ page, url }) => {
      await page.goto(url("listener-notify.html"));
      await page.hover("#listener .python .tie:text-is('recvfrom')");
      assertEquals(await page.locator("#listener .script .tie.lit").allTextContents(), [
        "recvfrom",
      ]);
      const card = page.locator("#card");
      await card.waitFor();
      assertStringIncludes(await card.innerText(), "UdpSocket.recvfrom");
      assertStringIncludes(await card.innerText(), "긴 데이터그램도 잘리지 않고 옵니다");
      assertStringIncludes(await card.innerText(), "The next datagram, whole, and its sender");
      await page.hover("#listener .python .tie:text-is('setsockopt')");
      assertEquals(await page.locator("#listener .script .tie.lit").allTextContents(), [
        "Deno.listenDatagram",
      ]);
      await page.hover("h1");
      await card.waitFor({ state: "hidden" });
    });
  },
);

Deno.test(
  `read: by keyboard a name shows its partner, and leads to its source${why}`,
  options,
  async () => {
    await reading({ originals: { "listener.py": LISTENER } }, async ({ page, url }) => {
      await page.goto(url("listener-notify.html"));
      await tabTo(page, "#listener .script .tie[data-doc='UdpSocket.sendto']");
      assertEquals(await page.locator("#listener .python .tie.lit").allTextContents(), ["sendto"]);
      await page.locator("#card").waitFor();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      assertEquals(await page.evaluate(() => document.activeElement?.textContent), "sendto");
      assert(await page.locator("#card").isHidden());
      await page.keyboard.press("Tab");
      await page.keyboard.press("Shift+Tab");
      await page.locator("#card").waitFor();
      await page.keyboard.press("Enter"); // to its partner,
      await page.keyboard.press("Tab"); // and on to its source
      await page.keyboard.press("Enter");
      await page.waitForURL(/lib-udp\.html.*#L\d+$/);
      const line = await page.locator(".line:target").innerText();
      assertStringIncludes(line, "async sendto(");
    });
  },
);

Deno.test(`read: the language is switched, and stays on the next page${why}`, options, async () => {
  await reading({}, async ({ page, url }) => {
    await page.goto(url("index.html"));
    assertStringIncludes(await page.locator("main").innerText(), "소켓 과제 나란히 읽기");
    await page.click("button[data-language=en]");
    const text = await page.locator("main").innerText();
    assertStringIncludes(text, "Socket exercises, side by side");
    assert(!text.includes("나란히"), "no Korean line is left");
    await page.click("a[href^='case.html']");
    assertStringIncludes(await page.locator("main").innerText(), "The protocol");
    await page.goto(url("chat.html")); // not by a link: it is remembered
    assertEquals(await page.locator("html").getAttribute("lang"), "en");
    await page.click("button[data-language=ko]");
    assertStringIncludes(await page.locator("main").innerText(), "프로토콜");
  });
});

Deno.test(`read: a file that is dropped is laid beside the script${why}`, options, async () => {
  await reading({}, async ({ page, url, requests }) => {
    await page.goto(url("listener-notify.html"));
    const before = requests.length;
    assertEquals(await page.locator("#listener .python .line").count(), 0);
    const files = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "mine.py"));
      return transfer;
    }, LISTENER);
    await page.dispatchEvent("#listener .drop", "drop", { dataTransfer: files });
    await page.locator("#listener .python .line").first().waitFor();
    const says = '[data-mark]:has-text("UDP server up and listening")';
    assertEquals(
      await top(page, `#listener .python ${says}`),
      await top(page, `#listener .script ${says}`),
    );
    const only = page.locator(".row", { hasText: "this line is not in the script" });
    assertEquals(await only.locator(".script .line").count(), 0);
    assertStringIncludes(await page.locator("#listener .told").innerText(), "mine.py");
    assertEquals(requests.length, before, "it goes nowhere");
    assertEquals(await page.locator("#notify .drop").count(), 1); // the other pair is as it was
  });
});

Deno.test(
  `read: a file can be chosen, in the code page of Windows too; what is no text is refused${why}`,
  options,
  async () => {
    await reading({}, async ({ page, url }) => {
      await page.goto(url("soc1.html"));
      const choose = page.locator("#soc1_client .drop input");
      await choose.setInputFiles({
        name: "photo.py",
        mimeType: "text/x-python",
        buffer: Buffer.from([0, 1, 2]),
      });
      await page.locator("#soc1_client .told", { hasText: "photo.py" }).waitFor();
      assertEquals(await page.locator("#soc1_client .python .line").count(), 0);
      const euckr = [0xbe, 0xc8, 0xb3, 0xe7]; // 안녕
      const text = [
        ...new TextEncoder().encode('s.sendall("'),
        ...euckr,
        ...new TextEncoder().encode('!")\\n'),
      ];
      await choose.setInputFiles({
        name: "hello.py",
        mimeType: "text/x-python",
        buffer: Buffer.from(text),
      });
      await page.locator("#soc1_client .python .mark:has-text('안녕!')").waitFor();
      assertEquals(await page.locator("#soc1_client").getAttribute("data-marks"), "1/1");
    });
  },
);

Deno.test(`read: a command is copied with a click${why}`, options, async () => {
  await reading({}, async ({ page, context, url }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(url("chat.html"));
    const command = page.locator("#run .command", { hasText: "deno run" }).first();
    await command.locator("button").click();
    await command.locator("button.done").waitFor();
    assertEquals(
      await page.evaluate(() => navigator.clipboard.readText()),
      "deno run --allow-net scripts/chat_client.ts",
    );
  });
});

Deno.test(
  `read: on a phone one stands below the other, and a tap shows the partner${why}`,
  options,
  async () => {
    const phone = { originals: { "listener.py": LISTENER }, width: 390, touch: true };
    await reading(phone, async ({ page, url }) => {
      for (const name of ["index", "listener-notify", "chat", "cinema", "lib-socket"]) {
        await page.goto(url(`${name}.html`));
        assertEquals(await page.evaluate(() => document.documentElement.scrollWidth), 390, name);
      }
      await page.goto(url("listener-notify.html"));
      const says = '[data-mark]:has-text("UDP server up and listening")';
      const python = await top(page, `#listener .python ${says}`);
      const script = await top(page, `#listener .script ${says}`);
      assert(script > python && script < python + 900, `${python} and ${script}`);
      await page.tap("#listener .python .tie:text-is('bind')");
      assertEquals(await page.locator("#listener .script .tie.lit").allTextContents(), [
        "Deno.listenDatagram",
      ]);
      await page.locator("#card").waitFor();
      const card = await page.locator("#card").boundingBox();
      assertEquals(Math.round(card!.y + card!.height), 900, "the card is at the bottom");
    });
  },
);

Deno.test(
  `read: dark where the system is, and on paper with both sides${why}`,
  options,
  async () => {
    const dark = { originals: { "listener.py": LISTENER }, colorScheme: "dark" as const };
    await reading(dark, async ({ page, url }) => {
      await page.goto(url("listener-notify.html"));
      const background = () =>
        page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const brightness = async () =>
        (await background()).match(/\d+/g)!.slice(0, 3).reduce(
          (sum, each) => sum + Number(each),
          0,
        ) / 3;
      assert(await brightness() < 60);
      await page.emulateMedia({ media: "print" });
      assert(await brightness() > 240);
      assert(await page.locator("button >> visible=true").count() === 0, "no buttons on paper");
      assert(await page.locator("#listener .python .line >> visible=true").count() > 5);
    });
  },
);

const needs = ignore ? why : noOriginals ? ` (skipped: ${noOriginals})` : "";
Deno.test(`read: every mark of every original stands on one height with its partner${needs}`, {
  ignore: ignore || noOriginals !== undefined,
}, async () => {
  await reading({ folder: ORIGINALS }, async ({ page, url }) => {
    await page.goto(url("index.html"));
    const links = await page.locator(".exercises h3 a").evaluateAll((all) =>
      all.map((link) => link.getAttribute("href")!)
    );
    let all = 0;
    for (const link of links) {
      await page.goto(url(link));
      for (const pair of await page.locator(".pair:not(:has(.drop))").all()) {
        const file = await pair.locator(".head.python .file").innerText();
        const expected = await marksOf(originalFile(file));
        // Wider and narrower, as the letters of other machines are.
        for (const size of ["10px", "12.5px", "14px", "15px", "17px"]) {
          await page.evaluate((size) => {
            document.documentElement.style.setProperty("--code-size", size);
            dispatchEvent(new Event("resize"));
          }, size);
          const shown = await pair.locator(".python .mark").evaluateAll((marks) =>
            marks.map((mark) => {
              const line = mark.closest(".line")!.querySelector(".number")!.textContent;
              const partner = mark.closest(".pair")!.querySelector(
                `.script .mark[data-mark="${mark.getAttribute("data-mark")}"]`,
              );
              const top = (element: Element) => element.getClientRects()[0]!.top;
              return {
                mark: [Number(line), mark.textContent],
                text: partner?.textContent,
                apart: partner ? Math.abs(top(partner) - top(mark)) : Infinity,
              };
            })
          );
          assertEquals(shown.map(({ mark }) => mark), expected, file);
          for (const { mark, text, apart } of shown) {
            assertMatch(
              squash(text ?? "none"),
              new RegExp(`^${RegExp.escape(squash(String(mark[1])))}$`),
            );
            const where = `${file}: ${mark.join(", ")}, letters of ${size}`;
            assert(apart < 1, `${where}: ${apart} pixels from its partner`);
          }
        }
        all += expected.length;
      }
    }
    assert(all > 100, `${all} marks`);
  });
});

const squash = (text: string) => text.replaceAll("_", "").toLowerCase();

/** The marks of an original, read by Python itself: [line, text]. */
async function marksOf(path: string): Promise<[number, string][]> {
  await using python = new Program("marks.py", PYTHON, [".tasks/read/tests/marks.py"], {
    stdin: true,
  });
  await python.type(await Deno.readTextFile(path));
  await python.endInput();
  return JSON.parse((await python.ended()).stdout);
}

Deno.test.afterAll(async () => {
  await (await browser)?.close();
});
