// Notices on this device: the browser subscribes with the company's key, and the server is told where to send.
import { island } from "./island";
import { post, reason } from "./request";

const bytes = (text: string): Uint8Array<ArrayBuffer> => {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const out = new Uint8Array(new ArrayBuffer(raw.length));
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
};
const text = (buffer: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

island("[data-push-key]", (place) => {
  const on = place.querySelector<HTMLButtonElement>("[data-push-on]");
  const off = place.querySelector<HTMLButtonElement>("[data-push-off]");
  const say = place.querySelector<HTMLElement>("[data-push-say]");
  if (!on || !off || !say) return;
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    say.textContent = place.dataset["unable"] ?? "";
    return;
  }
  const show = (subscribed: boolean) => {
    on.hidden = subscribed;
    off.hidden = !subscribed;
  };
  const worker = () => navigator.serviceWorker.register("/sw.js");
  void navigator.serviceWorker.getRegistration("/").then(async (known) => show(!!(await known?.pushManager.getSubscription())));

  on.addEventListener("click", async () => {
    on.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        say.textContent = place.dataset["refused"] ?? "";
        return;
      }
      await worker();
      const ready = await navigator.serviceWorker.ready;
      const made = await ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(place.dataset["pushKey"] ?? "") });
      await post("/-/notifications/devices", { endpoint: made.endpoint, p256dh: text(made.getKey("p256dh")), auth: text(made.getKey("auth")) });
      location.reload();
    } catch (error) {
      say.textContent = reason(error) || (place.dataset["unable"] ?? "");
    } finally {
      on.disabled = false;
    }
  });
  off.addEventListener("click", async () => {
    const known = await navigator.serviceWorker.getRegistration("/");
    const made = await known?.pushManager.getSubscription();
    if (!made) return;
    await made.unsubscribe();
    await post("/-/notifications/devices/remove", { which: made.endpoint }).catch(() => undefined);
    location.reload();
  });
});
