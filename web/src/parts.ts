// Rows of a list inside a form: more of them from the template, and away again.
import { island } from "./island";

island("[data-parts]", (list) => {
  const template = list.querySelector<HTMLTemplateElement>("template[data-part-template]");
  const add = list.querySelector<HTMLButtonElement>("[data-part-add]");
  if (!template || !add) return;
  let next = Number(list.dataset["next"]);
  // With scripts a blank row comes when it is asked for; a list without any row begins with it.
  const blank = list.querySelector<HTMLElement>("[data-part-blank]");
  if (blank && list.querySelectorAll("[data-part]").length > 1) blank.remove();
  add.type = "button";
  add.hidden = false;
  for (const drop of list.querySelectorAll<HTMLElement>("[data-part-drop]")) drop.hidden = false;
  add.addEventListener("click", () => {
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__n__", String(next++));
    const row = holder.firstElementChild as HTMLElement;
    for (const drop of row.querySelectorAll<HTMLElement>("[data-part-drop]")) drop.hidden = false;
    add.parentElement!.before(row);
    row.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
  });
  list.addEventListener("click", (event) => {
    const drop = (event.target as Element).closest("[data-part-drop]");
    if (!drop) return;
    drop.closest("[data-part]")?.remove();
    add.focus();
  });
});
