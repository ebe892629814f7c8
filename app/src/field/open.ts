/** Where the screens get their phone: one for the page, however often it is asked for. */
import { language } from "../words";
import { Engine } from "./engine";
import { browserEnv } from "./env";
import type { Phone } from "./phone";

let phone: Promise<Phone> | null = null;

export function openPhone(): Promise<Phone> {
  phone ??= Engine.begin(browserEnv(() => language.value)).catch((error: unknown) => {
    phone = null;
    throw error;
  });
  return phone;
}
