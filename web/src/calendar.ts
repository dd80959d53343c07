// Calendar: a click on an hour begins a new entry there, an entry is dragged to another time or day, its lower edge
// makes it longer. The server moves it; the page is fetched anew, and says with whom it overlaps.
import { island } from "./island";
import { getText, post, reason } from "./request";
import { toast } from "./toast";
import { word } from "./words";

const QUARTER = 15;
const minutes = (n: number) => n * 60_000;

async function renew(calendar: HTMLElement): Promise<void> {
  const page = new DOMParser().parseFromString(await getText(location.href), "text/html");
  const fresh = page.querySelector(".calendar-sheet");
  const sheet = calendar.querySelector(".calendar-sheet");
  if (fresh && sheet) {
    const top = sheet.querySelector(".planner-scroll")?.scrollTop ?? 0;
    sheet.replaceWith(fresh);
    const scroll = fresh.querySelector(".planner-scroll");
    if (scroll) scroll.scrollTop = top;
  }
}

async function move(calendar: HTMLElement, event: HTMLElement, start: number, end: number | undefined): Promise<void> {
  const body: Record<string, string> = Object.fromEntries(new URLSearchParams(event.dataset["mover"] ?? ""));
  body["start"] = new Date(start).toISOString();
  if (end !== undefined) body["end"] = new Date(end).toISOString();
  try {
    const response = await post(`/${calendar.dataset["calendar"]}/calendar`, body);
    const said = (await response.text()).trim();
    await renew(calendar);
    if (said) toast("warn", said);
  } catch (error) {
    await renew(calendar);
    toast("bad", word("move-failed"), reason(error));
  }
}

const times = (event: HTMLElement) => ({
  start: Date.parse(event.dataset["start"] ?? ""),
  end: Date.parse(event.dataset["end"] ?? ""),
});
const days = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

// hours
island(".planner", (planner) => {
  const calendar = planner.closest<HTMLElement>("[data-calendar]")!;
  const scroll = planner.querySelector<HTMLElement>(".planner-scroll")!;
  const hour = () => (planner.querySelector<HTMLElement>(".planner-hours")!.offsetHeight || 1152) / 24;
  if (!scroll.scrollTop) scroll.scrollTop = Math.max(0, (Number(planner.dataset["opens"] ?? "480") / 60 - 0.5) * hour());
  planner.style.setProperty("--scrollbar", `${scroll.offsetWidth - scroll.clientWidth}px`);
  const columns = [...planner.querySelectorAll<HTMLElement>(".planner-column")];
  const at = (column: HTMLElement, y: number) => {
    const inside = y - column.getBoundingClientRect().top;
    return Math.max(0, Math.min(24 * 60 - QUARTER, Math.floor(((inside / hour()) * 60) / QUARTER) * QUARTER));
  };

  for (const column of columns)
    column.addEventListener("click", (event) => {
      const to = column.dataset["new"];
      if (!to || event.target !== column) return;
      const m = at(column, event.clientY);
      const clock = `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
      location.href = to.replace(/T\d\d(%3A|:)\d\d/, `T${clock}`);
    });

  planner.addEventListener("pointerdown", (down) => {
    const target = down.target instanceof Element ? down.target : null;
    const event = target?.closest<HTMLElement>(".event[data-mover]");
    const box = event?.closest<HTMLElement>(".planner-event");
    if (!event || !box || down.button !== 0 || down.pointerType === "touch") return;
    const home = box.closest<HTMLElement>(".planner-column")!;
    const rect = box.getBoundingClientRect();
    const stretch = rect.bottom - down.clientY < 8;
    const { start, end } = times(event);
    let column = home;
    let shift = 0;
    let moved = false;
    const follow = (e: PointerEvent) => {
      const dy = e.clientY - down.clientY;
      if (!moved && Math.abs(dy) < 5 && Math.abs(e.clientX - down.clientX) < 5) return;
      moved = true;
      box.setAttribute("data-drag", "");
      shift = Math.round(((dy / hour()) * 60) / QUARTER) * QUARTER;
      if (stretch) {
        box.style.blockSize = `${Math.max(rect.height + (shift / 60) * hour(), (QUARTER / 60) * hour())}px`;
        return;
      }
      column = columns.find((c) => {
        const r = c.getBoundingClientRect();
        return e.clientX >= r.left && e.clientX < r.right;
      }) ?? column;
      if (box.parentElement !== column) column.append(box);
      box.style.translate = `0 ${(shift / 60) * hour()}px`;
    };
    const finish = (e: PointerEvent) => {
      removeEventListener("pointermove", follow);
      removeEventListener("pointerup", finish);
      removeEventListener("pointercancel", finish);
      if (!moved) return;
      addEventListener("click", (c) => c.preventDefault(), { once: true, capture: true });
      setTimeout(() => box.removeAttribute("data-drag"));
      if (e.type === "pointercancel") return void renew(calendar);
      if (stretch) return void move(calendar, event, start, Math.max(end + minutes(shift), start + minutes(QUARTER)));
      const by = days(home.dataset["day"]!, column.dataset["day"]!) * 86_400_000 + minutes(shift);
      if (by) void move(calendar, event, start + by, end > start ? end + by : undefined);
      else void renew(calendar);
    };
    addEventListener("pointermove", follow);
    addEventListener("pointerup", finish);
    addEventListener("pointercancel", finish);
  });
});

// a month: from day to day
island(".month", (month) => {
  const calendar = month.closest<HTMLElement>("[data-calendar]");
  if (!calendar) return;
  let dragged: HTMLElement | undefined;
  const cell = (event: Event) => (event.target instanceof Element ? event.target.closest<HTMLElement>("td[data-day]") : null);
  month.addEventListener("dragstart", (event) => {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>(".event[data-mover]") : null;
    if (!item) return;
    dragged = item;
    event.dataTransfer?.setData("text/plain", item.textContent ?? "");
  });
  month.addEventListener("dragover", (event) => {
    const over = cell(event);
    if (!dragged || !over) return;
    event.preventDefault();
    for (const td of month.querySelectorAll("td[data-over]")) if (td !== over) td.removeAttribute("data-over");
    over.setAttribute("data-over", "");
  });
  month.addEventListener("drop", (event) => {
    const to = cell(event)?.dataset["day"];
    const from = dragged?.closest<HTMLElement>("td[data-day]")?.dataset["day"];
    if (!dragged || !to || !from) return;
    event.preventDefault();
    const { start, end } = times(dragged);
    const by = days(from, to) * 86_400_000;
    if (by) void move(calendar, dragged, start + by, end > start ? end + by : undefined);
  });
  month.addEventListener("dragend", () => {
    dragged = undefined;
    for (const td of month.querySelectorAll("td[data-over]")) td.removeAttribute("data-over");
  });
});

// Beside the sheet there is room for the people; on a phone they wait behind their heading.
island("[data-lanes-menu]", (menu) => {
  if (matchMedia("(min-width: 60rem)").matches) menu.setAttribute("open", "");
});
