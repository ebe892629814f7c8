import type { zhDesk } from "./zh_desk";

export const enDesk: Record<keyof typeof zhDesk, string> = {
};
