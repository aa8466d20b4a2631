/** The programs of the system that tests call, and how to have them. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What tests need besides Node and npm's packages. */
export interface Tool {
  readonly program: string;
  /** The Debian packages that have it. */
  readonly packages: readonly string[];
  readonly purpose: string;
  /** What it is for is of Linux alone. */
  readonly ofLinux: boolean;
}

const LAB = { purpose: 'the lab', ofLinux: true } as const;
const RIGHTS = { purpose: 'the rights', ofLinux: true } as const;
const COMPLETION = { purpose: 'completion', ofLinux: false } as const;

/** All of them. */
export const TOOLS: readonly Tool[] = [
  { program: 'ip', packages: ['iproute2'], ...LAB },
  { program: 'nft', packages: ['nftables'], ...LAB },
  { program: 'setpriv', packages: ['util-linux'], ...RIGHTS },
  { program: 'setcap', packages: ['libcap2-bin'], ...RIGHTS },
  { program: 'sudo', packages: ['sudo'], ...RIGHTS },
  { program: 'tcpdump', packages: ['tcpdump'], purpose: 'the benchmarks', ofLinux: true },
  { program: 'cc', packages: ['gcc', 'libc6-dev'], purpose: "the kernel's structures", ofLinux: true },
  { program: 'bash', packages: ['bash'], ...COMPLETION },
  { program: 'zsh', packages: ['zsh'], ...COMPLETION },
  { program: 'fish', packages: ['fish'], ...COMPLETION },
  { program: 'mandoc', packages: ['mandoc'], purpose: 'the manuals', ofLinux: false },
];

/** Where to look, and on which system. */
export interface Place {
  readonly path: string;
  readonly platform: NodeJS.Platform;
}

/** This process's own. */
export function here(): Place {
  return { path: process.env['PATH'] ?? '', platform: process.platform };
}

/** The tools that the system lacks. */
export function missingTools({ path, platform }: Place = here()): Tool[] {
  return TOOLS.filter(({ ofLinux }) => platform === 'linux' || !ofLinux).filter(
    ({ program }) => !isInstalled(program, path),
  );
}

/** The tools of the lab that the system lacks. */
export function missingLabTools(place: Place = here()): Tool[] {
  return missingTools(place).filter(({ purpose }) => purpose === LAB.purpose);
}

/** Their packages, as apt-get takes them. */
export function packagesOf(tools: readonly Tool[]): string {
  return tools.flatMap(({ packages }) => packages).join(' ');
}

/** Whether `path`, a list of folders as PATH is one, has the program. */
export function isInstalled(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
