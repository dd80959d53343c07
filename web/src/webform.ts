// A form for anybody: says which page led here, and does the little work that tells a browser from a program. The work
// waits until somebody touches the form; without a secure context, or without scripts, the form is sent all the same.
import { island } from "./island";

const MOST = 1 << 20;

async function work(token: string, bits: number): Promise<string> {
  const encoder = new TextEncoder();
  for (let n = 0; n < MOST; n += 1) {
    const hash = new DataView(await crypto.subtle.digest("SHA-256", encoder.encode(`${token}:${n}`)));
    if (Math.clz32(hash.getUint32(0)) >= bits) return String(n);
  }
  return "";
}

island("[data-web-form]", (element) => {
  const form = element as HTMLFormElement;
  const referrer = form.querySelector<HTMLInputElement>("[data-referrer]");
  if (referrer) referrer.value = document.referrer.slice(0, 300);
  const answer = form.querySelector<HTMLInputElement>("[data-work]");
  const token = form.querySelector<HTMLInputElement>("[name=_t]")?.value ?? "";
  if (!answer || !crypto.subtle) return;
  let running: Promise<void> | undefined;
  const run = (): Promise<void> =>
    (running ??= work(token, Number(answer.dataset["work"])).then((found) => {
      answer.value = found;
    }));
  form.addEventListener("focusin", () => void run(), { once: true });
  let sent = false;
  let tried = false;
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    if (answer.value || tried) {
      sent = true;
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    void run()
      .catch(() => undefined)
      .then(() => {
        tried = true;
        form.requestSubmit(button);
      });
  });
  addEventListener("pageshow", () => (sent = false));
});
