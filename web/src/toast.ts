// Short messages that float and go away. Bad news stays until it is closed.
import { island, on } from "./island";
import { drawing, word } from "./words";

export type Tone = "info" | "good" | "warn" | "bad";

/** `href`: where the title leads. */
export function toast(tone: Tone, title: string, detail = "", href = ""): void {
  const region = document.getElementById("toasts");
  if (!region) return;
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset["tone"] = tone;
  box.setAttribute("role", tone === "bad" ? "alert" : "status");
  box.innerHTML = `${drawing(tone === "bad" || tone === "warn" ? "bad" : "good")}<div class="toast-body"><strong></strong></div>`;
  const strong = box.querySelector("strong")!;
  if (href) {
    const link = document.createElement("a");
    link.href = href;
    strong.append(link);
  }
  (strong.firstElementChild ?? strong).textContent = title;
  if (detail) {
    const p = document.createElement("p");
    p.dir = "auto";
    p.textContent = detail;
    box.querySelector(".toast-body")!.append(p);
  }
  region.append(box);
}

island(".toast", (box) => {
  if (!box.querySelector("[data-toast-close]")) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-ghost btn-icon btn-sm";
    close.dataset["toastClose"] = "";
    close.setAttribute("aria-label", word("close"));
    close.innerHTML = drawing("close", true);
    box.append(close);
  }
  if (box.dataset["tone"] === "bad") return;
  let timer = 0;
  const wait = () => (timer = window.setTimeout(() => box.remove(), 6000));
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", wait);
  box.addEventListener("focusin", () => clearTimeout(timer));
  wait();
});

on("click", "[data-toast-close]", (_, button) => button.closest(".toast")?.remove());
