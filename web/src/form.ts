// Forms: what was typed survives a closed page; files show their name and how far they are; filters build themselves.
import { island, on } from "./island";
import { digits, word } from "./words";
import { toast } from "./toast";

// ---- drafts ----------------------------------------------------------------
const LIMIT = 50_000;

island("form[data-draft]", (element) => {
  const form = element as HTMLFormElement;
  const key = `draft:${form.dataset["draft"]}:${form.querySelector<HTMLInputElement>("[name=_rev]")?.value ?? "new"}`;
  const parts = () =>
    [...form.elements].filter(
      (e): e is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement =>
        (e instanceof HTMLInputElement && !["hidden", "file", "password", "submit"].includes(e.type)) ||
        e instanceof HTMLTextAreaElement ||
        e instanceof HTMLSelectElement,
    );
  const read = () =>
    parts().map((e) => (e instanceof HTMLInputElement && (e.type === "checkbox" || e.type === "radio") ? String(e.checked) : e.value));
  const start = read();
  const same = (a: string[], b: string[]) => a.length === b.length && a.every((v, i) => v === b[i]);

  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as string[] | null;
    if (kept && kept.length === start.length && !same(kept, start) && !form.querySelector(".form-errors")) {
      parts().forEach((e, i) => {
        const value = kept[i] ?? "";
        if (e instanceof HTMLInputElement && (e.type === "checkbox" || e.type === "radio")) e.checked = value === "true";
        else e.value = value;
        e.dispatchEvent(new Event("draft"));
      });
      const note = document.createElement("div");
      note.className = "flash";
      note.style.margin = "0";
      note.innerHTML = `<span class="grow"></span><button type="button" class="btn btn-sm"></button>`;
      note.firstElementChild!.textContent = word("draft-kept");
      note.lastElementChild!.textContent = word("discard");
      note.lastElementChild!.addEventListener("click", () => {
        localStorage.removeItem(key);
        location.reload();
      });
      form.prepend(note);
    }
  } catch {
    localStorage.removeItem(key);
  }

  let timer = 0;
  let sent = false;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const now = read();
      const text = JSON.stringify(now);
      if (same(now, start)) localStorage.removeItem(key);
      else if (text.length < LIMIT) localStorage.setItem(key, text);
    }, 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sent = true;
    localStorage.removeItem(key);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && !same(read(), start) && form.isConnected) event.preventDefault();
  });
});

// ---- files -----------------------------------------------------------------
on("change", ".drop input[type=file]", (_, element) => {
  const input = element as HTMLInputElement;
  const names = [...(input.files ?? [])].map((f) => f.name).join("، ");
  const shown = input.closest(".drop")?.querySelector("[data-file-name], strong, span");
  if (shown && names) shown.textContent = names;
  const form = input.closest<HTMLFormElement>("form[data-upload-form]");
  if (form && input.multiple && names) form.requestSubmit();
});
for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]] as const)
  on(type, ".drop", (_, drop) => drop.toggleAttribute("data-over", over));
// A button that takes files says which.
on("change", ".composer-file input[type=file]", (_, input) => {
  const shown = input.parentElement?.querySelector<HTMLElement>("[data-file-names]");
  if (!shown) return;
  shown.dataset.empty ??= shown.textContent ?? "";
  shown.textContent = [...((input as HTMLInputElement).files ?? [])].map((f) => f.name).join("، ") || shown.dataset.empty;
});

on("click", "[data-unkeep]", (_, button) => button.closest("[data-kept]")?.remove());

