// What every page loads. Rare and larger behaviour comes when the page has the element that needs it.
import "../css/index.css";
import "htmx.org";
import { startIslands, island } from "./island";
import "./shell";
import "./toast";
import "./list";
import "./palette";
import "./lookup";
import "./form";
import "./pages";
import "./duplicates";
import "./glance";
import "./notices";
import { toast } from "./toast";
import { word } from "./words";
import { reasonOf } from "./request";

const lazy: Array<[selector: string, load: () => Promise<unknown>]> = [
  ["[data-board]", () => import("./board")],
  ["[data-calendar]", () => import("./calendar")],
  ["[data-rich]", () => import("./rich")],
  ["[data-mentions]", () => import("./mention")],
  ["[data-push-key]", () => import("./push")],
  ["[data-date]", () => import("./date")],
  ["[data-chart]", () => import("./chart")],
  ["[data-passkey]", () => import("./passkey")],
  ["[data-parts]", () => import("./parts")],
  ["[data-name-pair]", () => import("./names")],
  ["[data-quote-seen], [data-quote-desk], [data-signature]", () => import("./quote")],
  ["[data-web-form]", () => import("./webform")],
  ["[data-island='letter']", () => import("./letter")],
];
for (const [selector, load] of lazy) {
  let loaded = false;
  island(selector, () => {
    if (loaded) return;
    loaded = true;
    void load();
  });
}
island("body[data-live]", (body) => void import("./live").then((m) => m.listen(body.dataset["live"] ?? "")));

// A refusal must be neither silent nor put in place of what is on the page. The server sends refusals of its own
// to the toasts (HX-Retarget); anything else is said here and swaps nothing.
type Context = { request: { method: string }; text?: string; hx?: { retarget?: string; reswap?: string } };
document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx: Context }>).detail;
  if (ctx.hx?.retarget) return;
  if (ctx.hx) ctx.hx.reswap = "none";
  toast("bad", word(ctx.request.method === "GET" ? "not-shown" : "not-saved"), reasonOf(ctx.text ?? ""));
});
document.addEventListener("htmx:error", () => toast("bad", word("offline")));

startIslands();
