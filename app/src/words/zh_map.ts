/** What the map and the replay say. */
export const zhMap = {
} as const;
