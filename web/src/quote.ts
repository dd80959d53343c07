// The page of a quote: a signature is drawn, and it is told that somebody saw the page. Without it a name is enough.
import { island } from "./island";
import { post } from "./request";

/** Milliseconds the page stands before somebody's eyes until it was seen: programs that open links do not wait. */
const GLANCE = 1_500;

island("[data-quote-seen]", (page) => {
  for (const button of page.querySelectorAll<HTMLElement>("[data-without-script]")) button.hidden = true;
  const tell = () => void post(page.dataset["quoteSeen"] ?? "", { do: "seen" }).catch(() => undefined);
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    timer = window.setTimeout(() => {
      document.removeEventListener("visibilitychange", look);
      tell();
    }, GLANCE);
  };
  document.addEventListener("visibilitychange", look);
  look();
});

// What is entered at the desk changes the quote: the buttons of its page know the revision at once.
island("[data-quote-desk]", (desk) => {
  const follow = () => {
    for (const rev of document.querySelectorAll<HTMLInputElement>("#record form[action*='/do/'] input[name=_rev]")) rev.value = desk.dataset["quoteDesk"] ?? "";
  };
  new MutationObserver(follow).observe(desk, { attributes: true, attributeFilter: ["data-quote-desk"] });
});

island("[data-signature]", (place) => {
  const canvas = place.querySelector("canvas");
  const kept = place.querySelector<HTMLInputElement>("input[name=signature]");
  const clear = place.querySelector<HTMLButtonElement>("[data-signature-clear]");
  const pen = canvas?.getContext("2d");
  if (!canvas || !kept || !clear || !pen) return;
  clear.type = "button";
  place.hidden = false;
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#14213d";

  // The drawing has its own measure, whatever width the page gives it.
  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
    kept.value = "drawn";
  });
  clear.addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    kept.value = "";
  });
  canvas.closest("form")?.addEventListener("submit", () => {
    if (kept.value) kept.value = canvas.toDataURL("image/png");
  });
});
