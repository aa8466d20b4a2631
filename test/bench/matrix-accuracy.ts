/** `npm run matrix:accuracy`: how often the verdicts of a matrix are right, over seeded networks. */
import { falseDrops, networkOf, verdictsOn, wrongIntervals } from '../matrix/networks.ts';

const NETWORKS = 200;

let withFalseDrops = 0;
let right = 0;
for (let seed = 1; seed <= NETWORKS; seed++) {
  const plain = networkOf(seed, false);
  if (falseDrops(plain, await verdictsOn(plain, seed)).length > 0) withFalseDrops++;
  const filtered = networkOf(seed, true);
  const verdicts = await verdictsOn(filtered, seed);
  const wrong = [...falseDrops(filtered, verdicts), ...wrongIntervals(filtered, verdicts)];
  if (wrong.length === 0) right++;
  else if (process.argv.includes('--wrong')) {
    console.log(JSON.stringify({ seed, filter: filtered.filter, wrong, network: filtered }));
  }
}
console.log(`${withFalseDrops} of ${NETWORKS} networks without a filter have a false "dropped"`);
console.log(`${right} of ${NETWORKS} networks with one filter have the right interval`);
