/** The shells source their completion scripts, and complete: src/dialects/completion. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { probeTypes } from '../../probes/index.ts';
import { bsdOptions } from '../../src/dialects/bsd-options.ts';
import { operandsOf, spellings } from '../../src/dialects/completion/command-line.ts';
import { completionShells } from '../../src/dialects/completion/shell.ts';
import type { OptionTable } from '../../src/dialects/option-table.ts';
import { tcptracerouteOptions } from '../../src/dialects/tcptraceroute-options.ts';
import { main } from '../../src/main.ts';
import type { Ending } from '../../src/ports/world.ts';
import { SimWorld } from '../sim/sim-world.ts';

type Name = 'traceroute' | 'tcptraceroute';

const tables: Readonly<Record<Name, OptionTable<never>>> = {
  traceroute: bsdOptions,
  tcptraceroute: tcptracerouteOptions,
};
const names = ['traceroute', 'tcptraceroute'] as const;
const path = { src: '10.0.0.1', hops: [], dst: { addr: '10.99.0.1' } };
const directory = mkdtempSync(join(tmpdir(), 'completion-'));
after(() => {
  rmSync(directory, { recursive: true });
});

async function run(name: Name, argv: readonly string[]): Promise<{ status: Ending; world: SimWorld }> {
  const world = new SimWorld(path);
  return { status: await main(name, name, argv, world), world };
}

/** Where the script of a command is, printed by the command itself. */
async function scriptFile(name: Name, shell: string): Promise<string> {
  const { status, world } = await run(name, ['--completion', shell]);
  assert.equal(status, 0);
  assert.equal(world.err, '');
  const file = join(directory, `${name}.${shell}`);
  writeFileSync(file, world.out);
  return file;
}

function missing(shell: string): string | false {
  return spawnSync(shell, ['--version']).status === 0 ? false : `${shell} is not installed`;
}

/** The lines a shell prints for a script of its own. */
function lines(command: string, argv: readonly string[]): string[] {
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory, TERM: 'dumb' };
  const { status, stdout, stderr } = spawnSync(command, argv, { encoding: 'utf8', env, timeout: 20_000 });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  return stdout.split('\n').filter((line) => line !== '');
}

function allSpellings(name: Name): string[] {
  return tables[name].flatMap(spellings).sort();
}

const probeNames = probeTypes.map(({ name }) => name).filter((name) => name !== 'generic');

describe('--completion', () => {
  for (const name of names) {
    it(`${name} --completion refuses another shell, and lists those it knows`, async () => {
      const { status, world } = await run(name, ['--completion', 'tcsh']);
      assert.equal(status, 1);
      assert.equal(world.out, '');
      assert.match(world.err, /--completion tcsh: expected one of bash, zsh, fish\n$/);
    });

    it(`${name} --completion needs a shell`, async () => {
      const { status, world } = await run(name, ['--completion']);
      assert.equal(status, 1);
      assert.match(world.err, /--completion/);
    });

    it(`${name} --completion opens no socket, and needs no host`, async () => {
      const { status, world } = await run(name, ['-n', '--completion=bash']);
      assert.equal(status, 0);
      assert.equal(world.transport, undefined);
    });
  }

  it('a completion script is for the name by which the command was called', async () => {
    for (const shell of completionShells) {
      const world = new SimWorld(path);
      await main('traceroute', "6's traceroute", ['--completion', shell], world);
      assert.match(world.out, shell === 'fish' ? /-c '6\\'s traceroute' / : /'6'\\''s traceroute'/);
    }
  });

  it('completion reads the operands of a usage line', () => {
    const operands = operandsOf('host [destination port] [length]');
    assert.deepEqual(
      operands.map(({ name, values }) => [name, values.from]),
      [
        ['host', 'hosts'],
        ['destination port', 'services'],
        ['length', 'free'],
      ],
    );
  });
});

