// In the browser: the switch between Korean and English. What was chosen is remembered, and given on with
// every link, because not every browser remembers anything for pages from a stick.

const root = document.documentElement;

function choose(language: string) {
  root.lang = language;
  try {
    localStorage.setItem("language", language);
  } catch {
    // A browser that keeps nothing for this page: the links below carry it.
  }
  show();
}

function show() {
  const language = root.lang;
  for (const button of document.querySelectorAll<HTMLElement>("[data-language]")) {
    button.ariaPressed = String(button.dataset["language"] === language);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    const [path = "", place] = link.getAttribute("href")!.split("#");
    const name = path.split("?")[0]!;
    if (!name.endsWith(".html")) continue; // a place on this page
    link.setAttribute("href", `${name}?lang=${language}${place === undefined ? "" : `#${place}`}`);
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element && target.closest<HTMLElement>("[data-language]");
  if (button) choose(button.dataset["language"]!);
});

choose(root.lang);
