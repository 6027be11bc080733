import { col, explode, explodeOuter, type Frame, posexplode } from '../../../../src/data/frame/index.ts'
import { isOrdered, type RandomColumn, RandomExpressions } from './random-plan-expressions.ts'
import { type Kind, type KnownColumn, type RandomFrame, randomTable } from './random-plan-tables.ts'
import { sqlTextOf } from './random-plan-text.ts'
import type { RandomSource } from './random-source.ts'

/** One more step of a plan. */
export type Step = (given: RandomFrame, source: RandomSource, fresh: () => string) => RandomFrame

/** A computed column under a new name; columns whose type is not followed are used no further. */
function kept(made: RandomColumn, name: string): KnownColumn[] {
  return made.kind === 'other' ? [] : [{ name, kind: made.kind }]
}

const quoted = (name: string) => `\`${name}\``

const project: Step = ({ frame, columns, rows }, source, fresh) => {
  const expressions = new RandomExpressions(source, columns)
  const old = source.some(columns, 1, columns.length)
  const added = Array.from({ length: source.whole(0, 3) }, () => ({ made: expressions.any(2), name: fresh() }))
  const items = [...old.map(({ name }) => name), ...added.map(({ made, name }) => made.column.as(name))]
  return {
    frame: frame.select(...items),
    columns: [...old, ...added.flatMap(({ made, name }) => kept(made, name))],
    rows,
  }
}

const projectText: Step = ({ frame, columns, rows }, source, fresh) => {
  const expressions = new RandomExpressions(source, columns)
  const old = source.some(columns, 1, columns.length)
  const added = Array.from({ length: source.whole(1, 2) }, () => ({ made: expressions.any(2), name: fresh() }))
  const texts = added.flatMap(({ made, name }) => {
    const text = sqlTextOf(made.column.expr)
    return text === undefined ? [] : [{ made, name, text: `${text} as ${name}` }]
  })
  return {
    frame: frame.selectExpr(...old.map(({ name }) => quoted(name)), ...texts.map(({ text }) => text)),
    columns: [...old, ...texts.flatMap(({ made, name }) => kept(made, name))],
    rows,
  }
}

const addColumns: Step = ({ frame, columns, rows }, source, fresh) => {
  const expressions = new RandomExpressions(source, columns)
  const added = Array.from({ length: source.whole(1, 3) }, () => ({
    made: expressions.any(2),
    name: source.chance(0.2) ? source.pick(columns).name : fresh(),
  }))
  const latest = new Map(added.map(({ name, made }) => [name, made]))
  const named = Object.fromEntries([...latest].map(([name, { column }]) => [name, column]))
  const [only] = latest
  return {
    frame: latest.size === 1 && only ? frame.withColumn(only[0], only[1].column) : frame.withColumns(named as never),
    columns: [
      ...columns.flatMap((column) => {
        const made = latest.get(column.name)
        return made ? kept(made, column.name) : [column]
      }),
      ...[...latest].flatMap(([name, made]) =>
        columns.some((column) => column.name === name) ? [] : kept(made, name),
      ),
    ],
    rows,
  }
}

const windowColumn: Step = ({ frame, columns, rows }, source, fresh) => {
  const made = new RandomExpressions(source, columns).windowed()
  const name = fresh()
  return { frame: frame.withColumn(name, made.column), columns: [...columns, ...kept(made, name)], rows }
}

const drop: Step = ({ frame, columns, rows }, source) => {
  if (columns.length < 2) return { frame, columns, rows }
  const gone = source.some(columns, 1, columns.length - 1).map(({ name }) => name)
  return { frame: frame.drop(...gone), columns: columns.filter(({ name }) => !gone.includes(name)), rows }
}

const rename: Step = ({ frame, columns, rows }, source, fresh) => {
  const { name } = source.pick(columns)
  const to = source.chance(0.3) ? `${fresh()} ß` : source.chance(0.3) ? name.toUpperCase() : fresh()
  const renamed = columns.map((column) => (column.name === name ? { ...column, name: to } : column))
  return { frame: frame.withColumnRenamed(name, to), columns: renamed, rows }
}

const filter: Step = ({ frame, columns, rows }, source) => {
  const condition = new RandomExpressions(source, columns).condition(source.whole(1, 3))
  const text = source.chance(0.4) ? sqlTextOf(condition.expr) : undefined
  return { frame: text === undefined ? frame.filter(condition) : frame.filter(text), columns, rows }
}

