// In the browser: what is copied. A click copies a command or a script; selecting takes one side only, so
// that it is one program.

document.addEventListener("pointerdown", ({ target }) => {
  const side = target instanceof Element && target.closest(".python, .script");
  const code = side && side.closest<HTMLElement>(".code");
  if (code) code.dataset["selects"] = side.classList.contains("python") ? "python" : "script";
});

document.addEventListener("click", async ({ target }) => {
  const button = target instanceof Element && target.closest<HTMLElement>("[data-copy]");
  if (!button) return;
  await copy(button.dataset["copy"]!);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
});

async function copy(text: string) {
  if (navigator.clipboard) return await navigator.clipboard.writeText(text);
  // Over http a browser has no clipboard for pages; a selection can be copied all the same.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
