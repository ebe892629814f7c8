export const MARK = "doorward.device";
export const DATABASE = "doorward";

/**
 * Whether this browser is a phone of a site, or was until it was revoked ("-"): told without opening the phone. engine.ts keeps the mark. A browser
 * writes its local storage only seconds later, and one that was killed meanwhile has lost the mark: then the phone's database is asked.
 */
export async function enrolled(): Promise<boolean> {
  try {
    if (localStorage.getItem(MARK) !== null) return true;
  } catch {
    /* a browser that keeps nothing there */
  }
  return kept().catch(() => false);
}

/** No database is made by asking for it. */
function kept(): Promise<boolean> {
  return new Promise((done) => {
    const asked = indexedDB.open(DATABASE);
    asked.onupgradeneeded = () => asked.transaction!.abort();
    asked.onerror = () => done(false);
    asked.onsuccess = () => {
      const db = asked.result;
      const close = (found: boolean) => {
        db.close();
        done(found);
      };
      if (!db.objectStoreNames.contains("plain")) return close(false);
      const keys = db.transaction("plain").objectStore("plain").getAllKeys();
      keys.onsuccess = () => close(keys.result.includes("device") || keys.result.includes("wiped"));
      keys.onerror = () => close(false);
    };
  });
}