const sortAndLimit: Step = ({ frame, columns, rows }, source) => {
  if (columns.some(({ kind }) => !isOrdered(kind))) return { frame, columns, rows }
  const sorted = onlyKnown(frame, columns).orderBy(...new RandomExpressions(source, columns).totalOrder())
  const moved = source.chance(0.3) ? sorted.offset(source.whole(0, 2)) : sorted
  return { frame: moved.limit(source.whole(0, 6)), columns, rows: Math.min(rows, 6) }
}

const aggregate: Step = ({ frame, columns, rows }, source, fresh) => {
  const expressions = new RandomExpressions(source, columns)
  const keys = source.some(columns, source.chance(0.2) ? 0 : 1, 2)
  const aggregates = Array.from({ length: source.whole(1, 3) }, () => ({ made: expressions.aggregate(), name: fresh() }))
  const names = keys.map(({ name }) => name)
  const how = keys.length === 0 ? 'groupBy' : source.weighted([[6, 'groupBy'], [1, 'rollup'], [1, 'cube']] as const)
  const grouped = frame[how](...names)
  const items = aggregates.map(({ made, name }) => made.column.as(name))
  return {
    frame: grouped.agg(...(items as [(typeof items)[number]])),
    columns: [...keys, ...aggregates.flatMap(({ made, name }) => kept(made, name))],
    rows: rows * (how === 'groupBy' ? 1 : 4),
  }
} // biome-ignore format: a table

const groupingSets: Step = ({ frame, columns, rows }, source, fresh) => {
  const [one, two] = source.some(columns, 2, 2).map(({ name }) => name)
  if (one === undefined || two === undefined) return { frame, columns, rows }
  const made = new RandomExpressions(source, columns).aggregate()
  const name = fresh()
  const sets = source.pick([
    [[one], [two]],
    [[one, two], []],
    [[one, two], [two]],
  ])
  const grouped = frame.groupingSets(sets, one, two).agg(made.column.as(name))
  const keys = [one, two].flatMap((key) => columns.filter((column) => column.name === key))
  return { frame: grouped, columns: [...keys, ...kept(made, name)], rows: rows * 2 }
}

/** The shorthands of groups, whose columns get Spark's own names; renamed, so that they can be used. */
const shorthand: Step = ({ frame, columns, rows }, source, fresh) => {
  const numbers = columns.filter(({ kind }) => ['int', 'bigint', 'double', 'float', 'smallint'].includes(kind))
  const key = source.pick(columns)
  const given = source.some(numbers, 1, 2).map(({ name }) => name)
  const grouped = frame.groupBy(key.name)
  if (given.length === 0) return { frame: grouped.count(), columns: [key, { name: 'count', kind: 'bigint' }], rows }
  const made = grouped[source.pick(['sum', 'avg', 'min', 'max'] as const)](...given)
  return { frame: made.toDF('g', ...given.map(fresh)), columns: [{ ...key, name: 'g' }], rows }
}

const pivot: Step = ({ frame, columns, rows }, source, fresh) => {
  const [key, on] = source.some(columns.filter(({ kind }) => ['int', 'string', 'boolean', 'smallint'].includes(kind)), 2, 2)
  if (!key || !on) return { frame, columns, rows }
  const made = new RandomExpressions(source, columns).aggregate()
  const values = { int: [1, 2, 3], smallint: [0, 9], boolean: [true, false], string: ['a', 'b', ''] }[on.kind as 'int']
  const grouped = frame.groupBy(key.name).pivot(on.name, source.some<number | string | boolean>(values, 1, 3))
  return { frame: grouped.agg(made.column.as(fresh())), columns: [key], rows }
} // biome-ignore format: long lists

const distinct: Step = ({ frame, columns, rows }, source) => {
  if (source.chance(0.5)) return { frame: frame.distinct(), columns, rows }
  const some = source.some(columns, 1, columns.length)
  const names = some.map(({ name }) => name)
  return { frame: frame.dropDuplicates(names).select(...names), columns: some, rows }
}

