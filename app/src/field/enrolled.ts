/** Whether this browser is a phone of a site, or was until it was revoked ("-"): told without opening anything. engine.ts keeps the mark. */
export async function enrolled(): Promise<boolean> {
  try {
    return localStorage.getItem("doorward.device") !== null;
  } catch {
    return false;
  }
}
