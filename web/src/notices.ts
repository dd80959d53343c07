// The bell: how many are new, the newest in a popover, and a word at the edge when one comes while the page is open.
import { on } from "./island";
import { getText, post } from "./request";
import { toast } from "./toast";
import { word } from "./words";

type News = { unseen: number; shown: string; newest?: { say: string; text: string; href: string } | null };

const bell = () => document.querySelector<HTMLElement>("[data-bell]");
const popover = () => document.getElementById("bell-popover");
let told = "";

/** What the server says of the reader's notices. */
export function noticed(news: News): void {
  const link = bell()?.querySelector("a");
  if (!link) return;
  let count = link.querySelector(".bell-count");
  if (news.unseen === 0) count?.remove();
  else {
    if (!count) {
      count = document.createElement("span");
      count.className = "bell-count";
      count.setAttribute("aria-hidden", "true");
      link.append(count);
    }
    count.textContent = news.shown;
  }
  const name = link.querySelector(".visually-hidden");
  if (name) name.textContent = news.unseen ? `${word("notifications")}: ${news.shown}` : word("notifications");
  const newest = news.newest;
  if (newest && news.unseen && told !== newest.say + newest.text) {
    told = newest.say + newest.text;
    toast("info", newest.say, newest.text, newest.href);
    if (popover()?.matches(":popover-open")) void fill();
  }
}

async function fill(): Promise<void> {
  const box = popover();
  if (!box) return;
  try {
    box.innerHTML = await getText("/-/notifications/bell");
    await post("/-/notifications/seen", {});
  } catch {
    location.href = "/-/notifications";
  }
}

on("click", "[data-bell] > a", (event) => {
  const box = popover();
  // On a phone the page is the better place.
  if (!box || event.ctrlKey || event.metaKey || event.shiftKey || matchMedia("(max-width: 40rem)").matches) return;
  event.preventDefault();
  if (box.matches(":popover-open")) box.hidePopover();
  else {
    void fill().then(() => {
      box.showPopover();
      box.querySelector<HTMLElement>("a, button")?.focus();
    });
  }
});

on("click", "[data-notices-read-all]", () => void post("/-/notifications/read", { all: "1" }).then(fill));

on("submit", ".bell-popover .notice-do", (event, form) => {
  event.preventDefault();
  void post("/-/notifications/read", new FormData(form as HTMLFormElement)).then(fill);
});

// Arrows go from notice to notice, `m` marks the one in focus.
on("keydown", "[data-notices]", (event, list) => {
  const rows = [...list.querySelectorAll<HTMLElement>(".notice")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step) rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.querySelector("a")?.focus();
  else if (event.key === "m" && at >= 0) rows[at]?.querySelector<HTMLButtonElement>(".notice-do button")?.click();
  else return;
  event.preventDefault();
});

on("change", "form[data-auto-submit]", (_, form) => (form as HTMLFormElement).requestSubmit());
