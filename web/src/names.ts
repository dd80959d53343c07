// Proposes the other spelling of a name while one is typed; a press takes it over. What somebody wrote himself stays.
import { island } from "./island";
import { getText } from "./request";

island("[data-name-pair]", (pair) => {
  const inputs = [...pair.querySelectorAll<HTMLInputElement>("input")];
  let timer = 0;
  let running: AbortController | undefined;
  const offer = document.createElement("button");
  offer.type = "button";
  offer.className = "btn btn-ghost btn-sm name-offer";
  offer.hidden = true;
  let target: HTMLInputElement | undefined;

  const propose = async (from: HTMLInputElement, to: HTMLInputElement) => {
    running?.abort();
    running = new AbortController();
    const part = from.name.endsWith(".ar") ? "ar" : "latin";
    try {
      const text = await getText(`/-/names?${part}=${encodeURIComponent(from.value.trim())}`, running.signal);
      const proposed = (JSON.parse(text) as { proposed: string }).proposed;
      if (!proposed || to.value.trim()) return;
      target = to;
      offer.replaceChildren(`${pair.dataset["labelPropose"] ?? ""} `, Object.assign(document.createElement("bdi"), { textContent: proposed, lang: to.lang }));
      offer.dataset["value"] = proposed;
      offer.hidden = false;
      to.closest("label")!.after(offer);
    } catch (error) {
      if (!(error instanceof DOMException)) offer.hidden = true;
    }
  };
  offer.addEventListener("click", () => {
    if (!target) return;
    target.value = offer.dataset["value"] ?? "";
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.dispatchEvent(new Event("change", { bubbles: true }));
    target.focus();
    offer.hidden = true;
  });
  pair.addEventListener("input", (event) => {
    const from = event.target as HTMLInputElement;
    const to = inputs.find((i) => i !== from);
    clearTimeout(timer);
    if (to === undefined || to.value.trim() || from.value.trim().length < 2) {
      offer.hidden = true;
      return;
    }
    timer = window.setTimeout(() => void propose(from, to), 250);
  });
});
