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

/** Becomes the invoking user for good. Does nothing for other users, and when root itself called. */
export async function dropPrivileges(): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const user = invokingUser();
  if (!user) return;
  // groups first: after setuid they could no longer be changed
  process.setgid?.(user.gid);
  process.setgroups?.([user.gid]);
  if (!canReadProgram(user.uid)) await loadAll();
  process.setuid?.(user.uid);
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

/** Loads now, in some 20 ms, what would otherwise be loaded when it is needed. */
async function loadAll(): Promise<void> {
  await Promise.all([import('../names/resolver.ts'), import('../host/node-sockets.ts')]);
}
