import { indexOf } from './float.ts'
import { isText, like } from './markup.ts'
import { PythonError } from './python-error.ts'
import { Range, Tuple } from './sequence.ts'
import { characters } from './truth.ts'

/** `start:stop:step` inside brackets; `null` where left out. */
export class Slice {
  readonly start: unknown
  readonly stop: unknown
  readonly step: unknown

  constructor(start: unknown, stop: unknown, step: unknown) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}

/** Python's slicing of text, lists, tuples and ranges; `undefined` for other values. */
export function slice(value: unknown, { start, stop, step }: Slice): unknown {
  if (isText(value)) {
    const all = characters(value.toString())
    const picked = pick(all, start, stop, step)
    return like(value, picked.join(''))
  }
  if (Array.isArray(value)) return pick(value, start, stop, step)
  if (value instanceof Tuple) return new Tuple(pick(value.items, start, stop, step))
  if (value instanceof Range) {
    const places = pick(
      Array.from({ length: value.length }, (_, index) => index),
      start,
      stop,
      step,
    )
    const by = (step === null ? 1 : indexOf(step)) * value.step
    const first = places[0] === undefined ? value.start : value.at(places[0])
    return new Range(first, first + by * places.length, by)
  }
  return undefined
}

function pick<T>(all: ArrayLike<T>, from: unknown, to: unknown, by: unknown): T[] {
  const step = by === null ? 1 : indexOf(by)
  if (step === 0) throw new PythonError('ValueError', 'slice step cannot be zero')
  const lowest = step > 0 ? 0 : -1
  const highest = step > 0 ? all.length : all.length - 1
  const bound = (given: unknown, otherwise: number): number => {
    if (given === null) return otherwise
    const index = indexOf(given, 'slice indices must be integers or None: an integer')
    return Math.min(highest, Math.max(lowest, index < 0 ? index + all.length : index))
  }
  const start = bound(from, step > 0 ? lowest : highest)
  const stop = bound(to, step > 0 ? highest : lowest)
  const out: T[] = []
  for (let index = start; step > 0 ? index < stop : index > stop; index += step) out.push(all[index] as T)
  return out
}
