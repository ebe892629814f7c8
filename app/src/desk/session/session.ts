/** Who sits at this desk: his session is the browser's cookie; what he may do follows from his grants, as the server told them. */
import { signal } from "@preact/signals";
import { Api, ApiError, authMe, authSignOut, siteShow, type Grant, type Me, type Site } from "../../api/api";
import { roles, type May } from "../../api/roles";
import { language } from "../../words";

/** undefined: not asked yet; null: nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined);
export const site = signal<Site | null>(null);
/** He was signed in, and his session ended by itself. */
export const ended = signal(false);

/** A call that nobody is known for ends the session here too, whichever screen made it. */
async function ask(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const answer = await fetch(input, init);
  if (answer.status === 401 && me.value && !String(input).includes("/auth/")) {
    ended.value = true;
    me.value = null;
  }
  return answer;
}

const apis = { zh: new Api("/api/v1", undefined, "zh", ask), en: new Api("/api/v1", undefined, "en", ask) };
export const api = (): Api => apis[language.value];

/** What would outlast an emergency does not follow from it. */
const outlasting: readonly May[] = ["member.write", "account.write", "device.write"];

const gives = (grant: Grant, ability: May): boolean => !grant.ended && roles[grant.role].includes(ability) && !(grant.emergency && outlasting.includes(ability));

/** whole: he may do it everywhere, and not in some area only. */
export function may(ability: May, whole = false): boolean {
  return (me.value?.grants ?? []).some((grant) => gives(grant, ability) && (!whole || grant.area === null));
}

/** In one place, told by its code and by what holds it though its code does not say so (a village). */
export function mayAt(ability: May, ...codes: string[]): boolean {
  return (me.value?.grants ?? []).some((grant) => gives(grant, ability) && (grant.area === null || codes.some((code) => grant.code !== null && `${code}-`.startsWith(`${grant.code}-`))));
}

const HINT = "doorward.desk";

/** The cookie cannot be seen from here: whether there may be one is remembered, so that nobody is asked about who has never signed in. */
export function hint(there: boolean): void {
  try {
    if (there) localStorage.setItem(HINT, "1");
    else localStorage.removeItem(HINT);
  } catch {
    /* a browser that keeps nothing */
  }
}

/** He may also have come back from the identity provider, sent there by a link that somebody gave him. */
function mayBeKnown(): boolean {
  try {
    return localStorage.getItem(HINT) !== null || (document.referrer !== "" && new URL(document.referrer).origin !== location.origin);
  } catch {
    return true;
  }
}

export async function begin(): Promise<void> {
  if (!mayBeKnown()) {
    me.value = null;
    return;
  }
  try {
    const who = await authMe(api());
    me.value = who;
    ended.value = false;
    hint(true);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    hint(false);
    me.value = null;
    return;
  }
  await heardOfSite();
}

export async function heardOfSite(): Promise<void> {
  site.value = may("site.read") ? await siteShow(api()).catch(() => null) : null;
}

/** Grants may have changed: an emergency was opened, or is over. */
export const again = async (): Promise<void> => {
  me.value = await authMe(api());
};

export async function signOut(everywhere: boolean): Promise<void> {
  await authSignOut(api(), everywhere ? { everywhere } : undefined).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
  });
  ended.value = false;
  hint(false);
  me.value = null;
  site.value = null;
}