describe('completion in bash', { skip: missing('bash') }, () => {
  /** What bash offers for the last word. `=` is a word of its own, as in bash's COMP_WORDBREAKS. */
  async function offered(name: Name, ...words: string[]): Promise<string[]> {
    const script = `
      source "$1"; shift
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      read -r _ _ function _ < <(complete -p -- "$1")
      "$function"
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const file = await scriptFile(name, 'bash');
    return lines('bash', ['--norc', '--noprofile', '-c', script, 'bash', file, name, ...words]);
  }

  for (const name of names) {
    it(`bash offers every option of ${name}`, async () => {
      assert.deepEqual((await offered(name, '-')).sort(), allSpellings(name));
    });

    it(`bash offers interfaces after ${name} -i, also in a cluster or attached`, async () => {
      const interfaces = Object.keys(networkInterfaces());
      for (const words of [
        ['-i', ''],
        ['-ni', ''],
      ]) {
        const found = await offered(name, ...words);
        for (const each of interfaces) assert.ok(found.includes(each), `${each} of ${found.join(' ')}`);
      }
      assert.ok((await offered(name, '-nil')).includes('-nilo'));
    });

    it(`bash offers nothing for a value of ${name} that nobody can list`, async () => {
      assert.deepEqual(await offered(name, '-q', ''), []);
      assert.deepEqual(await offered(name, '-w', '-'), []);
    });

    it(`bash offers shells after ${name} --completion, with and without =`, async () => {
      assert.deepEqual(await offered(name, '--completion', ''), ['bash', 'zsh', 'fish']);
      assert.deepEqual(await offered(name, '--completion', '='), ['bash', 'zsh', 'fish']);
      assert.deepEqual(await offered(name, '--completion', '=', 'z'), ['zsh']);
    });

    it(`bash offers probes after ${name} --matrix, and after each comma`, async () => {
      const all = await offered(name, '--matrix', '');
      for (const probe of ['default', ...probeNames, 'tcp/443']) assert.ok(all.includes(probe), probe);
      assert.deepEqual(await offered(name, '--matrix', 'icmp,udp/53,gr'), ['icmp,udp/53,gre']);
      assert.deepEqual(await offered(name, '--matrix', '=', 'icmp,sc'), ['icmp,sctp']);
    });

    it(`bash offers languages after ${name} --rules, and after each comma`, async () => {
      assert.deepEqual(await offered(name, '--rules', ''), ['nft', 'pf', 'ios', 'aws']);
      assert.deepEqual(await offered(name, '--rules', 'nft,i'), ['nft,ios']);
    });

    it(`bash offers hosts for the first operand of ${name}, wherever it stands`, async () => {
      assert.deepEqual(await offered(name, 'localhos'), ['localhost']);
      assert.deepEqual(await offered(name, '-n', '-q', '1', '--parallel', '=', '4', 'localhos'), [
        'localhost',
      ]);
      assert.deepEqual(await offered(name, '--', 'localhos'), ['localhost']);
      assert.deepEqual(await offered(name, '10.99.0.1', '100', 'localhos'), []);
    });

    it(`bash offers no option of ${name} after --`, async () => {
      assert.deepEqual(await offered(name, '--', '-'), []);
    });

    it(`bash offers the addresses of the machine after ${name} -s`, async () => {
      assert.ok((await offered(name, '-s', '127.')).includes('127.0.0.1'));
    });
  }

  it('bash completes a long option of traceroute', async () => {
    assert.deepEqual(await offered('traceroute', '--par'), ['--parallel']);
  });

  it('bash offers the probes of the registry after traceroute -P', async () => {
    assert.deepEqual(await offered('traceroute', '-P', ''), probeNames);
    assert.deepEqual(await offered('traceroute', '-nPudpl'), ['-nPudplite']);
  });

  it('bash offers services for the second operand of tcptraceroute', async () => {
    assert.deepEqual(await offered('tcptraceroute', 'localhost', 'submissi'), await serviceNames('submissi'));
  });

  /** What bash itself knows of /etc/services. */
  function serviceNames(prefix: string): Promise<string[]> {
    const script = 'compgen -A service -- "$1"; true';
    return Promise.resolve(lines('bash', ['--norc', '--noprofile', '-c', script, 'bash', prefix]));
  }
});

describe('completion in zsh', { skip: missing('zsh') }, () => {
  /** Types into a zsh on a terminal of its own, and reads back what its line editor holds after the tabs. */
  const typing = `
    zmodload zsh/zpty
    zpty -b shell zsh -f -i
    await() { zpty -rm shell answer "*$1*"; }
    zpty -w shell "PROMPT= RPROMPT= PROMPT_EOL_MARK= HOME=$HOME; unsetopt zle_bracketed_paste"
    zpty -w shell "bindkey -e; zstyle ':completion:*' list-prompt ''; LISTMAX=9999; COLUMNS=500"
    zpty -w shell 'autoload -Uz compinit; compinit -u -D; source '$1
    zpty -w shell 'show() { print -r -- "<<$BUFFER>>"; BUFFER=; zle redisplay }; zle -N show; bindkey "^X^X" show'
    zpty -w shell 'print -r -- read"y"'
    await ready
    for line in "\${@:2}"; do
      zpty -wn shell "$line"$'\\t\\C-x\\C-x'
      await '<<*>>'
      print -r -- \${\${answer##*<<}%%>>*}
    done
    zpty -d shell`;

  async function completed(name: Name, ...typed: string[]): Promise<string[]> {
    const file = await scriptFile(name, 'zsh');
    return lines('zsh', ['-f', '-c', typing, 'zsh', file, ...typed]);
  }

  for (const name of names) {
    it(`zsh finds no mistake of syntax in the script of ${name}`, async () => {
      assert.deepEqual(lines('zsh', ['-n', await scriptFile(name, 'zsh')]), []);
    });

    it(`zsh completes long options, shells and interfaces of ${name}`, async () => {
      const typed = [`${name} --par`, `${name} --completion z`, `${name} -n -i lo`, `${name} -nilo`];
      assert.deepEqual(await completed(name, ...typed), [
        `${name} --parallel=`,
        `${name} --completion zsh `,
        `${name} -n -i lo `,
        `${name} -nilo `,
      ]);
    });
  }

  it('zsh offers probes after --matrix and languages after --rules, and after each comma', async () => {
    const typed = [
      'traceroute --matrix def',
      'traceroute --matrix icmp,udp/53,gr',
      'traceroute --rules nft,p',
      'tcptraceroute --matrix udp/8080,ic',
    ];
    const [first = '', second = '', rules = '', third = ''] = await completed(
      'traceroute',
      ...typed.slice(0, 3),
    ).then(async (found) => [...found, ...(await completed('tcptraceroute', ...typed.slice(3)))]);
    assert.match(first, /^traceroute --matrix default/);
    assert.match(second, /^traceroute --matrix icmp,udp\/53,gre/);
    assert.match(rules, /^traceroute --rules nft,pf/);
    assert.match(third, /^tcptraceroute --matrix udp\/8080,icmp/);
  });

  it('zsh offers the probes of the registry after traceroute -P', async () => {
    assert.deepEqual(
      await completed('traceroute', ...probeNames.map((name) => `traceroute -P ${name.slice(0, -1)}`)),
      probeNames.map((name) => (name === 'udp' ? 'traceroute -P udp' : `traceroute -P ${name} `)),
    );
  });

  it('zsh knows every long option of tcptraceroute', async () => {
    const longs = tcptracerouteOptions.flatMap(({ long }) => (long === undefined ? [] : [`--${long}`]));
    // without their last character, where that leaves nothing else to complete
    const clear = longs.filter((long) =>
      longs.every((other) => other.startsWith(long) || !other.startsWith(long.slice(0, -1))),
    );
    assert.ok(clear.length >= longs.length - 2);
    const answers = await completed(
      'tcptraceroute',
      ...clear.map((long) => `tcptraceroute ${long.slice(0, -1)}`),
    );
    for (const [index, long] of clear.entries()) {
      assert.ok(answers[index]?.startsWith(`tcptraceroute ${long}`), answers[index]);
    }
  });
});

describe('completion in fish', { skip: missing('fish') }, () => {
  // a host that fish's own completion of host names knows
  mkdirSync(join(directory, '.ssh'));
  writeFileSync(join(directory, '.ssh', 'known_hosts'), 'shop.example ssh-ed25519 AAAA\n');

  /** The words fish offers, without their descriptions. */
  async function offered(name: Name, line: string): Promise<string[]> {
    const file = await scriptFile(name, 'fish');
    const script = 'complete -e -c $argv[2]; source $argv[1]; complete -C $argv[3]';
    const found = lines('fish', ['--no-config', '-c', script, file, name, `${name} ${line}`]);
    return found.map((each) => each.replace(/\t.*/, ''));
  }

  for (const name of names) {
    it(`bash offers every option of ${name}`, async () => {
      const letters = await offered(name, '-');
      const longs = await offered(name, '--');
      assert.deepEqual([...new Set([...letters, ...longs])].sort(), allSpellings(name));
    });

    it(`fish offers probes after ${name} --matrix, and after each comma`, async () => {
      const all = await offered(name, '--matrix ');
      for (const probe of ['default', ...probeNames, 'tcp/443']) assert.ok(all.includes(probe), probe);
      assert.deepEqual(await offered(name, '--matrix icmp,udp/53,gr'), ['icmp,udp/53,gre']);
      assert.deepEqual(await offered(name, '--rules aws,p'), ['aws,pf']);
    });

    it(`fish completes a long option, a shell, an interface and a host of ${name}`, async () => {
      assert.deepEqual(await offered(name, '--par'), ['--parallel']);
      assert.deepEqual(await offered(name, '--completion f'), ['fish']);
      assert.ok((await offered(name, '-i l')).includes('lo'));
      assert.ok((await offered(name, 'shop.ex')).includes('shop.example'));
    });
  }

  it('fish offers the probes of the registry after traceroute -P', async () => {
    assert.deepEqual((await offered('traceroute', '-P ')).sort(), probeNames.toSorted());
  });

  it('fish says of each choice what it is', async () => {
    const file = await scriptFile('traceroute', 'fish');
    const script = 'source $argv[1]; complete -C "traceroute -P gr"';
    const [line = ''] = lines('fish', ['--no-config', '-c', script, file]);
    const summary = probeTypes.find(({ name }) => name === 'gre')?.summary ?? '';
    assert.equal(line, `gre\t${summary}`);
  });
});
