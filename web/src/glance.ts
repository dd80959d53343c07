// What is known of a record that is chosen in a form: the credit of a customer while his order is written.
import { island } from "./island";

island("[data-glance]", (place) => {
  const form = place.parentElement?.querySelector<HTMLFormElement>("form.form");
  const combo = form?.querySelector<HTMLElement>(`[data-lookup][data-name="${place.dataset["glanceOf"]}"]`);
  if (!form || !combo) return;
  (combo.closest("[data-field], .field") ?? combo).after(place);
  let asked = 0;
  combo.addEventListener("change", async () => {
    const id = combo.querySelector<HTMLInputElement>("input[type=hidden]")?.value ?? "";
    const mine = ++asked;
    let html = "";
    if (id) {
      try {
        const answer = await fetch(`${place.dataset["glance"]}/${id}/glance`, { headers: { "HX-Request": "true" } });
        if (answer.ok) html = await answer.text();
      } catch {
        /* without an answer there is nothing to show; the form works all the same */
      }
    }
    if (mine === asked) place.innerHTML = html;
  });
});
