import { bind } from '../python/arguments.ts'
import { operate } from '../python/arithmetic.ts'
import { indexOf } from '../python/float.ts'
import { ATTRIBUTE, CALL, type Call, native } from '../python/protocol.ts'
import { typeError } from '../python/python-error.ts'
import { OneShot, Tuple } from '../python/sequence.ts'
import { iterable, truth } from '../python/truth.ts'

type Make = (call: Call) => Iterable<unknown>

function lazy(name: string, make: Make): unknown {
  return native(name, (call) => new OneShot(make(call), `itertools.${name}`))
}

function* chained(parts: Iterable<unknown>): Generator<unknown> {
  for (const part of parts) yield* iterable(part)
}

function* products(pools: readonly (readonly unknown[])[]): Generator<readonly unknown[]> {
  const [first, ...rest] = pools
  if (!first) {
    yield []
    return
  }
  for (const value of first) for (const tail of products(rest)) yield [value, ...tail]
}

/** The index lists of `size` out of `count`: ordered, or rising (strictly, or with repetition). */
function* choices(count: number, size: number, kind: 'ordered' | 'rising' | 'repeating'): Generator<number[]> {
  const walk = function* (chosen: number[]): Generator<number[]> {
    if (chosen.length === size) {
      yield chosen
      return
    }
    const last = chosen.at(-1)
    const start = kind === 'ordered' || last === undefined ? 0 : kind === 'rising' ? last + 1 : last
    for (let next = start; next < count; next += 1) {
      if (kind === 'ordered' && chosen.includes(next)) continue
      yield* walk([...chosen, next])
    }
  }
  yield* walk([])
}

function chosen(name: string, kind: Parameters<typeof choices>[2]): unknown {
  return lazy(name, ({ args, kwargs }) => {
    const [values, size] = bind(name, ['iterable', 'r'], args, kwargs)
    const pool = [...iterable(values)]
    const many = size === undefined || size === null ? pool.length : indexOf(size)
    return (function* () {
      for (const places of choices(pool.length, many, kind)) yield new Tuple(places.map((place) => pool[place]))
    })()
  })
}

function called({ caller }: Call, value: unknown, args: readonly unknown[]): unknown {
  const result = caller.call(value, args)
  if (result instanceof Promise) throw typeError('itertools cannot wait for the function')
  return result
}

/** Walks at most so many: an endless iterator with `list` behind it would never end. */
const ENDLESS = 10_000_000

function* endless(step: (index: number) => unknown): Generator<unknown> {
  for (let index = 0; index < ENDLESS; index += 1) yield step(index)
}

/** Python's module `itertools`. */
export const ITERTOOLS_MODULE: Readonly<Record<string, unknown>> = {
  chain: {
    [CALL]: ({ args }: Call) => new OneShot(chained(args), 'itertools.chain'),
    [ATTRIBUTE]: (name: string) =>
      name === 'from_iterable' ? lazy('chain', ({ args }) => chained(iterable(args[0]))) : undefined,
  },
  product: lazy('product', ({ args, kwargs }) => {
    const pools = args.map((value) => [...iterable(value)])
    const repeat = indexOf(kwargs['repeat'] ?? 1)
    return (function* () {
      for (const values of products(Array.from({ length: repeat }, () => pools).flat())) yield new Tuple(values)
    })()
  }),
  permutations: chosen('permutations', 'ordered'),
  combinations: chosen('combinations', 'rising'),
  combinations_with_replacement: chosen('combinations_with_replacement', 'repeating'),
  count: lazy('count', ({ args, kwargs }) => {
    const [start = 0, step = 1] = bind('count', ['start', 'step'], args, kwargs)
    return endless((index) => operate('+', start, operate('*', step, index)))
  }),
  cycle: lazy('cycle', ({ args }) => {
    const values = [...iterable(args[0])]
    return values.length === 0 ? [] : endless((index) => values[index % values.length])
  }),
  repeat: lazy('repeat', ({ args, kwargs }) => {
    const [value, times] = bind('repeat', ['object', 'times'], args, kwargs)
    return times === undefined ? endless(() => value) : Array.from({ length: indexOf(times) }, () => value)
  }),
  accumulate: lazy('accumulate', (call) => {
    const [values, fn] = bind('accumulate', ['iterable', 'func'], call.args, call.kwargs)
    let total: unknown
    return Array.from(iterable(values), (value, index) => {
      const add = fn === undefined || fn === null ? operate('+', total ?? 0, value) : called(call, fn, [total, value])
      total = index === 0 ? value : add
      return total
    })
  }),
  compress: lazy('compress', ({ args: [values, selectors] }) => {
    const chosenOnes = [...iterable(selectors)]
    return [...iterable(values)].filter((_, index) => truth(chosenOnes[index] ?? false))
  }),
  filterfalse: lazy('filterfalse', (call) =>
    [...iterable(call.args[1])].filter(
      (value) => !truth(call.args[0] === null ? value : called(call, call.args[0], [value])),
    ),
  ),
  islice: lazy('islice', ({ args: [values, first, second, third] }) => {
    const only = second === undefined
    const start = only || first === null ? 0 : indexOf(first)
    const end = only ? first : second
    const stop = end === null || end === undefined ? Number.POSITIVE_INFINITY : indexOf(end)
    const step = third === undefined || third === null ? 1 : indexOf(third)
    return (function* () {
      let index = 0
      for (const value of iterable(values)) {
        if (index >= stop) return
        if (index >= start && (index - start) % step === 0) yield value
        index += 1
      }
    })()
  }),
  starmap: lazy('starmap', (call) =>
    Array.from(iterable(call.args[1]), (args) => called(call, call.args[0], [...iterable(args)])),
  ),
  tee: native('tee', ({ args: [values, many] }) => {
    const all = [...iterable(values)]
    return new Tuple(Array.from({ length: indexOf(many ?? 2) }, () => new OneShot(all, 'itertools._tee')))
  }),
  zip_longest: lazy('zip_longest', ({ args, kwargs }) => {
    const lists = args.map((value) => [...iterable(value)])
    const longest = Math.max(0, ...lists.map((list) => list.length))
    const fill = kwargs['fillvalue'] ?? null
    return Array.from(
      { length: longest },
      (_, index) => new Tuple(lists.map((list) => (index < list.length ? list[index] : fill))),
    )
  }),
  groupby: lazy('groupby', (call) => {
    const [values, key] = bind('groupby', ['iterable', 'key'], call.args, call.kwargs)
    const groups: { key: unknown; items: unknown[] }[] = []
    for (const value of iterable(values)) {
      const own = key === undefined || key === null ? value : called(call, key, [value])
      const last = groups.at(-1)
      if (last && last.key === own) last.items.push(value)
      else groups.push({ key: own, items: [value] })
    }
    return groups.map(({ key: own, items }) => new Tuple([own, new OneShot(items, 'itertools._grouper')]))
  }),
}
