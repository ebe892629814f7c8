/** Whether this browser is a phone of a site: told without opening anything. */
export async function enrolled(): Promise<boolean> {
  try {
    return localStorage.getItem("doorward.device") !== null;
  } catch {
    return false;
  }
}
