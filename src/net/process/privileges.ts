/** Gives up root, which is needed only to open sockets. */
import { closeSync, openSync } from 'node:fs';

/** The ids of the user who called, through sudo or the set-user-id bit; undefined when root itself called. */
function invokingUser(): { uid: number; gid: number } | undefined {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (uid !== 0) return { uid, gid };
  const sudo = { uid: Number(process.env['SUDO_UID']), gid: Number(process.env['SUDO_GID']) };
  const given = Number.isInteger(sudo.uid) && sudo.uid > 0 && Number.isInteger(sudo.gid) && sudo.gid >= 0;
  return given ? sudo : undefined;
}

/**
 * Becomes the invoking user for good. Does nothing for other users, and when root itself called.
 * @param loadParts - loads the rest of the program; called where the user could not read it
 */
export function dropPrivileges(loadParts: () => void): Promise<void> {
  const user = process.geteuid?.() === 0 ? invokingUser() : undefined;
  if (user) become(user, loadParts);
  return Promise.resolve();
}

function become({ uid, gid }: { readonly uid: number; readonly gid: number }, loadParts: () => void): void {
  // groups first: after setuid they could no longer be changed
  process.setgid?.(gid);
  process.setgroups?.([gid]);
  if (!canReadProgram(uid)) loadParts();
  process.setuid?.(uid);
}

/** True when a user may read what root has installed. */
function canReadProgram(uid: number): boolean {
  process.seteuid?.(uid);
  try {
    closeSync(openSync(import.meta.filename, 'r'));
    return true;
  } catch {
    return false;
  } finally {
    process.seteuid?.(0);
  }
}
