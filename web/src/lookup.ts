// A box that finds records of an object while typing and keeps their ids in hidden parts of the form.
import { island } from "./island";
import { getText } from "./request";
import { drawing, word } from "./words";

island("[data-lookup]", (combo) => {
  const object = combo.dataset["lookup"] ?? "";
  const name = combo.dataset["name"] ?? "";
  const multiple = combo.hasAttribute("data-multiple");
  const input = combo.querySelector<HTMLInputElement>(".combo-input");
  const list = combo.querySelector<HTMLElement>(".listbox");
  if (!input || !list) return;

  const options = () => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  const tokens = () => [...combo.querySelectorAll<HTMLElement>(".combo-token")];
  let running: AbortController | undefined;
  let timer = 0;

  const show = (open: boolean) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  };
  const choose = (index: number) => {
    const all = options();
    const at = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, i) => {
      option.id ||= `${list.id}-${i}`;
      option.setAttribute("aria-selected", String(i === at));
    });
    const chosen = all[at];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
  };
  const search = async () => {
    running?.abort();
    running = new AbortController();
    try {
      list.innerHTML = await getText(`/-/lookup/${object}?q=${encodeURIComponent(input.value)}`, running.signal);
      show(document.activeElement === input);
      choose(0);
    } catch (error) {
      if (!(error instanceof DOMException)) show(false);
    }
  };
  // One chosen record leaves no room to type until it is taken off again.
  const settle = () => {
    const full = !multiple && tokens().length > 0;
    input.hidden = full;
    input.value = full ? "" : input.value;
    input.required = combo.hasAttribute("data-required") && tokens().length === 0;
  };
  const take = (option: HTMLElement) => {
    const value = option.dataset["value"];
    if (!value || combo.querySelector(`input[type=hidden][value="${CSS.escape(value)}"]`)) return;
    const title = option.dataset["title"] ?? "";
    const token = document.createElement("span");
    token.className = "combo-token";
    token.innerHTML = `<input type="hidden"><bdi class="clip"></bdi><button type="button" data-remove>${drawing("close", true)}</button>`;
    const hidden = token.querySelector("input")!;
    hidden.name = name;
    hidden.value = value;
    token.querySelector("bdi")!.textContent = title;
    token.querySelector("button")!.setAttribute("aria-label", `${word("remove")} ${title}`);
    combo.insertBefore(token, input);
    input.value = "";
    show(false);
    settle();
    changed();
    if (multiple) input.focus();
    else token.querySelector("button")!.focus();
  };
  const drop = (token: HTMLElement) => {
    token.remove();
    settle();
    changed();
    input.focus();
  };
  const changed = () => combo.dispatchEvent(new Event("change", { bubbles: true }));

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void search(), 140);
  });
  input.addEventListener("focus", () => void search());
  input.addEventListener("blur", () => window.setTimeout(() => show(false), 120));
  input.addEventListener("keydown", (event) => {
    const at = options().findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") list.hidden ? void search() : choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Enter" && !list.hidden && options()[at]?.dataset["value"]) take(options()[at]!);
    else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      show(false);
    } else if (event.key === "Backspace" && !input.value && tokens().length) drop(tokens().at(-1)!);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    event.preventDefault();
    if (option) take(option);
  });
  combo.addEventListener("click", (event) => {
    const remove = event.target instanceof Element ? event.target.closest("[data-remove]") : null;
    if (remove) drop(remove.closest<HTMLElement>(".combo-token")!);
    else if (!input.hidden) input.focus();
  });
  settle();
});
