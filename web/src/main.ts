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
import { toast } from "./toast";
import { word } from "./words";

const lazy: Array<[selector: string, load: () => Promise<unknown>]> = [
  ["[data-board]", () => import("./board")],
  ["[data-rich]", () => import("./rich")],
  ["[data-date]", () => import("./date")],
  ["[data-chart]", () => import("./chart")],
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

// A refused swap must not be silent.
document.addEventListener("htmx:response:error", () => toast("bad", word("not-saved")));
document.addEventListener("htmx:error", () => toast("bad", word("offline")));

startIslands();