// Uploads go by XMLHttpRequest: it is still the only way to hear how far they are.
on("submit", "form[data-upload-form]", (event, element) => {
  const form = element as HTMLFormElement;
  const bar = form.querySelector<HTMLElement>("[data-upload-progress]");
  if (!bar) return;
  event.preventDefault();
  const fill = bar.firstElementChild as HTMLElement;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (e) => {
    bar.hidden = false;
    if (e.lengthComputable) fill.style.inlineSize = `${(e.loaded / e.total) * 100}%`;
  });
  const fail = (text: string) => {
    bar.hidden = true;
    toast("bad", word("upload-failed"), text);
  };
  request.addEventListener("load", () => {
    if (request.status < 400) {
      location.href = request.responseURL || location.href;
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    fail((page.querySelector(".field-error, .form-errors, .flash, .empty p")?.textContent ?? "").trim());
  });
  request.addEventListener("error", () => fail(word("offline")));
  request.send(new FormData(form));
});

// ---- the builder of conditions -----------------------------------------------
type Op = [key: string, label: string, takesValue: boolean];

island("[data-filter-row]", (row) => {
  const field = row.querySelector<HTMLSelectElement>("[name=f]");
  const op = row.querySelector<HTMLSelectElement>("[name=op]");
  if (!field || !op) return;
  const value = () => row.querySelector<HTMLElement>("[name=v]");
  const sync = () => {
    const takes = op.selectedOptions[0]?.dataset["value"] !== "no";
    const v = value();
    if (v) v.style.visibility = takes ? "" : "hidden";
  };
  field.addEventListener("change", () => {
    const chosen = field.selectedOptions[0];
    const ops = JSON.parse(chosen?.dataset["ops"] ?? "[]") as Op[];
    op.replaceChildren(
      ...ops.map(([key, label, takes]) => {
        const option = new Option(label, key);
        option.dataset["value"] = takes ? "yes" : "no";
        return option;
      }),
    );
    const values = chosen?.dataset["values"];
    const old = value();
    let fresh: HTMLInputElement | HTMLSelectElement;
    if (values) {
      fresh = document.createElement("select");
      fresh.className = "select select-sm";
      fresh.append(...(JSON.parse(values) as Array<[string, string]>).map(([key, label]) => new Option(label, key)));
    } else {
      fresh = document.createElement("input");
      fresh.className = "input input-sm";
      fresh.type = chosen?.dataset["type"] === "date" ? "date" : "text";
      fresh.dir = chosen?.dataset["type"] === "text" ? "auto" : "ltr";
      if (chosen?.dataset["type"] === "number") fresh.inputMode = "decimal";
    }
    fresh.name = "v";
    fresh.setAttribute("aria-label", old?.getAttribute("aria-label") ?? "");
    old?.replaceWith(fresh);
    sync();
  });
  op.addEventListener("change", sync);
});
on("click", "[data-filter-add]", (_, button) => {
  const rows = button.closest("form")?.querySelector("[data-filter-rows]");
  const first = rows?.firstElementChild?.cloneNode(true);
  if (rows && first instanceof HTMLElement) {
    rows.append(first);
    first.querySelectorAll<HTMLInputElement>("input").forEach((i) => (i.value = ""));
    first.querySelector<HTMLSelectElement>("select")?.focus();
  }
});
on("click", "[data-filter-remove]", (_, button) => {
  const row = button.closest("[data-filter-row]");
  if (row?.parentElement && row.parentElement.children.length > 1) row.remove();
  else row?.querySelectorAll<HTMLSelectElement>("select").forEach((s) => (s.selectedIndex = 0));
});
// An unused row and an empty expression stay out of the address.
on("submit", "[data-filter-builder]", (_, form) => {
  for (const row of form.querySelectorAll("[data-filter-row]"))
    if (!row.querySelector<HTMLSelectElement>("[name=f]")?.value)
      row.querySelectorAll<HTMLInputElement>("[name]").forEach((e) => (e.disabled = true));
  const raw = form.querySelector<HTMLTextAreaElement>("[name=q]");
  if (raw && !raw.value.trim()) raw.disabled = true;
});

// ---- the last letters of a limit -------------------------------------------
on("input", "input[maxlength]", (_, element) => {
  const input = element as HTMLInputElement;
  const left = input.maxLength - input.value.length;
  if (left < 10 && input.maxLength > 20) input.title = digits(left);
  else input.removeAttribute("title");
});
