// How a time is taken. Lanes take their samples one after the other, round by round in a new order; ratios are medians
// of the ratios within one round, so that a machine that slows down slows all of them. A lane knows how to take one
// sample (`lanes.mjs`); this file knows neither engines nor requests.
import { random, shuffle } from './workload.mjs'

/**
 * The samples of each lane, by round: nanoseconds for one of what it measures.
 *
 * @param {readonly { sample: () => number }[]} lanes
 */
export function compete(lanes, { rounds, warmUp = 10, onRound = () => undefined, seed = 7 }) {
  const draw = random(seed)
  const times = lanes.map(() => [])
  for (let round = -warmUp; round < rounds; round++) {
    for (const index of shuffle([...lanes.keys()], draw)) {
      const time = lanes[index].sample()
      if (round >= 0) times[index].push(time)
    }
    onRound((round + warmUp + 1) / (rounds + warmUp))
  }
  return times
}

export function median(numbers) {
  return quantile(numbers, 0.5)
}

/** Half the distance between the quartiles, as a share of the median. */
export function spread(numbers) {
  return (quantile(numbers, 0.75) - quantile(numbers, 0.25)) / 2 / median(numbers)
}

function quantile(numbers, q) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const below = sorted[Math.floor(at)]
  return below + ((sorted[Math.ceil(at)] ?? below) - below) * (at - Math.floor(at))
}

/** The median of `times[i] / others[i]`, both of the same rounds. */
export function ratio(times, others) {
  return median(times.map((time, i) => time / others[i]))
}
