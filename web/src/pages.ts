// What single pages need: fields that come and go with others, one change for all ticked rows, copying a token.
import { island, on } from "./island";
import { post } from "./request";

// Fields with a condition: the server says which of them do not take part, given what the form has now.
island("[data-when]", (mark) => {
  const form = mark.parentElement?.querySelector<HTMLFormElement>("form.form");
  const url = mark.dataset["when"];
  if (!form || !url) return;
  const apply = (off: string[]) => {
    for (const row of form.querySelectorAll<HTMLElement>("[data-field]")) {
      const asleep = off.includes(row.dataset["field"] ?? "");
      row.toggleAttribute("data-off-field", asleep);
      for (const part of row.querySelectorAll<HTMLInputElement>("input, select, textarea")) {
        if (asleep && part.required) part.dataset["required"] = "";
        if ("required" in part.dataset) part.required = !asleep;
      }
    }
  };
  apply((mark.dataset["off"] ?? "").split(" "));
  let timer = 0;
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const body = new FormData(form);
      // Files have no part in conditions and would be sent for nothing.
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      try {
        apply((await (await post(url, body)).json()) as string[]);
      } catch {
        /* without an answer the fields stay as they are; the server decides when saving */
      }
    }, 120);
  });
});

// The forms of the mass dialog send the ticked rows along.
on("submit", "form[data-mass-form]", (_, form) => {
  for (const old of form.querySelectorAll("[data-ticked]")) old.remove();
  for (const tick of document.querySelectorAll<HTMLInputElement>(".row-tick:checked")) {
    const part = document.createElement("input");
    part.type = "hidden";
    part.name = "id";
    part.value = tick.value;
    part.dataset["ticked"] = "";
    form.append(part);
  }
});

on("click", "[data-copy]", (_, element) => {
  const text = element.textContent ?? "";
  if (text && navigator.clipboard) void navigator.clipboard.writeText(text);
});

on("click", "[data-back]", (event) => {
  if (history.length < 2) return;
  event.preventDefault();
  history.back();
});
