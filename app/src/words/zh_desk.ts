/** What the desk half says. */
export const zhDesk = {
} as const;
