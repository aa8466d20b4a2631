/** A command that tells who it is whenever it sends, and whenever it has read something. Its arguments are the command's. */
import { main } from '../../../src/main.ts';
import { realWorld } from '../../../src/net/world.ts';

const world = realWorld();
const said: string[] = [];
const say = (what: string): void => {
  const line = `${what} as ${process.getuid?.() ?? ''}`;
  if (!said.includes(line)) said.push(line);
};

const machine: typeof world.machine = {
  ...world.machine,
  openTransport: async (options) => {
    const transport = await world.machine.openTransport(options);
    const [send, receive] = [transport.send.bind(transport), transport.receive.bind(transport)];
    return Object.assign(transport, {
      send: (datagram: Parameters<typeof send>[0]) => {
        say('sent');
        return send(datagram);
      },
      receive: () => {
        const datagrams = receive();
        if (datagrams.length > 0) say('read');
        return datagrams;
      },
    });
  },
};

const status = await main('traceroute', 'traceroute', process.argv.slice(2), { ...world, machine });
console.log(JSON.stringify({ status, said }));
