/** What the field half says. */
export const zhField = {
} as const;