const missing: Step = ({ frame, columns, rows }, source) => {
  const names = source.chance(0.5) ? source.some(columns, 1, 2).map(({ name }) => name) : undefined
  const made = source.pick<() => Frame>([
    () => frame.na.drop(names),
    () => frame.na.drop({ how: 'all', ...(names ? { subset: names } : {}) }),
    () => frame.na.drop({ thresh: source.whole(1, 3) }),
    () => frame.na.fill(source.pick([0, -1, 1.5, '?', true]), names),
    () => frame.na.replace(source.pick([[[1, 5], [2, 6]], [['a', 'b'], ['b', 'z']], [[0.5, 2]], [[true, false]]]), names),
  ]) // biome-ignore format: a table
  return { frame: made(), columns, rows }
}

const unpivot: Step = ({ frame, columns, rows }, source, fresh) => {
  const kind = source.pick(columns).kind
  const alike = columns.filter((column) => column.kind === kind)
  const values = source.some(source.chance(0.85) ? alike : columns, 1, 3).map(({ name }) => name)
  const ids = source.some(columns.filter(({ name }) => !values.includes(name)), 0, 2)
  const [what, value] = [fresh(), fresh()]
  const made = frame.unpivot(ids.map(({ name }) => name), values, what, value)
  const known = values.every((name) => alike.some((column) => column.name === name))
  return {
    frame: made,
    columns: [...ids, { name: what, kind: 'string' }, ...(known ? [{ name: value, kind }] : [])],
    rows: rows * 3,
  }
} // biome-ignore format: long calls

const generate: Step = ({ frame, columns, rows }, source, fresh) => {
  const lists = columns.filter(({ kind }) => kind.startsWith('array'))
  const name = fresh()
  const kept = columns.filter(({ kind }) => isOrdered(kind))
  if (lists.length === 0) {
    const parts = columns.filter(({ kind }) => kind === 'string')
    if (parts.length === 0) return { frame, columns, rows }
    const list = new RandomExpressions(source, columns).of('array<string>', 1)
    const made = frame.select(...kept.map((one) => one.name), explode(list).as(name))
    return { frame: made, columns: [...kept, { name, kind: 'string' }], rows: rows * 3 }
  }
  const list = source.pick(lists)
  const element: Kind = list.kind === 'array<int>' ? 'int' : 'string'
  const items = kept.map((one) => one.name)
  if (source.chance(0.3)) {
    const place = fresh()
    const made = frame.select(...items, posexplode(col(quoted(list.name))).alias(place, name))
    return { frame: made, columns: [...kept, { name: place, kind: 'int' }, { name, kind: element }], rows: rows * 3 }
  }
  const how = source.pick([explode, explodeOuter])
  const made = frame.select(...items, how(col(quoted(list.name))).as(name))
  return { frame: made, columns: [...kept, { name, kind: element }], rows: rows * 3 }
}

/** Columns under new names, so that those of two frames differ. */
function renamed(given: RandomFrame, fresh: () => string, but: readonly string[]): RandomFrame {
  const known = onlyKnown(given.frame, given.columns)
  const columns = given.columns.map((column) => (but.includes(column.name) ? column : { ...column, name: fresh() }))
  return { ...given, frame: known.toDF(...columns.map(({ name }) => name)), columns }
}

function onlyKnown(frame: Frame, columns: readonly KnownColumn[]): Frame {
  return frame.select(...columns.map(({ name }) => col(quoted(name))))
}

const HOW = ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const

/** A join by columns of one name, with another table or with the frame itself. */
const joinUsing: Step = (given, source, fresh) => {
  const self = source.chance(0.3)
  const shared = self ? source.pick(given.columns).name : 'k'
  const other = self ? given : randomTable(source, `${fresh()}_`)
  if (!given.columns.some(({ name }) => name === shared) || given.rows * other.rows > 400) return given
  const right = renamed(other, fresh, [shared])
  const how = source.pick(HOW)
  const key = given.columns.filter(({ name }) => name === shared)
  const frame = onlyKnown(given.frame, given.columns).join(right.frame, [shared] as never, how)
  const one = how === 'semi' || how === 'anti'
  const others = (columns: readonly KnownColumn[]) => columns.filter(({ name }) => name !== shared)
  return {
    frame,
    columns: one ? given.columns : [...key, ...others(given.columns), ...others(right.columns)],
    rows: given.rows * other.rows,
  }
}

