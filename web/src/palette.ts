// Command palette: Ctrl-K, search while typing, arrows, Enter.
import { on } from "./island";
import { getText } from "./request";

const dialog = () => document.getElementById("palette") as HTMLDialogElement | null;
const box = () => dialog()?.querySelector<HTMLInputElement>("input[name=q]") ?? null;
const list = () => document.getElementById("palette-list");
const items = () => [...(list()?.querySelectorAll<HTMLElement>(".palette-item") ?? [])];

let running: AbortController | undefined;
let timer = 0;

export function openPalette(): void {
  const d = dialog();
  if (!d || d.open) return;
  d.showModal();
  box()?.select();
  void search();
}

async function search(): Promise<void> {
  const target = list();
  if (!target) return;
  running?.abort();
  running = new AbortController();
  try {
    target.innerHTML = await getText(`/-/palette?q=${encodeURIComponent(box()?.value ?? "")}`, running.signal);
    choose(0);
  } catch (error) {
    if (!(error instanceof DOMException)) target.replaceChildren();
  }
}

function choose(index: number): void {
  const all = items();
  const at = all.length ? (index + all.length) % all.length : -1;
  all.forEach((item, i) => {
    item.id ||= `palette-${i}`;
    item.setAttribute("aria-selected", String(i === at));
  });
  const chosen = all[at];
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) box()?.setAttribute("aria-activedescendant", chosen.id);
  else box()?.removeAttribute("aria-activedescendant");
}

on("click", "[data-palette-open]", (event) => {
  if (!dialog()) return;
  event.preventDefault();
  openPalette();
});
on("input", "#palette input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(() => void search(), 120);
});
on("keydown", "#palette", (event) => {
  const at = items().findIndex((i) => i.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(at + 1);
  else if (event.key === "ArrowUp") choose(at - 1);
  else if (event.key === "Enter" && at >= 0 && event.target instanceof HTMLInputElement) {
    const href = items()[at]?.getAttribute("href");
    if (!href) return;
    if (event.ctrlKey || event.metaKey) window.open(href, "_blank");
    else location.href = href;
  } else return;
  event.preventDefault();
});
