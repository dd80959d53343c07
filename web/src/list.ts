// The list: ticks and the bar of mass actions, the keyboard, editing a cell where it stands.
import { island, on } from "./island";
import { openPalette } from "./palette";
import { getText, post, reason, Refused } from "./request";
import { toast } from "./toast";
import { digits, word } from "./words";

// ---- ticks -----------------------------------------------------------------
const ticks = () => [...document.querySelectorAll<HTMLInputElement>(".row-tick")];
let last: HTMLInputElement | undefined;

function count(): void {
  const all = ticks();
  const on = all.filter((t) => t.checked).length;
  const bar = document.querySelector<HTMLElement>("[data-mass]");
  if (bar) {
    bar.hidden = on === 0;
    bar.querySelector("[data-mass-count]")!.textContent = digits(on);
  }
  const whole = document.querySelector<HTMLInputElement>("[data-tick-all]");
  if (whole) {
    whole.checked = on > 0 && on === all.length;
    whole.indeterminate = on > 0 && on < all.length;
  }
  for (const tick of all) tick.closest("tr")?.setAttribute("aria-selected", String(tick.checked));
}

on("click", ".row-tick", (event, element) => {
  const tick = element as HTMLInputElement;
  if (event.shiftKey && last) {
    const all = ticks();
    const [a, b] = [all.indexOf(last), all.indexOf(tick)].sort((x, y) => x - y) as [number, number];
    if (a >= 0) for (const between of all.slice(a, b + 1)) between.checked = tick.checked;
  }
  last = tick;
  count();
});
on("change", "[data-tick-all]", (_, element) => {
  for (const tick of ticks()) tick.checked = (element as HTMLInputElement).checked;
  count();
});
on("click", "[data-mass-clear]", () => {
  for (const tick of ticks()) tick.checked = false;
  count();
});
island("[data-rows]", () => count());
// Sorting, filtering and paging keep the ticks of rows that stay; another page begins at its top.
document.addEventListener("htmx:after:swap", (event) => {
  count();
  const source = (event as CustomEvent<{ ctx?: { sourceElement?: Element } }>).detail.ctx?.sourceElement;
  if (source?.closest(".pager")) document.querySelector(".table-wrap")?.scrollTo({ top: 0 });
});

// ---- keyboard --------------------------------------------------------------
const rows = () => [...document.querySelectorAll<HTMLElement>("[data-rows] tr[data-id]")];
const cursor = () => document.querySelector<HTMLElement>("tr[data-cursor]");

function move(by: number): void {
  const all = rows();
  const at = all.findIndex((r) => r.hasAttribute("data-cursor"));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (!next) return;
  cursor()?.removeAttribute("data-cursor");
  next.setAttribute("data-cursor", "");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector<HTMLElement>("a.row-title")?.focus({ preventScroll: true });
}

const typing = (at: EventTarget | null) =>
  at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) && !(at as HTMLInputElement).matches(".tick");

/** Keys follow the place on the keyboard, so that they work with an Arabic layout too. */
document.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.code === "KeyK") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (command && event.code === "KeyS") {
    const form = document.querySelector<HTMLFormElement>("form.form");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (command && event.key === "Enter" && event.target instanceof HTMLElement && event.target.matches("[data-submit-keys]")) {
    (event.target as HTMLTextAreaElement).form?.requestSubmit();
    return;
  }
  if (command || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const go = (selector: string) => document.querySelector<HTMLElement>(selector);
  switch (event.code) {
    case "KeyJ":
      move(1);
      break;
    case "KeyK":
      move(-1);
      break;
    case "KeyX": {
      const tick = cursor()?.querySelector<HTMLInputElement>(".row-tick");
      if (!tick) return;
      tick.checked = !tick.checked;
      last = tick;
      count();
      break;
    }
    case "KeyE": {
      const cell = cursor()?.querySelector<HTMLElement>("[data-edit]") ?? null;
      const edit = go("[data-edit-record]");
      if (cell) void edit_(cell);
      else if (edit) edit.click();
      else return;
      break;
    }
    case "KeyC":
      go("[data-create], [popovertarget=create-menu]")?.click();
      break;
    case "Slash":
      if (event.shiftKey) (document.getElementById("shortcuts") as HTMLDialogElement | null)?.showModal();
      else (go("[data-find]") ?? go("[data-palette-open]"))?.[go("[data-find]") ? "focus" : "click"]();
      break;
    default:
      return;
  }
  event.preventDefault();
});

