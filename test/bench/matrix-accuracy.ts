/**
 * `npm run matrix:accuracy` counts how often the verdicts of a matrix are right, over seeded networks. The first argument is
 * the number of networks. The second, 0 to 1, is the share of replies that each one loses in place of its own share.
 * `--wrong` prints the wrong verdicts.
 */
import { falseDrops, networkOf, verdictsOn, wrongIntervals, type Network } from '../matrix/networks.ts';

const [networks = '200', loss] = process.argv.slice(2).filter((word) => word !== '--wrong');
const count = Number(networks);

function networkFor(seed: number, hasFilter: boolean): Network {
  const network = networkOf(seed, hasFilter);
  return loss === undefined ? network : { ...network, loss: Number(loss) };
}

let withFalseDrops = 0;
let right = 0;
for (let seed = 1; seed <= count; seed++) {
  const plain = networkFor(seed, false);
  const drops = falseDrops(plain, await verdictsOn(plain, seed));
  if (drops.length > 0) withFalseDrops++;
  const filtered = networkFor(seed, true);
  const verdicts = await verdictsOn(filtered, seed);
  const wrong = [...falseDrops(filtered, verdicts), ...wrongIntervals(filtered, verdicts)];
  if (wrong.length === 0) right++;
  if (process.argv.includes('--wrong') && drops.length + wrong.length > 0) {
    console.log(JSON.stringify({ seed, drops, wrong, network: filtered }));
  }
}
console.log(`${withFalseDrops} of ${count} networks without a filter have a false "dropped"`);
console.log(`${right} of ${count} networks with one filter have the right interval`);
