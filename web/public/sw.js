// Shows what the server pushes, also when no page of ours is open. It holds no words of its own and stores nothing.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told;
  try {
    told = event.data.json();
  } catch {
    return;
  }
  event.waitUntil(
    self.registration.showNotification(told.title, { body: told.body, dir: told.dir, lang: told.lang, tag: told.tag, icon: "/favicon.ico", data: { href: told.href } }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.href ?? "/", self.location.origin);
  if (target.origin !== self.location.origin) return;
  event.waitUntil(
    (async () => {
      const windows = await self.clients.matchAll({ type: "window" });
      const open = windows.find((w) => "navigate" in w);
      if (open) {
        await open.focus();
        await open.navigate(target.href);
      } else await self.clients.openWindow(target.href);
    })(),
  );
});
