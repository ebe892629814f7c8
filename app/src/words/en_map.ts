import type { zhMap } from "./zh_map";

export const enMap: Record<keyof typeof zhMap, string> = {
};
