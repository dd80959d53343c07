// A picker that knows both calendars. The native box keeps the value (ISO, Gregorian); the browser's own
// Umm al-Qura calendar tells the Hijri day.
import { island } from "./island";
import { digits, drawing, language, rtl, word } from "./words";

type System = "gregorian" | "hijri";
type Day = { year: number; month: number; day: number };

const MS = 86_400_000;
const numbers = new Intl.DateTimeFormat("en-u-ca-islamic-umalqura-nu-latn", { year: "numeric", month: "numeric", day: "numeric", timeZone: "UTC" });

/** Days are counted from 1970-01-01, without a time zone. */
const toDay = (iso: string): number => Math.floor(Date.parse(`${iso}T00:00:00Z`) / MS);
const toIso = (day: number): string => new Date(day * MS).toISOString().slice(0, 10);

function parts(day: number, system: System): Day {
  if (system === "gregorian") {
    const d = new Date(day * MS);
    return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() };
  }
  const found: Record<string, number> = {};
  for (const part of numbers.formatToParts(day * MS)) if (part.type !== "literal") found[part.type] = Number.parseInt(part.value, 10);
  return { year: found["year"] ?? 0, month: found["month"] ?? 1, day: found["day"] ?? 1 };
}

const monthStart = (day: number, system: System): number => day - parts(day, system).day + 1;
const locale = (system: System) => `${language()}-u-ca-${system === "hijri" ? "islamic-umalqura" : "gregory"}-nu-latn`;
const say = (day: number, system: System, options: Intl.DateTimeFormatOptions) =>
  digits(new Intl.DateTimeFormat(locale(system), { ...options, timeZone: "UTC" }).format(day * MS));

island("[data-date]", (field) => {
  const input = field.querySelector<HTMLInputElement>("input");
  const open = field.querySelector<HTMLButtonElement>("[data-date-open]");
  const hint = field.querySelector<HTMLElement>("[data-date-hint]");
  if (!input || !open) return;
  const preferred: System = document.documentElement.dataset["calendar"] === "hijri" ? "hijri" : "gregorian";
  let system: System = preferred;
  let shown = 0;
  const value = () => (/^\d{4}-\d\d-\d\d/.test(input.value) ? toDay(input.value.slice(0, 10)) : undefined);
  const today = () => {
    const now = new Date();
    return Math.floor(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / MS);
  };
  const tell = () => {
    const day = value();
    const other: System = preferred === "hijri" ? "gregorian" : "hijri";
    // The native box shows numbers in the browser's order of day and month; the hint names the month in both calendars.
    const long = { year: "numeric", month: "long", day: "numeric" } as const;
    if (hint) hint.textContent = day === undefined ? "" : `${say(day, preferred, long)} · ${say(day, other, long)}`;
  };

  const picker = document.createElement("div");
  picker.className = "popover picker";
  picker.popover = "auto";
  picker.id = `${input.id}-picker`;

  const draw = () => {
    const first = monthStart(shown, system);
    const month = parts(first, system).month;
    const startOfWeek = (Number(document.documentElement.dataset["firstWeekday"] ?? 6) + 1) % 7;
    const lead = (new Date(first * MS).getUTCDay() - startOfWeek + 7) % 7;
    const head = `<div class="picker-head"><button type="button" class="btn btn-ghost btn-icon btn-sm" data-step="-1" aria-label="${word("previous")}">${drawing("left")}</button><span aria-live="polite"></span><button type="button" class="btn btn-ghost btn-icon btn-sm" data-step="1" aria-label="${word("next")}">${drawing("right")}</button></div>`;
    picker.innerHTML = `${head}<div class="segment" style="inline-size:100%;margin-block-end:var(--s-3)"><button type="button" data-system="gregorian" style="flex:1"></button><button type="button" data-system="hijri" style="flex:1"></button></div><div class="picker-grid"></div><div class="cluster spread" style="margin-block-start:var(--s-3)"><button type="button" class="btn btn-ghost btn-sm" data-today></button><button type="button" class="btn btn-ghost btn-sm" data-clear></button></div>`;
    picker.querySelector("span")!.textContent = say(first, system, { year: "numeric", month: "long" });
    for (const button of picker.querySelectorAll<HTMLElement>("[data-system]")) {
      button.textContent = word(button.dataset["system"] ?? "");
      button.setAttribute("aria-pressed", String(button.dataset["system"] === system));
    }
    picker.querySelector("[data-today]")!.textContent = word("today");
    picker.querySelector("[data-clear]")!.textContent = word("clear");
    const grid = picker.querySelector(".picker-grid")!;
    const chosen = value();
    const now = today();
    const other: System = system === "hijri" ? "gregorian" : "hijri";
    for (let i = 0; i < 7; i++) {
      const name = document.createElement("span");
      name.textContent = say(first - lead + i, system, { weekday: language() === "ar" ? "narrow" : "short" });
      grid.append(name);
    }
    for (let i = 0; i < 42; i++) {
      const day = first - lead + i;
      const at = parts(day, system);
      if (i >= 35 && at.month !== month) break;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "picker-day";
      button.dataset["day"] = String(day);
      button.textContent = digits(at.day);
      const small = document.createElement("small");
      small.textContent = digits(parts(day, other).day);
      button.append(small);
      button.setAttribute("aria-label", say(day, system, { dateStyle: "full" }));
      button.toggleAttribute("data-out", at.month !== month);
      if (day === now) button.setAttribute("aria-current", "date");
      button.setAttribute("aria-pressed", String(day === chosen));
      button.tabIndex = day === shown ? 0 : -1;
      grid.append(button);
    }
  };
  const set = (day: number | undefined) => {
    const time = input.type === "datetime-local" ? (input.value.slice(10) || "T09:00") : "";
    input.value = day === undefined ? "" : toIso(day) + time;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    tell();
    picker.hidePopover();
    open.focus();
  };
  const go = (day: number) => {
    shown = day;
    draw();
    picker.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  };
  picker.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
    if (!at) return;
    if (at.dataset["day"]) set(Number(at.dataset["day"]));
    else if (at.dataset["step"]) {
      const first = monthStart(shown, system);
      shown = monthStart(at.dataset["step"] === "1" ? first + 32 : first - 2, system);
      draw();
      picker.querySelector<HTMLElement>(`[data-step="${at.dataset["step"]}"]`)?.focus();
    } else if (at.dataset["system"]) {
      system = at.dataset["system"] as System;
      draw();
      picker.querySelector<HTMLElement>(`[data-system="${system}"]`)?.focus();
    } else if (at.hasAttribute("data-today")) set(today());
    else set(undefined);
  });
  picker.addEventListener("keydown", (event) => {
    if (!(event.target instanceof HTMLElement) || !event.target.dataset["day"]) return;
    const line = rtl() ? -1 : 1;
    const step = { ArrowRight: line, ArrowLeft: -line, ArrowDown: 7, ArrowUp: -7, PageDown: 30, PageUp: -30 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(shown + step);
  });
  open.hidden = false;
  open.popoverTargetElement = picker;
  picker.addEventListener("beforetoggle", (event) => {
    if ((event as ToggleEvent).newState === "open") {
      shown = value() ?? today();
      draw();
    }
  });
  picker.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState === "open") picker.querySelector<HTMLElement>(`[data-day="${shown}"]`)?.focus();
  });
  field.append(picker);
  input.addEventListener("input", tell);
  tell();
});
