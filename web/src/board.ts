// Board: drag a card, or lift it with Space and move it with the arrows. The move is shown at once and taken back
// when the server refuses it.
import { island } from "./island";
import { getText, post, reason } from "./request";
import { toast } from "./toast";
import { digits, rtl, word } from "./words";

island("[data-board]", (board) => {
  const object = board.dataset["board"] ?? "";
  const say = board.querySelector<HTMLElement>("[data-board-say]");
  const cardsOf = (column: Element) => column.querySelector<HTMLElement>(".board-cards")!;
  const columns = () => [...board.querySelectorAll<HTMLElement>("[data-column]")];
  type Place = { column: HTMLElement; before: Element | null };
  const place = (card: Element): Place => ({ column: card.closest<HTMLElement>("[data-column]")!, before: card.nextElementSibling });
  const put = (card: Element, to: Place) => {
    cardsOf(to.column).querySelector(".board-empty")?.remove();
    cardsOf(to.column).insertBefore(card, to.before?.parentElement === cardsOf(to.column) ? to.before : null);
  };
  const recount = (column: HTMLElement, by: number) => {
    const number = column.querySelector<HTMLElement>(".count");
    const now = Number((number?.textContent ?? "0").replace(/[٠-٩]/g, (d) => String(d.charCodeAt(0) - 0x660)).replace(/\D/g, ""));
    if (number) number.textContent = digits(now + by);
  };

  // What has to be told first: the form of its page, as a dialog over the board.
  const asked = async (url: string) => {
    const page = new DOMParser().parseFromString(await getText(url), "text/html");
    const form = page.getElementById("do-asked");
    const foot = page.querySelector(".form-foot");
    const title = page.querySelector("h1")?.textContent ?? "";
    if (!form || !foot) return location.assign(url);
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-label", title);
    dialog.setAttribute("closedby", "any");
    const head = document.createElement("div");
    head.className = "dialog-head";
    head.append(Object.assign(document.createElement("h2"), { textContent: title }));
    const body = document.createElement("div");
    body.className = "dialog-body";
    body.append(form);
    foot.className = "dialog-foot";
    foot.querySelector("a")?.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
    dialog.append(head, body, foot);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  const commit = async (card: HTMLElement, from: Place) => {
    const to = place(card);
    if (to.column === from.column && to.before === from.before) return;
    if (to.column !== from.column) {
      recount(from.column, -1);
      recount(to.column, 1);
    }
    const takeBack = () => {
      put(card, from);
      if (to.column === from.column) return;
      recount(from.column, 1);
      recount(to.column, -1);
    };
    try {
      const response = await post(`/${object}/${card.dataset["card"]}/move`, {
        to: to.column.dataset["column"] ?? "",
        rev: card.dataset["rev"] ?? "",
        before: (to.before as HTMLElement | null)?.dataset["card"] ?? "",
      });
      const ask = response.headers.get("HX-Redirect");
      if (ask) {
        takeBack();
        await asked(ask);
        return;
      }
      const rev = response.headers.get("X-Revision");
      if (rev) card.dataset["rev"] = rev;
      if (say) say.textContent = `${word("moved")}: ${to.column.getAttribute("aria-label")}`;
    } catch (error) {
      takeBack();
      toast("bad", word("move-failed"), reason(error));
    }
  };

  // pointer
  let dragged: HTMLElement | undefined;
  let from: Place | undefined;
  board.addEventListener("dragstart", (event) => {
    const card = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-card]") : null;
    if (!card) return;
    dragged = card;
    from = place(card);
    event.dataTransfer?.setData("text/plain", card.dataset["card"] ?? "");
    requestAnimationFrame(() => card.setAttribute("data-drag", ""));
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-column]") : null;
    if (!dragged || !column) return;
    event.preventDefault();
    for (const other of columns()) other.toggleAttribute("data-over", other === column);
    const after = [...cardsOf(column).querySelectorAll<HTMLElement>("[data-card]:not([data-drag])")].find(
      (c) => event.clientY < c.getBoundingClientRect().top + c.offsetHeight / 2,
    );
    put(dragged, { column, before: after ?? null });
  });
  const finish = (kept: boolean) => {
    if (!dragged || !from) return;
    dragged.removeAttribute("data-drag");
    for (const column of columns()) column.removeAttribute("data-over");
    if (kept) void commit(dragged, from);
    else put(dragged, from);
    dragged = from = undefined;
  };
  board.addEventListener("drop", (event) => {
    event.preventDefault();
    finish(true);
  });
  board.addEventListener("dragend", () => finish(false));

  // keyboard
  let lifted: HTMLElement | undefined;
  let home: Place | undefined;
  const lower = (kept: boolean) => {
    if (!lifted || !home) return;
    const card = lifted;
    card.removeAttribute("data-lifted");
    if (kept) void commit(card, home);
    else put(card, home);
    lifted = home = undefined;
    card.querySelector<HTMLElement>("a")?.focus();
  };
  board.addEventListener("keydown", (event) => {
    const card = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card][draggable]") : null;
    if (!card) return;
    if (event.key === " ") {
      if (lifted) lower(true);
      else {
        lifted = card;
        home = place(card);
        card.setAttribute("data-lifted", "");
        if (say) say.textContent = word("lifted");
      }
    } else if (event.key === "Escape" && lifted) lower(false);
    else if (lifted && event.key.startsWith("Arrow")) {
      const all = columns();
      const at = all.indexOf(place(card).column);
      const line = (event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0) * (rtl() ? -1 : 1);
      const next = all[at + line];
      if (line && next) put(card, { column: next, before: cardsOf(next).querySelector("[data-card]") });
      else if (event.key === "ArrowDown" && card.nextElementSibling) card.nextElementSibling.after(card);
      else if (event.key === "ArrowUp" && card.previousElementSibling) card.previousElementSibling.before(card);
      card.querySelector<HTMLElement>("a")?.focus();
      card.scrollIntoView({ block: "nearest", inline: "nearest" });
      if (say) say.textContent = place(card).column.getAttribute("aria-label") ?? "";
    } else return;
    event.preventDefault();
  });
});
