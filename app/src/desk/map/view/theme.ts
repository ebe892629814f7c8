/** Whether the page is light or dark now, and the map's colours beside those of coverage. */
import { signal } from "@preact/signals";

export type Theme = "light" | "dark";
const dark = () => {
  const said = document.documentElement.dataset["theme"];
  return said === "dark" || (said !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
};
export const theme = signal<Theme>("light");
if (typeof window !== "undefined") {
  const look = () => (theme.value = dark() ? "dark" : "light");
  look();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
  new MutationObserver(look).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}

export interface Ground {
  around: string;
  village: string;
  lane: string;
  laneEdge: string;
  villageLine: string;
  gridLine: string;
  cellLine: string;
  roofLine: string;
  chosen: string;
  barrier: string;
  gate: string;
  phone: string;
  text: string;
  soft: string;
  halo: string;
  draft: string;
  hatch: string;
}
export const GROUND: Record<Theme, Ground> = {
  light: { around: "#e9edeb", village: "#f7f6f1", lane: "#ffffff", laneEdge: "#d9d8d0", villageLine: "#5d6f67", gridLine: "#6b7f77", cellLine: "#a9b6b0", roofLine: "#5f6b66", chosen: "#0b2e6b", barrier: "#a3195b", gate: "#0f5c4a", phone: "#5b2a9d", text: "#17211d", soft: "#4f5c56", halo: "#ffffff", draft: "#a3195b", hatch: "#9aa5a0" },
  dark: { around: "#0b1512", village: "#16211d", lane: "#2b3833", laneEdge: "#0f1815", villageLine: "#8ea39a", gridLine: "#7d938a", cellLine: "#4b5d55", roofLine: "#0a120f", chosen: "#ffffff", barrier: "#ff7ab3", gate: "#5fd09b", phone: "#c6a4ff", text: "#e7efeb", soft: "#b4c2bb", halo: "#0b1512", draft: "#ff7ab3", hatch: "#66756e" },
};
