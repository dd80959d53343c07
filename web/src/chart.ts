// The tip beside a chart's figure, for pointer and keyboard alike.
import { on } from "./island";

let tip: HTMLElement | undefined;

function show(figure: HTMLElement, mark: Element): void {
  tip ??= Object.assign(document.createElement("div"), { className: "chart-tip" });
  tip.textContent = mark.getAttribute("data-chart-tip") ?? "";
  figure.append(tip);
  const frame = figure.getBoundingClientRect();
  const box = (mark.querySelector(".datum, .dot") ?? mark).getBoundingClientRect();
  const width = tip.offsetWidth;
  const middle = box.x - frame.x + box.width / 2;
  // Physical on purpose: a place on the drawing, not on the line of text.
  const x = Math.min(Math.max(middle - width / 2, 0), frame.width - width);
  const y = box.y - frame.y - tip.offsetHeight - 8;
  tip.style.translate = `${document.documentElement.dir === "rtl" ? x - (frame.width - width) : x}px ${Math.max(y, -tip.offsetHeight / 2)}px`;
  tip.style.insetInlineStart = "0";
}

for (const type of ["pointerover", "focusin"] as const)
  on(type, "[data-chart-tip]", (_, mark) => {
    const figure = mark.closest<HTMLElement>("[data-chart]");
    if (figure) show(figure, mark);
  });
for (const type of ["pointerout", "focusout"] as const) on(type, "[data-chart-tip]", () => tip?.remove());
