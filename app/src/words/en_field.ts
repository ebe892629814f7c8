import type { zhField } from "./zh_field";

export const enField: Record<keyof typeof zhField, string> = {
};
