/** The user for whom a trace asks for routes: rules may route by user. ip-rule(8), uidrange */
let caller: number | undefined;

/** Notes who called a process that is root, and will be somebody else. */
export function noteCaller(uid: number): void {
  caller = uid;
}

/** Who called, where that may not be the user whom the process is; else undefined. */
export function callerUid(): number | undefined {
  return caller;
}
