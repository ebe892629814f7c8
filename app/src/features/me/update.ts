/** A new version waits until somebody says "now": nobody's work is reloaded under the fingers. */
import { signal } from "@preact/signals";

export const updateWaits = signal(false);
export const appVersion = signal("");

const worker = (): ServiceWorkerContainer | null => ("serviceWorker" in navigator ? navigator.serviceWorker : null);

export async function watchUpdates(): Promise<void> {
  const registration = await worker()?.getRegistration();
  if (registration === undefined) return;
  const waits = () => (updateWaits.value = registration.waiting !== null);
  waits();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", waits));
  const kept = (await caches.keys()).find((name) => name.startsWith("doorward-"));
  appVersion.value = kept?.slice("doorward-".length, "doorward-".length + 8) ?? "";
}

export async function updateNow(): Promise<void> {
  const registration = await worker()?.getRegistration();
  worker()?.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration?.waiting?.postMessage("now");
}
