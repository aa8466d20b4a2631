/** Which test files have a process of their own. All others share one, test/all.ts. */

/** The beginnings of their paths, and why. */
export const ALONE: Readonly<Record<string, string>> = {
  'test/build/library.test.ts': 'it runs the build',
  'test/demo/': 'it runs the build, over kernel routers',
  'test/docs/adding-a-probe.test.ts': 'it runs the shared process in a copy of the project',
  'test/docs/security.test.ts': 'it runs the build, with rights of its own',
  'test/docs/worked-example.test.ts': 'it runs the build in the lab',
  'test/install/': 'it runs the build',
  'test/lab/': 'it makes namespaces, and waits most of the time',
  'test/matrix/accuracy/': 'it computes for long',
  'test/net/conformance/transports.test.ts': 'it leaves the network of the machine for good',
  'test/net/host/routes.test.ts': 'likewise',
  'test/net/portable/': 'likewise',
  'test/net/raw/': 'likewise',
  'test/net/unprivileged/': 'likewise',
  'test/soak/': 'it runs the build in the lab',
  'test/package.test.ts': 'it packs the build',
};

/** Whether a test file, by its path from the folder of the project, has a process of its own. */
export function isAlone(file: string): boolean {
  return Object.keys(ALONE).some((start) => file.startsWith(start));
}
