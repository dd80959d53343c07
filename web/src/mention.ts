// `@` in a comment finds colleagues and teams by name, in Arabic or Latin; who was chosen goes along by id.
import { island, on } from "./island";
import { getText } from "./request";

island("form[data-mentions]", (element) => {
  const form = element as HTMLFormElement;
  const area = form.querySelector<HTMLTextAreaElement>("textarea[name=body]");
  const list = form.querySelector<HTMLElement>(".mention-list");
  if (!area || !list) return;
  list.id ||= `mentions-${Math.random().toString(36).slice(2, 8)}`;
  area.setAttribute("aria-controls", list.id);
  let running: AbortController | undefined;
  let timer = 0;

  const options = () => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  /** What is being typed after the last `@` before the caret. */
  const typed = (): { from: number; text: string } | undefined => {
    const before = area.value.slice(0, area.selectionStart);
    const found = /(^|[\s(،,])@([^\s@][^@\n]{0,40}|)$/u.exec(before);
    return found ? { from: before.length - (found[2]?.length ?? 0) - 1, text: found[2] ?? "" } : undefined;
  };
  const hide = () => {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
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
    if (chosen) area.setAttribute("aria-activedescendant", chosen.id);
  };
  const search = async () => {
    const now = typed();
    if (!now) return hide();
    running?.abort();
    running = new AbortController();
    try {
      const place = location.pathname.split("/").slice(0, 3).join("/");
      list.innerHTML = await getText(`${form.dataset["mentions"]}?q=${encodeURIComponent(now.text)}&at=${encodeURIComponent(place)}`, running.signal);
      // Nobody is called so: what is typed is no mention.
      list.hidden = document.activeElement !== area || (options().length === 0 && now.text.includes(" "));
      choose(0);
    } catch (error) {
      if (!(error instanceof DOMException)) hide();
    }
  };
  const take = (option: HTMLElement) => {
    const now = typed();
    const value = option.dataset["value"];
    const title = option.dataset["title"];
    if (!now || !value || !title) return;
    area.setRangeText(`@${title} `, now.from, area.selectionStart, "end");
    if (!form.querySelector(`input[name=mention][value="${CSS.escape(value)}"]`)) {
      const hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = "mention";
      hidden.value = value;
      form.prepend(hidden);
    }
    hide();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void search(), 120);
  });
  area.addEventListener("blur", () => window.setTimeout(hide, 150));
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const at = options().findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && options()[at]) take(options()[at]!);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    if (option) take(option);
  });
});

// One box at a time: what opens beside it closes, and the caret is where it is needed.
on(
  "toggle",
  ".reply-box, .edit-box, .react-box",
  (event, box) => {
    if (event.target !== box || !(box as HTMLDetailsElement).open) return;
    for (const other of document.querySelectorAll<HTMLDetailsElement>(".reply-box[open], .edit-box[open], .react-box[open]")) if (other !== box) other.open = false;
    const area = box.querySelector("textarea");
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  },
  { capture: true },
);