/** A join by a condition of two frames with aliases, whose columns may have the same names. */
const joinOn: Step = (given, source, fresh) => {
  const other = source.chance(0.5) ? given : randomTable(source, `${fresh()}_`)
  if (given.rows * other.rows > 400) return given
  const left = onlyKnown(given.frame, given.columns).alias('l')
  const right = onlyKnown(other.frame, other.columns).alias('r')
  const how = source.pick([...HOW, 'inner', 'left'] as const)
  const pairs = given.columns.flatMap((a) => other.columns.filter((b) => b.kind === a.kind).map((b) => [a, b] as const))
  if (pairs.length === 0) return given
  const [a, b] = source.pick(pairs)
  const one = col(`l.${quoted(a.name)}`)
  const two = col(`r.${quoted(b.name)}`)
  const compared = source.pick([one.eq(two), one.eq(two), one.eqNullSafe(two), one.lt(two)])
  const [c, d] = source.pick(pairs)
  const also = col(`l.${quoted(c.name)}`).ne(col(`r.${quoted(d.name)}`))
  const joined = left.join(right, source.chance(0.3) ? compared.and(also) : compared, how)
  const rows = given.rows * other.rows
  if (how === 'semi' || how === 'anti') return { frame: joined, columns: given.columns, rows }
  const sides = [
    ...source.some(given.columns, 1, 3).map((column) => ({ column, side: 'l', name: fresh() })),
    ...source.some(other.columns, 1, 3).map((column) => ({ column, side: 'r', name: fresh() })),
  ]
  return {
    frame: joined.select(...sides.map(({ column, side, name }) => col(`${side}.${quoted(column.name)}`).as(name))),
    columns: sides.map(({ column, name }) => ({ name, kind: column.kind })),
    rows,
  }
}

const crossJoin: Step = (given, source, fresh) => {
  const other = renamed(randomTable(source, `${fresh()}_`), fresh, [])
  if (given.rows * other.rows > 60) return given
  return {
    frame: given.frame.crossJoin(other.frame),
    columns: [...given.columns, ...other.columns],
    rows: given.rows * other.rows,
  }
}

/** Union, intersection or difference with other rows of the same columns: a part of these, or rows of their own. */
const combine: Step = (given, source, fresh) => {
  const { columns } = given
  const first = onlyKnown(given.frame, columns)
  const part = filter({ ...given, frame: first }, source, fresh)
  const again = randomTable(source, 'z')
  const likewise = columns.every(({ kind }) => again.columns.some((column) => column.kind === kind))
  const second = likewise && source.chance(0.5)
      ? again.frame.select(
          ...columns.map(({ name, kind }) => {
            const from = source.pick(again.columns.filter((column) => column.kind === kind))
            return col(from.name).as(name)
          }),
        )
      : part.frame
  const how = source.weighted([
    [3, 'union'], [1, 'intersect'], [1, 'intersectAll'], [1, 'exceptAll'], [1, 'subtract'], [2, 'unionByName'], [2, 'allowMissing'], [1, 'otherTypes'],
  ] as const)
  const rows = given.rows * 2
  if (how === 'unionByName') {
    const mixed = source.some(columns, columns.length, columns.length).map(({ name }) => col(quoted(name)))
    return { frame: first.unionByName(second.select(...mixed)), columns, rows }
  }
  if (how === 'allowMissing') {
    const fewer = source.some(columns, 1, columns.length).map(({ name }) => col(quoted(name)))
    return { frame: first.unionByName(second.select(...fewer), { allowMissingColumns: true }), columns, rows }
  }
  if (how === 'otherTypes') {
    const values = columns.map(({ kind, name }) => {
      const other = source.chance(0.3) ? source.pick(['bigint', 'double', 'string', 'decimal(10,2)'] as const) : kind
      return new RandomExpressions(source, columns).of(other, 0).as(name)
    })
    return { frame: first.union(second.select(...values)), columns: columns.filter((_, i) => i < 0), rows }
  }
  return { frame: first[how](second), columns, rows }
} // biome-ignore format: a table

export const STEPS: readonly (readonly [weight: number, step: Step])[] = [
  [8, project], [4, projectText], [8, addColumns], [8, windowColumn], [3, drop], [3, rename], [10, filter], [4, sortAndLimit], [10, aggregate],
  [1.5, groupingSets], [2, shorthand], [2.5, pivot], [4, distinct], [5, missing], [3, unpivot], [4, generate], [5, joinUsing], [6, joinOn], [1.5, crossJoin], [6, combine],
] // biome-ignore format: a table
