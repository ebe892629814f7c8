/** A new version waits until somebody says "now", or until the phone is locked: nobody's work is reloaded under the fingers. */
import { signal } from "@preact/signals";

/** Whether a newer app lies ready, or runs in another tab already. */
export const updateWaits = signal(false);
/** Of the scripts that run here (tools/pack.mjs writes it into the page). */
export const appVersion = globalThis.document?.querySelector<HTMLMetaElement>("meta[name=version]")?.content.slice(0, 8) ?? "";

const LOOK_EVERY = 3600000;
const workers = (): ServiceWorkerContainer | null => globalThis.navigator?.serviceWorker ?? null;

/** An app on a phone stays open for days, and its browser looks for a newer one only when a page is opened: so it is asked. */
export async function watchUpdates(): Promise<void> {
  const all = workers();
  if (all === null) return;
  const registration = await all.ready;
  const waits = () => {
    if (registration.waiting !== null && all.controller !== null) updateWaits.value = true;
  };
  const follow = () => registration.installing?.addEventListener("statechange", waits);
  const look = () => void (document.visibilityState === "visible" && registration.update().catch(() => undefined));
  let had = all.controller !== null;
  all.addEventListener("controllerchange", () => {
    if (had) updateWaits.value = true; // another tab went on to a newer one
    had = true;
  });
  registration.addEventListener("updatefound", follow);
  follow();
  waits();
  document.addEventListener("visibilitychange", look);
  addEventListener("online", look);
  setInterval(look, LOOK_EVERY);
}

export async function updateNow(): Promise<void> {
  const all = workers();
  const waiting = (await all?.getRegistration())?.waiting ?? null;
  if (waiting === null) return location.reload();
  all!.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("now");
}
