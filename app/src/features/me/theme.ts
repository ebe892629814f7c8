/** Light, dark, or as the phone has it. */
import { signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

function kept(): Theme {
  try {
    const said = localStorage.getItem("doorward.theme");
    return said === "light" || said === "dark" ? said : "auto";
  } catch {
    return "auto";
  }
}

export const theme = signal<Theme>(kept());

export function setTheme(which: Theme): void {
  theme.value = which;
  if (which === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = which;
  try {
    localStorage.setItem("doorward.theme", which);
  } catch {
    /* it holds for this time */
  }
}