// ---- a cell in place -------------------------------------------------------
async function edit_(cell: HTMLElement): Promise<void> {
  const url = cell.dataset["edit"];
  if (!url || cell.hasAttribute("data-editing")) return;
  const before = cell.innerHTML;
  try {
    cell.innerHTML = await getText(url);
  } catch (error) {
    toast("bad", word("not-saved"), reason(error));
    return;
  }
  cell.setAttribute("data-editing", "");
  const form = () => cell.querySelector<HTMLFormElement>("form");
  const first = () => cell.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea");
  const close = (html: string) => {
    cell.removeAttribute("data-editing");
    cell.innerHTML = html;
    cell.removeEventListener("keydown", keys);
    cell.removeEventListener("focusout", leave);
  };
  const initial = new URLSearchParams(new FormData(form()!) as never).toString();
  const unchanged = () => new URLSearchParams(new FormData(form()!) as never).toString() === initial;
  let saving = false;
  const save = async () => {
    if (saving) return;
    if (unchanged()) return close(before);
    saving = true;
    try {
      const response = await post(url, new FormData(form()!));
      const rev = response.headers.get("X-Revision");
      const row = cell.closest<HTMLElement>("[data-rev]");
      if (rev && row) row.dataset["rev"] = rev;
      close(await response.text());
      cell.setAttribute("data-saved", "");
      window.setTimeout(() => cell.removeAttribute("data-saved"), 1300);
    } catch (error) {
      saving = false;
      cell.setAttribute("data-failed", "");
      window.setTimeout(() => cell.removeAttribute("data-failed"), 2500);
      // A refused value stays in the box with its error; anything else (no network, conflict) is said.
      if (error instanceof Refused && error.status === 422 && error.body.includes("<form")) {
        cell.innerHTML = error.body;
        first()?.focus();
      } else toast("bad", word("not-saved"), reason(error) || word("offline"));
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close(before);
      cell.querySelector<HTMLElement>("a, button")?.focus();
    } else if (event.key === "Enter" && !(event.target instanceof HTMLTextAreaElement && !event.ctrlKey)) {
      if (event.target instanceof HTMLElement && event.target.closest(".combo") && event.defaultPrevented) return;
      event.preventDefault();
      void save();
    }
  };
  const leave = (event: FocusEvent) => {
    if (event.relatedTarget instanceof Node && cell.contains(event.relatedTarget)) return;
    window.setTimeout(() => {
      if (!cell.contains(document.activeElement) && cell.hasAttribute("data-editing")) void save();
    }, 150);
  };
  cell.addEventListener("keydown", keys);
  cell.addEventListener("focusout", leave);
  form()?.addEventListener("submit", (event) => {
    event.preventDefault();
    void save();
  });
  first()?.focus();
  if (first() instanceof HTMLInputElement) (first() as HTMLInputElement).select();
}

on("dblclick", "td[data-edit], dd[data-edit]", (_, cell) => void edit_(cell));
// A single click edits when it lands on the empty part of the cell, not on a link.
on("click", "dd[data-edit]", (event, cell) => {
  if (event.target === cell || (event.target instanceof Element && event.target.closest(".none"))) void edit_(cell);
});
on("submit", "form[data-reset]", (_, form) => window.setTimeout(() => (form as HTMLFormElement).reset(), 400));
