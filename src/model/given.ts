/** The record without its undefined members: what nobody gave or knows is left out. */
export function given<Members extends Record<string, unknown>>(
  members: Members,
): { [Key in keyof Members]?: Exclude<Members[Key], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Members]?: Exclude<Members[Key], undefined> }; // fromEntries forgets the keys
}
