// Live pages: the server says which records changed; the list or the record refreshes itself in place. Where a person
// is in the middle of something, that part waits, and the parts around it are brought up to date.
import htmx from "htmx.org";
import { noticed } from "./notices";
import { toast } from "./toast";
import { word } from "./words";

type News = { object?: string; id?: string; rev?: number; region?: string };

/** What somebody has typed and not sent, or is doing right now. */
function busy(region: Element): boolean {
  const active = document.activeElement;
  if (active && active !== document.body && region.contains(active) && active.matches("input, textarea, select, [contenteditable]")) return true;
  if (region.querySelector("[data-editing], .row-tick:checked, [data-drag], details.reply-box[open], details.edit-box[open], :popover-open, dialog[open]")) return true;
  return [...region.querySelectorAll<HTMLTextAreaElement>("textarea")].some((area) => area.value !== area.defaultValue);
}

export function listen(url: string): void {
  let source: EventSource | undefined;
  let timer = 0;
  const pending = new Set<string>();

  const fetchInto = (region: Element, selector: string) => {
    region.classList.remove("stale");
    void htmx.ajax("GET", location.pathname + location.search, { source: region, target: region, select: selector, swap: "outerMorph" } as never);
  };
  const refresh = () => {
    for (const selector of [...pending]) {
      const region = document.querySelector(selector);
      if (!region) {
        pending.delete(selector);
        continue;
      }
      if (!busy(region)) {
        pending.delete(selector);
        fetchInto(region, selector);
        continue;
      }
      // Its parts that nobody is at.
      pending.delete(selector);
      const parts = [...region.querySelectorAll<HTMLElement>("[data-part][id]")].filter((part) => !part.parentElement?.closest("[data-part]"));
      for (const part of parts.length ? parts : [region]) {
        if (busy(part)) {
          part.classList.add("stale");
          if (part.id) pending.add(`#${part.id}`);
          else pending.add(selector);
        } else fetchInto(part, part.id ? `#${part.id}` : selector);
      }
    }
  };
  const later = (selector: string, wait = 300) => {
    pending.add(selector);
    clearTimeout(timer);
    timer = window.setTimeout(refresh, wait);
  };
  // What waited is caught up on when the person has finished.
  document.addEventListener("focusout", () => {
    if (!pending.size) return;
    clearTimeout(timer);
    timer = window.setTimeout(refresh, 400);
  });

  const open = () => {
    const now = new EventSource(url);
    source = now;
    now.addEventListener("change", (event) => {
      let news: News;
      try {
        news = JSON.parse((event as MessageEvent<string>).data) as News;
      } catch {
        return;
      }
      const row = news.id ? document.querySelector<HTMLElement>(`[data-id="${CSS.escape(news.id)}"], [data-card="${CSS.escape(news.id)}"]`) : null;
      // Our own change is already shown.
      if (row && news.rev !== undefined && Number(row.dataset["rev"]) >= news.rev) return;
      if (news.region) later(news.region);
      else if (document.getElementById("list")) later("#list");
      else if (document.getElementById("record")) later("#record");
    });
    now.addEventListener("notice", (event) => {
      try {
        noticed(JSON.parse((event as MessageEvent<string>).data));
      } catch {
        /* the bell stays as it is until the next page */
      }
    });
    now.addEventListener("presence", (event) => {
      const place = document.getElementById("presence");
      if (!place) return;
      try {
        const { say } = JSON.parse((event as MessageEvent<string>).data) as { say: string };
        place.textContent = say;
        place.hidden = !say;
      } catch {
        place.hidden = true;
      }
    });
    now.addEventListener("toast", (event) => {
      try {
        const said = JSON.parse((event as MessageEvent<string>).data) as { tone?: "good" | "bad" | "info"; title?: string; detail?: string };
        toast(said.tone ?? "info", said.title ?? "", said.detail ?? "");
      } catch {
        /* a message that cannot be read is not shown */
      }
    });
  };
  const close = () => {
    source?.close();
    source = undefined;
  };

  open();
  // A browser opens only a few connections to one server: pages in the background give theirs back, and nobody is said
  // to be looking at what he is not looking at. On return they catch up.
  let away = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(away);
    if (document.hidden) away = window.setTimeout(close, 5_000);
    else if (!source) {
      open();
      if (document.getElementById("list")) later("#list");
      else if (document.getElementById("record")) later("#record");
    }
  });
  // A page that came back from the cache of the browser may be old.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    toast("info", word("page-stale"));
    if (!source) open();
  });
  window.addEventListener("pagehide", close);
}
