// The frame: theme and other preferences at once, sidebar, progress line, confirmation, polyfill for command buttons.
import { on } from "./island";
import { post } from "./request";

const root = document.documentElement;

// Theme and density take effect before the answer; language, calendar and digits need a new page.
on("click", "[data-preferences] button[name]", (event, element) => {
  const button = element as HTMLButtonElement;
  const { name, value } = button;
  if (name !== "theme" && name !== "density") return;
  event.preventDefault();
  if (value === "auto" || value === "normal") delete root.dataset[name];
  else root.dataset[name] = value;
  for (const other of button.parentElement?.children ?? [])
    other.setAttribute("aria-pressed", String(other === button));
  void post("/-/preferences", { [name]: value, back: location.pathname + location.search });
});

on("click", "[data-nav-toggle]", () => {
  const rail = root.dataset["nav"] !== "rail";
  if (rail) root.dataset["nav"] = "rail";
  else delete root.dataset["nav"];
  document.cookie = `nav=${rail ? "rail" : "wide"};path=/;max-age=31536000;samesite=lax`;
});

on("submit", "form[data-confirm]", (event, form) => {
  if (!window.confirm(form.dataset["confirm"] ?? "")) event.preventDefault();
});

// `command`/`commandfor` for browsers that do not know them yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  on("click", "button[commandfor]", (_, button) => {
    const dialog = document.getElementById(button.getAttribute("commandfor") ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  });
}
if (!("closedBy" in HTMLDialogElement.prototype)) {
  document.addEventListener("click", (event) => {
    const at = event.target;
    if (at instanceof HTMLDialogElement && at.getAttribute("closedby") === "any") at.close();
  });
}

// A thin line says that something is under way, but only when it takes long enough to be noticed.
let timer = 0;
export function busy(yes: boolean): void {
  clearTimeout(timer);
  if (yes) timer = window.setTimeout(() => (document.body.dataset["busy"] = ""), 180);
  else delete document.body.dataset["busy"];
}
document.addEventListener("htmx:before:request", () => busy(true));
document.addEventListener("htmx:finally:request", () => busy(false));
window.addEventListener("pagehide", () => busy(false));
