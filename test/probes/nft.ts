/** Rules held against nft(8), which only checks them: nothing is installed. */
import { spawnSync } from 'node:child_process';

/** What nft says of a rule; '' when it takes it. */
export function complaintOfNft(rule: string): string {
  const chain = `chain checked {\ntype filter hook output priority 0\n${rule}\n}`;
  const input = `table inet polytrace_check {\n${chain}\n}\n`;
  const { error, status, stderr } = spawnSync('nft', ['--check', '--file', '-'], { input, encoding: 'utf8' });
  return status === 0 ? '' : (error?.message ?? stderr);
}

/** Why no rule can be checked on this machine; false where it can. */
export function whyNoNft(): string | false {
  if (process.getuid?.() !== 0) return 'nft checks rules for root alone';
  const complaint = complaintOfNft('accept');
  return complaint === '' ? false : `nft checks no rules here: ${complaint.split('\n')[0] ?? ''}`;
}
