/** Keys of the whole desk: g and a letter goes somewhere, / searches, ? shows all of them. */
import { signal } from "@preact/signals";
import { go } from "../../ui/route";
import { isAsking } from "../base/form";
import { all, allowed } from "./places";

export const help = signal(false);

const types = (target: EventTarget | null): boolean => target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;

export function listen(): () => void {
  let went = -Infinity; // when g was pressed
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || types(event.target) || isAsking() || document.querySelector("dialog[open]") !== null) return;
    const second = performance.now() - went < 1500;
    went = -Infinity;
    if (second) {
      const place = all.find((one) => one.key === event.key && allowed(one));
      if (place === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      go(place.path);
    } else if (event.key === "g") {
      event.stopPropagation();
      went = performance.now();
    } else if (event.key === "/") {
      const search = document.querySelector<HTMLInputElement>("main .main-search");
      if (search === null) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?") {
      event.preventDefault();
      help.value = true;
    }
  };
  // Before the table hears it: the letter after g is not one of the table's.
  document.addEventListener("keydown", key, true);
  return () => document.removeEventListener("keydown", key, true);
}
