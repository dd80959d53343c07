// Likely duplicates: the warning beside a form while somebody types, and the keyboard of the review queue.
import { island } from "./island";
import { post } from "./request";

island("[data-likely]", (place) => {
  const form = place.parentElement?.querySelector<HTMLFormElement>("form.form");
  const url = place.dataset["likely"];
  const fields = (place.dataset["likelyFields"] ?? "").split(" ");
  if (!form || !url) return;
  // The warning stands above the form's own bar, where the eye is before saving.
  form.querySelector(".form-foot")?.before(place);
  const identifies = (name: string) => fields.some((f) => name === f || name.startsWith(`${f}.`));
  let timer = 0;
  let asked = 0;
  form.addEventListener("input", (event) => {
    const name = (event.target as HTMLInputElement | null)?.name ?? "";
    if (!identifies(name)) return;
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const mine = ++asked;
      const body = new FormData(form);
      for (const [key, value] of [...body]) if (value instanceof File) body.delete(key);
      try {
        const html = await (await post(url, body)).text();
        if (mine === asked) place.innerHTML = html;
      } catch {
        /* without an answer there is no warning; saving is not held up by it */
      }
    }, 450);
  });
});

// J and K go from pair to pair, the letters on the buttons decide.
island("[data-pairs]", (list) => {
  const pairs = () => [...list.querySelectorAll<HTMLElement>(".twins")];
  document.addEventListener("keydown", (event) => {
    if (!list.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, select, [contenteditable]")) return;
    const all = pairs();
    const at = all.findIndex((p) => p.contains(document.activeElement));
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      const next = all[Math.max(0, Math.min(all.length - 1, at + (key === "j" ? 1 : -1)))];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
      event.preventDefault();
      return;
    }
    const button = (all[at] ?? all[0])?.querySelector<HTMLElement>(`[data-key="${key}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });
});
