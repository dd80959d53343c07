// Live pages: the server says which records changed; the list or the record refreshes itself in place, unless the
// person is in the middle of something there, in which case it says so and waits.
import htmx from "htmx.org";
import { noticed } from "./notices";
import { toast } from "./toast";
import { word } from "./words";

type News = { object?: string; id?: string; rev?: number; region?: string };

export function listen(url: string): void {
  const source = new EventSource(url);
  let timer = 0;
  const pending = new Set<string>();

  const busy = (region: Element) =>
    region.contains(document.activeElement) && document.activeElement !== document.body
      ? (document.activeElement as Element).matches("input, textarea, select, [contenteditable]") || region.querySelector("[data-editing]") !== null
      : region.querySelector("[data-editing], .row-tick:checked, [data-drag]") !== null;

  const refresh = () => {
    for (const selector of pending) {
      const region = document.querySelector(selector);
      if (!region) continue;
      if (busy(region)) {
        region.classList.add("stale");
        continue;
      }
      region.classList.remove("stale");
      void htmx.ajax("GET", location.pathname + location.search, { source: region, target: region, select: selector, swap: "outerMorph" } as never);
    }
    pending.clear();
  };
  const later = (selector: string) => {
    pending.add(selector);
    clearTimeout(timer);
    timer = window.setTimeout(refresh, 300);
  };

  source.addEventListener("change", (event) => {
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
  source.addEventListener("notice", (event) => {
    try {
      noticed(JSON.parse((event as MessageEvent<string>).data));
    } catch {
      /* the bell stays as it is until the next page */
    }
  });
  source.addEventListener("toast", (event) => {
    try {
      const said = JSON.parse((event as MessageEvent<string>).data) as { tone?: "good" | "bad" | "info"; title?: string; detail?: string };
      toast(said.tone ?? "info", said.title ?? "", said.detail ?? "");
    } catch {
      /* a message that cannot be read is not shown */
    }
  });
  // A page that came back from the cache of the browser may be old.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) toast("info", word("page-stale"));
  });
  window.addEventListener("pagehide", () => source.close());
}
